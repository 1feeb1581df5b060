using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Tangent.Data;
using Tangent.Mail;
using Tangent.Tests.Collect;

namespace Tangent.Tests.Mail;

public sealed class OutboxTests
{
    [SdkTheory]
    [InlineData("a@a-label-of-more-than-sixty-three-characters-is-not-a-name-in-the-dns.example")]
    public async Task A_letter_that_cannot_be_sent_holds_up_no_other_and_what_was_sent_is_not_kept(string impossible)
    {
        await using var mail = new MailServer();
        await using var server = await TestServer.StartAsync(true, null, mail.Settings());
        await PutAsync(server, new Letter(impossible, "Hello", "text", "<p>text</p>"));
        await PutAsync(server);
        (await mail.NextAsync()).GetProperty("subject").GetString().ShouldBe("Hello");
        var outbox = await UntilAsync(server, l => l.GetProperty("state").GetString() == "sent");
        outbox.GetProperty("attempts").GetInt32().ShouldBe(1);
        var given = await UntilAsync(server, l => l.GetProperty("state").GetString() == "failed");
        given.GetProperty("refusal").GetString()!.ShouldContain("mail servers do not take");
        await using var scope = server.Services.CreateAsyncScope();
        (await scope.ServiceProvider.GetRequiredService<TangentDb>().Set<OutgoingLetter>().SingleAsync(l => l.State == LetterState.Sent)).Content.ShouldBeEmpty();
    }

    [SdkTheory]
    [InlineData("None")]
    public async Task A_letter_written_before_a_restart_is_sent_after_it_with_its_own_message_id(string security)
    {
        var server = await TestServer.StartAsync();
        await PutAsync(server);
        var folder = server.DataFolder;
        var id = await IdAsync(server);
        await server.StopAsync();
        await using var mail = new MailServer();
        await using var second = await TestServer.StartAsync(true, folder, mail.Settings(security));
        (await mail.NextAsync()).GetProperty("messageId").GetString().ShouldBe($"<{id:N}@firma.example>");
    }

    [SdkTheory]
    [InlineData(451, "waiting")]
    [InlineData(550, "failed")]
    public async Task A_refused_letter_waits_or_is_given_up_and_can_be_tried_again(int code, string state)
    {
        await using var mail = new MailServer(refuse: new { rcpt = code, times = 1 });
        await using var server = await TestServer.StartAsync(true, null, mail.Settings());
        await PutAsync(server);
        var letter = await UntilAsync(server, l => l.GetProperty("refusal").ValueKind == JsonValueKind.String);
        letter.GetProperty("state").GetString().ShouldBe(state);
        letter.GetProperty("refusal").GetString()!.ShouldStartWith($"{code}");
        letter.GetProperty("attempts").GetInt32().ShouldBe(1);

        using var again = await server.Http.PostAsync($"/api/v1/operate/mail/{letter.GetProperty("id").GetString()}/attempts", null);
        ((int)again.StatusCode).ShouldBe(state == "failed" ? 204 : 404);
        if (state == "failed") (await mail.NextAsync()).GetProperty("subject").GetString().ShouldBe("Hello");
        else letter.GetProperty("nextAttempt").GetDateTime().ShouldBeInRange(DateTime.UtcNow.AddSeconds(15), DateTime.UtcNow.AddSeconds(40));
    }

    [Fact]
    public async Task A_letter_and_what_causes_it_are_written_together_or_not_at_all()
    {
        await using var server = await TestServer.StartAsync();
        await using (var scope = server.Services.CreateAsyncScope())
        {
            await using var tx = await scope.ServiceProvider.GetRequiredService<TangentDb>().Database.BeginTransactionAsync();
            var outbox = scope.ServiceProvider.GetRequiredService<OutboxQueries>();
            outbox.Put(Letter.Of("a@b.example", "Hello", "secret-link", "<p>secret-link</p>"));
            await outbox.SaveAsync(CancellationToken.None);
            await tx.RollbackAsync();
        }

        (await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/operate/mail")).GetProperty("items").GetArrayLength().ShouldBe(0);
        await PutAsync(server);
        await using var db = server.Services.CreateAsyncScope();
        (await db.ServiceProvider.GetRequiredService<TangentDb>().Set<OutgoingLetter>().SingleAsync()).Content.ShouldNotContain("secret");
    }

    [SdkTheory]
    [InlineData("de", "Testnachricht von Tangent")]
    [InlineData("pl", "Wiadomość testowa z programu Tangent")]
    public async Task A_test_letter_goes_out_at_once_in_the_persons_language(string language, string subject)
    {
        await using var mail = new MailServer(secure: true, auth: ["LOGIN"]);
        await using var server = await TestServer.StartAsync(true, null, mail.Settings("Tls", $"--Mail:User={MailServer.User}", $"--Mail:Password={MailServer.Password}"));
        using var answer = await server.Http.PostAsJsonAsync($"/api/v1/operate/mail/tests?lang={language}", new { to = "anna@firma.example" });
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("delivered").GetBoolean().ShouldBeTrue();
        (await mail.NextAsync()).GetProperty("subject").GetString().ShouldBe(subject);
    }

    [Fact]
    public async Task A_test_letter_without_a_mail_server_or_to_no_address_says_so()
    {
        await using var server = await TestServer.StartAsync();
        using var none = await server.Http.PostAsJsonAsync("/api/v1/operate/mail/tests", new { to = "anna@firma.example" });
        (await none.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("refusal").GetString()!.ShouldContain("No mail server");
        using var bad = await server.Http.PostAsJsonAsync("/api/v1/operate/mail/tests", new { to = "anna@firma.example\r\nBcc: x@y.example" });
        ((int)bad.StatusCode).ShouldBe(422);
    }

    [Fact]
    public async Task A_sender_whose_host_cannot_be_one_is_no_sender()
    {
        var refused = await Should.ThrowAsync<OptionsValidationException>(() => TestServer.StartAsync(true, null, "--Mail:Host=localhost", $"--Mail:From=tangent@{new string('a', 64)}.example"));
        refused.Message.ShouldContain("Mail:From");
    }

    private static async Task PutAsync(TestServer server, Letter? letter = null)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<OutboxQueries>();
        outbox.Put(letter ?? Letter.Of("a@b.example", "Hello", "secret-link", "<p>secret-link</p>"));
        await outbox.SaveAsync(CancellationToken.None);
    }

    private static async Task<Guid> IdAsync(TestServer server)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<TangentDb>().Set<OutgoingLetter>().SingleAsync()).Id;
    }

    private static async Task<JsonElement> UntilAsync(TestServer server, Func<JsonElement, bool> holds)
    {
        for (var i = 0; i < 600; i++)
        {
            var outbox = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/operate/mail");
            if (outbox.GetProperty("items").EnumerateArray().FirstOrDefault(holds) is { ValueKind: JsonValueKind.Object } found) return found;
            await Task.Delay(100);
        }

        throw new TimeoutException("The letter did not come so far.");
    }
}
