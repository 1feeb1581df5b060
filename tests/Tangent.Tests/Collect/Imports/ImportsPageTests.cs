using System.Net;
using System.Text.RegularExpressions;
using Tangent.Cli;

namespace Tangent.Tests.Collect;

public sealed partial class ImportsPageTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_file_sent_by_the_page_is_reported_there_and_stands_in_the_history()
    {
        var token = Token().Match(await server.Http.GetStringAsync("/collect/imports")).Groups[1].Value;
        using var sent = await server.Http.PostAsync("/collect/imports", Form(token, "customer,event,time\np1,=HYPERLINK(1),2024-01-01\np2,,2024-01-01\n"));
        sent.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var page = await server.Http.GetStringAsync(sent.Headers.Location);
        page.ShouldContain("1 new events of the source from page are in the journeys.");
        page.ShouldContain("The event&#x27;s name is missing.");
        page.ShouldContain("visits.csv");
        (await server.Http.GetStringAsync(sent.Headers.Location + "&lang=de")).ShouldContain("Abgewiesene Zeilen");
        (await server.Http.GetStringAsync(sent.Headers.Location + "&lang=pl")).ShouldContain("Odrzucone wiersze");
    }

    [Fact]
    public async Task A_form_without_its_token_or_file_is_refused()
    {
        using var forged = await server.Http.PostAsync("/collect/imports", Form("forged", "customer,event,time\n"));
        forged.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var empty = await server.Http.PostAsync("/collect/imports", new StringContent("x"));
        empty.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await empty.Content.ReadAsStringAsync()).ShouldContain("Please choose a file");
    }

    [Fact]
    public async Task The_command_imports_reports_and_writes_the_rejected_rows()
    {
        var folder = Directory.CreateTempSubdirectory("tangent-cli").FullName;
        try
        {
            var file = Path.Combine(folder, "visits.csv");
            await File.WriteAllTextAsync(file, "customer,event,time\nc1,visit,2024-01-01\nc1,,2024-01-02\n");
            var rejects = Path.Combine(folder, "rejects.csv");
            (await CommandLine.RunAsync(["import", file, "--source", "cli", "--rejects", rejects, "--data", server.DataFolder, "--json"])).ShouldBe(ExitCode.Done);
            (await File.ReadAllLinesAsync(rejects)).ShouldBe(["customer,event,time,line,reason,detail", "c1,,2024-01-02,3,nameMissing,The event's name is missing."]);
            (await CommandLine.RunAsync(["import", Path.Combine(folder, "absent.csv"), "--data", server.DataFolder])).ShouldBe(ExitCode.Refused);
            await File.WriteAllTextAsync(file, "nothing to see");
            (await CommandLine.RunAsync(["import", file, "--data", server.DataFolder])).ShouldBe(ExitCode.Refused);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static MultipartFormDataContent Form(string token, string file) => new()
    {
        { new StringContent(token), "__RequestVerificationToken" },
        { new StringContent("from page"), "source" },
        { new StringContent(""), "map" },
        { new StringContent(file), "file", "visits.csv" },
    };

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
