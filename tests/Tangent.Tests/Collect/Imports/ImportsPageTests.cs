using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tangent.Cli;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

public sealed partial class ImportsPageTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_file_sent_by_the_page_is_reported_there_and_stands_in_the_history()
    {
        var token = Token().Match(await server.Http.GetStringAsync("/collect/imports")).Groups[1].Value;
        using var sent = await server.Http.PostAsync("/collect/imports", Form(token, "customer,event,time\np1,=HYPERLINK(1),2024-01-01\np2,,2024-01-01\n"));
        sent.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var preview = await server.Http.GetStringAsync(sent.Headers.Location);
        preview.ShouldContain("=HYPERLINK(1)");
        using var started = await server.Http.PostAsync(sent.Headers.Location + "/imports", new FormUrlEncodedContent([
            new("__RequestVerificationToken", token), new("source", "from page"), new("column", "customer"), new("field", "customer"), new("column", "event"), new("field", "event"), new("column", "time"), new("field", "time")]));
        started.StatusCode.ShouldBe(HttpStatusCode.Redirect, await started.Content.ReadAsStringAsync());
        var page = await DoneAsync(started.Headers.Location!);
        page.ShouldContain("1 new event of the source from page is in the journeys.");
        page.ShouldContain("The event&#x27;s name is missing.");
        page.ShouldContain("visits.csv");
        (await server.Http.GetStringAsync(started.Headers.Location + "&lang=de")).ShouldContain("Abgewiesene Zeilen");
        (await server.Http.GetStringAsync(started.Headers.Location + "&lang=pl")).ShouldContain("Odrzucone wiersze");
    }

    [Fact]
    public async Task A_file_that_waits_is_previewed_imported_or_thrown_away_over_the_api()
    {
        using var sent = await server.Http.PostAsync("/api/v1/collect/uploads?fileName=calls.csv", new StringContent("who,what,when,secret\nw1,call,2024-01-01,x\nw1,call,2024-01-02,y\n"));
        sent.StatusCode.ShouldBe(HttpStatusCode.Created);
        var first = JsonDocument.Parse(await sent.Content.ReadAsStringAsync()).RootElement;
        // Nothing looks like the customer: the preview says so, and shows the rows all the same.
        first.GetProperty("problem").GetString()!.ShouldContain("customer");
        first.GetProperty("rows")[1].EnumerateArray().Select(v => v.GetString()).ShouldBe(["w1", "call", "2024-01-02", "y"]);
        var address = sent.Headers.Location!.ToString();
        var mapped = JsonDocument.Parse(await server.Http.GetStringAsync(address + "?map=customer=who&map=event=what&map=time=when&map=-secret=secret")).RootElement;
        mapped.GetProperty("problem").ValueKind.ShouldBe(JsonValueKind.Null);
        mapped.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("field").GetString()).ShouldBe(["customer", "event", "time", "-"]);

        string[] map = ["customer=who", "event=what", "time=when", "-secret=secret"];
        var report = await RunAsync(address, new { source = "waited", map, dryRun = true });
        report.GetProperty("samples")[0].GetProperty("event").GetString()!.ShouldNotContain("secret");
        (await RunAsync(address, new { source = "waited", map, dryRun = false })).GetProperty("new").GetInt64().ShouldBe(2);
        // The file goes once it is imported.
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20)))
            while ((await server.Http.GetAsync(address)).StatusCode != HttpStatusCode.NotFound) await Task.Delay(50, patience.Token);
        using var again = await server.Http.PostAsync("/api/v1/collect/uploads?fileName=calls.csv", new StringContent("\0\0"));
        (await server.Http.PostAsJsonAsync(again.Headers.Location + "/imports", new { map = (string[])["nonsense"] })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await RunAsync(again.Headers.Location!.ToString(), new { dryRun = true })).GetProperty("problem").GetString()!.ShouldContain("not a text file");
        (await server.Http.DeleteAsync(again.Headers.Location)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        foreach (var wrong in (string[])["nobody", "../../tangent.db", new string('a', 24)])
            (await server.Http.GetAsync("/api/v1/collect/uploads/" + Uri.EscapeDataString(wrong))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_file_whose_sending_is_broken_off_is_forgotten()
    {
        using var client = new System.Net.Sockets.TcpClient("127.0.0.1", server.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /api/v1/collect/uploads?fileName=half.csv HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Length: 1000000\r\n\r\ncustomer,event,time\n"));
        var uploads = Path.Combine(server.DataFolder, "imports", "uploads");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!Directory.Exists(uploads) || Directory.GetFiles(uploads, "file", SearchOption.AllDirectories).All(f => new FileInfo(f).Length != 20)) await Task.Delay(50, patience.Token);
        client.Close();
        while (Directory.GetFiles(uploads, "file", SearchOption.AllDirectories).Any(f => new FileInfo(f).Length == 20)) await Task.Delay(50, patience.Token);
        (await server.Http.GetStringAsync("/collect/imports")).ShouldNotContain("half.csv");
    }

    [Fact]
    public async Task A_file_thrown_away_while_its_import_waits_is_reported_so()
    {
        using var sent = await server.Http.PostAsync("/api/v1/collect/uploads?fileName=gone.csv", new StringContent("customer,event,time\nw1,call,2024-01-01\n"));
        var turn = server.Get<RunningImports>().Turn;
        await turn.WaitAsync();
        Uri import;
        try
        {
            using var started = await server.Http.PostAsJsonAsync(sent.Headers.Location + "/imports", new { source = "gone" });
            import = started.Headers.Location!;
            (await server.Http.DeleteAsync(sent.Headers.Location)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }
        finally
        {
            turn.Release();
        }

        var report = await EndedAsync(import);
        (report.GetProperty("state").GetString(), report.GetProperty("problem").GetString()).ShouldBe(("refused", "The file is not here any more: it was imported or thrown away meanwhile. Send it again."));
    }

    [Fact]
    public async Task A_form_without_its_token_or_file_is_refused()
    {
        using var endless = new StringContent($"--b\r\nContent-Disposition: form-data; name=\"{new string('x', 20_000)}\"\r\n\r\n1\r\n--b--\r\n");
        endless.Headers.ContentType = new("multipart/form-data") { Parameters = { new("boundary", "b") } };
        (await server.Http.PostAsync("/collect/imports", endless)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
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
            await File.WriteAllTextAsync(file, "customer,event,time,phone\nc1,visit,2024-01-01,1\nc1,,2024-01-02,2\n");
            var rejects = Path.Combine(folder, "rejects.csv");
            (await CommandLine.RunAsync(["import", file, "--source", "cli", "--map", "-phone=phone", "--rejects", rejects, "--data", server.DataFolder, "--json"])).ShouldBe(ExitCode.Done);
            (await File.ReadAllLinesAsync(rejects)).ShouldBe(["customer,event,time,phone,line,reason,detail", "c1,,2024-01-02,2,3,nameMissing,The event's name is missing."]);
            var log = server.Get<EventLog>();
            Encoding.UTF8.GetString(log.Find(log.EndPosition - 1)!.Value.Span).ShouldNotContain("phone");
            (await CommandLine.RunAsync(["import", Path.Combine(folder, "absent.csv"), "--data", server.DataFolder])).ShouldBe(ExitCode.Refused);
            await File.WriteAllTextAsync(file, "nothing to see");
            (await CommandLine.RunAsync(["import", file, "--data", server.DataFolder])).ShouldBe(ExitCode.Refused);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<JsonElement> RunAsync(string upload, object order)
    {
        using var started = await server.Http.PostAsJsonAsync(upload + "/imports", order);
        started.StatusCode.ShouldBe(HttpStatusCode.Accepted, await started.Content.ReadAsStringAsync());
        return await EndedAsync(started.Headers.Location!);
    }

    private async Task<JsonElement> EndedAsync(Uri import)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var report = JsonDocument.Parse(await server.Http.GetStringAsync(import)).RootElement;
            if (report.GetProperty("state").GetString() is "done" or "refused" or "interrupted") return report;
            await Task.Delay(50, patience.Token);
        }
    }

    private async Task<string> DoneAsync(Uri address)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var page = await server.Http.GetStringAsync(address);
            if (!page.Contains("hx-trigger=\"every 1s\"", StringComparison.Ordinal)) return page;
            await Task.Delay(50, patience.Token);
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
