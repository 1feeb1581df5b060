using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Mail;
using Tangent.Measure;
using Tangent.Tests.Operate;
using Tangent.Unify;

namespace Tangent.Tests.Measure;

/// <summary>Letters that a mail server took and sent back later.</summary>
public sealed class ReturnedLetterTests(TestServer server) : IClassFixture<TestServer>
{
    // As Postfix writes it.
    private const string Report = """
        Return-Path: <>
        Date: Fri, 27 Nov 2026 10:00:00 +0100 (CET)
        From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
        Subject: Undelivered Mail Returned to Sender
        To: tangent@firma.example
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
        	boundary="9B095B5ADSN=_01/mx.example.org"
        Content-Transfer-Encoding: 8bit

        This is a MIME-encapsulated message.

        --9B095B5ADSN=_01/mx.example.org
        Content-Description: Notification
        Content-Type: text/plain; charset=us-ascii

        This is the mail system at host mx.example.org. I'm sorry to have to inform you that your message could not be delivered.

        --9B095B5ADSN=_01/mx.example.org
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.org
        Arrival-Date: Fri, 27 Nov 2026 09:59:58 +0100 (CET)

        Final-Recipient: rfc822; gone@example.org
        Original-Recipient: rfc822;gone@example.org
        Action: ACTION
        Status: STATUS
        Diagnostic-Code: smtp; 550 5.1.1 <gone@example.org>: user unknown

        --9B095B5ADSN=_01/mx.example.org
        Content-Description: Undelivered Message
        Content-Type: message/rfc822

        From: tangent@firma.example
        Subject: Your delivery
        Message-ID:
         LETTER

        Hello
        --9B095B5ADSN=_01/mx.example.org--
        """;

    [Theory]
    [InlineData("failed", "5.1.1", "addressMarked", true)]
    [InlineData("failed", "5.7.1", "cameBack", false)]
    [InlineData("failed", "5.2.2", "cameBack", false)]
    [InlineData("failed", "4.4.7", "cameBack", false)]
    [InlineData("delayed", "4.4.1", "noFailure", false)]
    [InlineData("delivered", "2.0.0", "noFailure", false)]
    public async Task A_report_marks_the_address_only_where_it_is_the_address_that_takes_no_letters(string action, string status, string outcome, bool marked)
    {
        var address = $"{action}{status}@example.org";
        var letter = await SentAsync(address);
        using var answer = await ReturnAsync(Report.Replace("ACTION", action).Replace("STATUS", status).Replace("gone@example.org", address).Replace("LETTER", SmtpTransport.MessageId(letter, "tangent@firma.example")).ReplaceLineEndings("\r\n"));
        var said = await answer.Content.ReadFromJsonAsync<JsonElement>();
        (said.GetProperty("outcome").GetString(), said.GetProperty("letter").GetGuid(), said.GetProperty("status").GetString()).ShouldBe((outcome, letter, status));
        await using var scope = server.Services.CreateAsyncScope();
        var point = server.Get<ContactPoints>().IdOf(ContactPoints.Email(address)!);
        (await scope.ServiceProvider.GetRequiredService<DecisionQueries>().IsUndeliverableAsync(point, address, CancellationToken.None)).ShouldBe(marked);
    }

    [Fact]
    public async Task An_address_whose_letters_are_sent_on_is_not_marked_for_the_one_they_were_sent_on_to()
    {
        var letter = await SentAsync("forwards@example.org");
        using var answer = await ReturnAsync(Report.Replace("ACTION", "failed").Replace("STATUS", "5.1.1").Replace("LETTER", SmtpTransport.MessageId(letter, "tangent@firma.example")));
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("outcome").GetString().ShouldBe("cameBack");
    }

    [Fact]
    public async Task What_is_no_report_or_of_no_letter_of_ours_is_refused_and_changes_nothing()
    {
        var unknown = Report.Replace("ACTION", "failed").Replace("STATUS", "5.1.1").Replace("LETTER", $"<{Guid.NewGuid():N}@firma.example>");
        foreach (var message in new[]
        {
            "", "Hello", unknown, Report.Replace("LETTER", "<other@elsewhere.example>").Replace("ACTION", "failed").Replace("STATUS", "5.1.1"), Report,
            Report.Replace("multipart/report", "multipart/mixed"), Report.Replace("boundary=", "border="), Report[..400], new string('\n', 100_000), "Content-Type: multipart/report;" + string.Concat(Enumerable.Repeat("\n ", 500_000)),
        })
        {
            using var answer = await ReturnAsync(message);
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, message.Length > 80 ? message[..80] : message);
        }
    }

    [Fact]
    public async Task A_mail_server_pipes_it_into_the_command()
    {
        await using var own = await TestServer.StartAsync(demo: false);
        var letter = await SentAsync("pipe@example.org", own);
        var file = Path.Combine(own.DataFolder, "returned.eml");
        await File.WriteAllTextAsync(file, Report.Replace("ACTION", "failed").Replace("STATUS", "5.1.1").Replace("gone@example.org", "pipe@example.org").Replace("LETTER", SmtpTransport.MessageId(letter, "tangent@firma.example")));
        var (code, output, error) = await RunningProgram.RunAsync("mail", "returned", file, "--data", own.DataFolder);
        code.ShouldBe(0, error);
        output.ShouldStartWith("addressMarked  5.1.1");
        (await RunningProgram.RunAsync("mail", "returned", Path.Combine(own.DataFolder, "none.eml"), "--data", own.DataFolder)).ExitCode.ShouldBe(1);
    }

    private Task<HttpResponseMessage> ReturnAsync(string message) => server.Http.PostAsJsonAsync("/api/v1/measure/returned-letters", new { message });

    private async Task<Guid> SentAsync(string address, TestServer? of = null)
    {
        await using var scope = (of ?? server).Services.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<OutboxQueries>();
        var letter = outbox.Put(Letter.Of(address, "Hello", "text", "<p>text</p>"));
        (letter.State, letter.SentUtc) = (LetterState.Sent, DateTime.UtcNow.AddMinutes(-1));
        await outbox.SaveAsync(CancellationToken.None);
        return letter.Id;
    }
}
