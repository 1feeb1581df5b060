using System.Net;
using System.Text;
using System.Text.Json;
using Tangent.Cli;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

public sealed class ImportUndoTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task An_import_taken_back_counts_no_more_and_the_same_file_can_come_again()
    {
        const string rows = "customer,event,time\nu1,undo visit,2024-01-01\nu1,undo order,2024-01-02\nu2,undo visit,2024-01-03\n";
        await ImportAsync("customer,event,time\nu1,undo call,2024-01-01\n", "source=undo calls");
        var first = await ImportAsync(rows, "source=undo");
        (await VariantsAsync("undo")).ShouldBe((2, 2));

        (await UndoAsync(first)).ShouldBe((true, 3));
        (await VariantsAsync("undo")).ShouldBe((0, 0));
        (await VariantsAsync("undo calls")).ShouldBe((1, 1));
        (await SourceEventsAsync("undo")).ShouldBe(0);
        (await server.Http.PostAsync($"/api/v1/collect/imports/{first}/undo", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        var dry = JsonDocument.Parse(await PostAsync(rows, "source=undo&dryRun=true")).RootElement;
        (dry.GetProperty("new").GetInt64(), dry.GetProperty("duplicates").GetInt64()).ShouldBe((3, 0));
        var second = await ImportAsync(rows, "source=undo");
        (await VariantsAsync("undo")).ShouldBe((2, 2));
        (await SourceEventsAsync("undo")).ShouldBe(3);

        // The first cannot count beside the second; when that is taken back too, it can.
        (await server.Http.DeleteAsync($"/api/v1/collect/imports/{first}/undo")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await UndoAsync(second)).ShouldBe((true, 3));
        (await RestoreAsync(first)).ShouldBe((false, 3));
        (await VariantsAsync("undo")).ShouldBe((2, 2));
        (await SourceEventsAsync("undo")).ShouldBe(3);
        var again = JsonDocument.Parse(await PostAsync(rows, "source=undo&dryRun=true")).RootElement;
        (again.GetProperty("new").GetInt64(), again.GetProperty("duplicates").GetInt64()).ShouldBe((0, 3));
    }

    [Fact]
    public async Task Joins_that_only_the_import_made_are_taken_back_with_it()
    {
        await ImportAsync("customer,event,time\nj1,join visit,2024-01-01\nj2,join visit,2024-01-01\n", "source=join base");
        var id = await ImportAsync("""
            {"type":"alias","userId":"j1","previousId":"j2","timestamp":"2024-01-02T00:00:00Z"}
            {"type":"track","event":"join call","userId":"j2","anonymousId":"jx","timestamp":"2024-01-03T00:00:00Z"}
            """, "source=join alias&format=jsonl");
        var journeys = server.Get<JourneyStore>();
        journeys.FindCustomer("j1").ShouldBe(journeys.FindCustomer("j2"));
        await UndoAsync(id);
        journeys.FindCustomer("j1").ShouldNotBe(journeys.FindCustomer("j2"));
        journeys.FindCustomer("jx").ShouldNotBe(journeys.FindCustomer("j2"));
        await RestoreAsync(id);
        journeys.FindCustomer("j1").ShouldBe(journeys.FindCustomer("j2"));
        journeys.FindCustomer("jx").ShouldBe(journeys.FindCustomer("j2"));
    }

    [Fact]
    public async Task A_rebuild_from_the_log_comes_to_the_same()
    {
        await using var first = await TestServer.StartAsync();
        var random = new Random(5);
        var imports = new List<int>();
        for (var file = 0; file < 6; file++)
        {
            var rows = new StringBuilder("customer,anonymousId,event,time\n");
            for (var row = 0; row < 1_500; row++)
                rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"c{random.Next(200)},a{random.Next(250)},e{random.Next(5)},2024-0{random.Next(1, 9)}-1{random.Next(9)} 10:{row % 60:00}\n");
            imports.Add(await ImportAsync(first, rows.ToString(), $"source=s{file % 2}"));
            if (file > 1) await SendAsync(first, HttpMethod.Post, imports[file - 2]);
        }

        await SendAsync(first, HttpMethod.Delete, imports[1]);
        var before = await AnswersAsync(first);
        before.ShouldContain("\"total\"");
        await first.StopAsync();
        Directory.Delete(Path.Combine(first.DataFolder, "journeys"), recursive: true);

        await using var second = await TestServer.StartAsync(dataFolder: first.DataFolder);
        await second.Get<JourneyStore>().WaitUntilVisibleAsync(second.Get<EventLog>().EndPosition, CancellationToken.None);
        (await AnswersAsync(second)).ShouldBe(before);
        (await second.Http.PostAsync($"/api/v1/collect/imports/{imports[0]}/undo", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task What_took_nothing_or_is_not_there_cannot_be_undone()
    {
        (await server.Http.PostAsync("/api/v1/collect/imports/424242/undo", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var dry = JsonDocument.Parse(await PostAsync("customer,event,time\na,b,2024-01-01\n", "source=dry&dryRun=true")).RootElement.GetProperty("importId").GetInt32();
        (await server.Http.PostAsync($"/api/v1/collect/imports/{dry}/undo", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await server.Http.DeleteAsync($"/api/v1/collect/imports/{dry}/undo")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_source_whose_only_import_was_taken_back_can_go_and_the_log_stays_whole()
    {
        var id = await ImportAsync("customer,event,time\ngone,gone visit,2024-01-01\n", "source=gone");
        await UndoAsync(id);
        var source = JsonDocument.Parse(await server.Http.GetStringAsync("/api/v1/collect/sources")).RootElement.GetProperty("items").EnumerateArray().Single(s => s.GetProperty("name").GetString() == "gone");
        (await server.Http.DeleteAsync($"/api/v1/collect/sources/{source.GetProperty("id")}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await new EventLogHealth(server.Get<EventLog>(), server.Get<SourceKeys>()).CheckHealthAsync(new())).Description!.ShouldStartWith("The event log is whole: ");
    }

    [Fact]
    public async Task The_shell_lists_undoes_and_restores()
    {
        var id = await ImportAsync("customer,event,time\nshell,undone by hand,2024-01-01\n", "source=undo shell");
        foreach (var (command, said) in new[] { ("list", "1 new, 0 changed, 0 duplicate"), ($"undo {id}", "1 records of the event log count no more."), ($"restore {id}", "1 records of the event log count again.") })
            (await Printed.ByAsync(["imports", .. command.Split(' '), "--data", server.DataFolder])).ShouldContain(said);
        (await CommandLine.RunAsync(["imports", "restore", $"{id}", "--data", server.DataFolder])).ShouldBe(ExitCode.Refused);
    }

    private static async Task<string> AnswersAsync(TestServer server)
    {
        var answers = new StringBuilder();
        foreach (var question in (string[])["variants?top=500", "flows", "touchpoints"]) answers.Append(await server.Http.GetStringAsync($"/api/v1/analyse/{question}"));
        for (var c = 0; c < 200; c++) answers.Append(await server.Http.GetStringAsync($"/api/v1/collect/joins?customer=user:c{c}"));
        return answers.ToString();
    }

    private async Task<(long Customers, long Variants)> VariantsAsync(string source)
    {
        var answer = JsonDocument.Parse(await server.Http.GetStringAsync($"/api/v1/analyse/variants?source={source}")).RootElement;
        return (answer.GetProperty("customers").GetInt64(), answer.GetProperty("total").GetInt64());
    }

    private async Task<long> SourceEventsAsync(string name) =>
        JsonDocument.Parse(await server.Http.GetStringAsync("/api/v1/collect/sources")).RootElement.GetProperty("items").EnumerateArray()
            .Single(s => s.GetProperty("name").GetString() == name).GetProperty("events").GetInt64();

    private Task<(bool, long)> UndoAsync(int id) => SendAsync(server, HttpMethod.Post, id);

    private Task<(bool, long)> RestoreAsync(int id) => SendAsync(server, HttpMethod.Delete, id);

    private static async Task<(bool Undone, long Events)> SendAsync(TestServer server, HttpMethod method, int id)
    {
        using var response = await server.Http.SendAsync(new HttpRequestMessage(method, $"/api/v1/collect/imports/{id}/undo"));
        var answer = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).RootElement;
        return (answer.GetProperty("undone").GetBoolean(), answer.GetProperty("events").GetInt64());
    }

    private Task<int> ImportAsync(string content, string query) => ImportAsync(server, content, query);

    private static async Task<int> ImportAsync(TestServer server, string content, string query)
    {
        using var response = await server.Http.PostAsync($"/api/v1/collect/imports?{query}", new ByteArrayContent(Encoding.UTF8.GetBytes(content)));
        return JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).RootElement.GetProperty("importId").GetInt32();
    }

    private async Task<string> PostAsync(string content, string query)
    {
        using var response = await server.Http.PostAsync($"/api/v1/collect/imports?{query}", new ByteArrayContent(Encoding.UTF8.GetBytes(content)));
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }
}
