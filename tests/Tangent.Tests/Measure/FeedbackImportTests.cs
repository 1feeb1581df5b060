using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Tangent.Cli;

namespace Tangent.Tests.Measure;

/// <summary>Answers and reviews brought in from files, through the running program, to the scores they become.</summary>
public sealed class FeedbackImportTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        foreach (var name in new[] { "Delivery", "Hotline" })
            (await _server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name, channel = "Parcel", stage = "Conversion" })).EnsureSuccessStatusCode();
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_file_becomes_scores_and_comments_once_and_each_bad_line_says_why()
    {
        const string file = """
            Antwort-ID;Kunde;Kennzahl;Bewertung;Titel;Kommentar;Sprache;Datum;Kontaktpunkt
            a1;c1;csat;5;;Pünktlich geliefert, sehr freundlich.;de;13.03.2026;delivery
            a2;c2;csat;4 von 5;;;de;14.03.2026;Delivery
            a3;c3;nps;9;;Na pewno wrócę.;pl;15.03.2026;
            a4;c4;csat;9;;;de;15.03.2026;Delivery
            a5;c5;laune;3;;;de;15.03.2026;Delivery
            a6;c6;csat;3;;;de;15.03.2026;Nirgendwo
            a7;c7;csat;;;;de;15.03.2026;Delivery
            a8;c8;csat;2;;;de;;Delivery
            a9;c9;nps;8/5;;;de;15.03.2026;
            b1;c10;;;;Nur Worte, keine Note.;de;16.03.2026;Delivery
            """;
        Figures(await ImportAsync(file, "dryRun=true")).ShouldBe((10, 4, 0, 0, 6));
        (await ItemsAsync()).ShouldBeEmpty();

        var report = await ImportAsync(file, "");
        Figures(report).ShouldBe((10, 4, 0, 0, 6));
        report.GetProperty("rejects").EnumerateArray().Select(r => $"{r.GetProperty("line").GetInt64()} {r.GetProperty("reason").GetString()}")
            .ShouldBe(["5 scoreOffScale", "6 metricUnknown", "7 touchpointUnknown", "8 nothingSaid", "9 timeMissing", "10 scoreOffScale"]);
        Figures(await ImportAsync(file, "")).ShouldBe((10, 0, 0, 4, 6));

        var items = await ItemsAsync();
        items.Select(i => $"{i.GetProperty("touchpoint").GetString()} {i.GetProperty("metric").GetString()} {i.GetProperty("figure").GetProperty("n").GetInt64()}").ShouldBe([" nps 1", "Delivery csat 2"], ignoreOrder: true);
        (await CommentsAsync()).ShouldBe(["Na pewno wrócę.", "Nur Worte, keine Note.", "Pünktlich geliefert, sehr freundlich."], ignoreOrder: true);

        // A corrected answer takes the place of the one before.
        Figures(await ImportAsync(file.Replace("a1;c1;csat;5", "a1;c1;csat;1", StringComparison.Ordinal), "")).ShouldBe((10, 0, 1, 3, 6));
        (await ItemsAsync()).Single(i => i.GetProperty("metric").GetString() == "csat").GetProperty("figure").GetProperty("value").GetDouble().ShouldBe(0.5);
    }

    [Fact]
    public async Task An_import_that_is_taken_back_takes_its_answers_along()
    {
        var report = await ImportAsync("customer,nps,date\nc1,10,2026-03-01\nc2,0,2026-03-02\n", "");
        Figures(report).ShouldBe((2, 2, 0, 0, 0));
        report.GetProperty("reading").GetProperty("mapping").GetProperty("metric").GetString().ShouldBe("=nps", "the header of the scores says what they measure");
        (await ItemsAsync()).Single().GetProperty("figure").GetProperty("n").GetInt64().ShouldBe(2);
        (await _server.Http.PostAsync($"/api/v1/collect/imports/{report.GetProperty("importId").GetInt32()}/undo", null)).EnsureSuccessStatusCode();
        (await ItemsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("NPS (1-10)", "", "A scale from 1 to 10 is no NPS")]
    [InlineData("nps", "&map=scale%3D%3D1-10", "A scale from 1 to 10 is no NPS")]
    [InlineData("nps", "", "none is 0")]
    [InlineData("csat", "", "marks of another scale")]
    public async Task Marks_from_1_to_10_are_refused_as_nps_and_as_satisfaction(string header, string declared, string reason)
    {
        using var body = Csv(header, 1, 10);
        var answer = await _server.Http.PostAsync($"/api/v1/collect/imports?fileName=marks.csv&kind=feedback{declared}", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(reason);
        (await ItemsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_nps_file_without_a_zero_is_taken_where_its_scale_is_said()
    {
        using var body = Csv("nps", 1, 10);
        var answer = await _server.Http.PostAsync("/api/v1/collect/imports?fileName=marks.csv&kind=feedback&map=scale%3D%3D0-10", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        (await ItemsAsync()).Single().GetProperty("figure").GetProperty("n").GetInt64().ShouldBe(100);
    }

    [Fact]
    public async Task Reviews_without_a_name_are_each_somebody_and_equal_ones_count_each()
    {
        const string file = "portal,stars,text,date\nTrustpilot,★★★★☆,Good,2026-04-01\nTrustpilot,5,,2026-04-01\nTrustpilot,5,,2026-04-01\n";
        Figures(await ImportAsync(file, "&map=touchpoint%3D%3DDelivery")).ShouldBe((3, 3, 0, 0, 0));
        Figures(await ImportAsync(file, "&map=touchpoint%3D%3DDelivery")).ShouldBe((3, 0, 0, 3, 0));
        var item = (await ItemsAsync()).Single();
        item.GetProperty("metric").GetString().ShouldBe("review");
        item.GetProperty("touchpoint").GetString().ShouldBe("Delivery");
        item.GetProperty("figure").GetProperty("n").GetInt64().ShouldBe(3);
        item.GetProperty("figure").GetProperty("value").GetDouble().ShouldBe(14 / 3.0, 1e-9);
        (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/measure/scores/customers?metric=review&at=Delivery")).GetProperty("total").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task The_shell_takes_feedback_as_a_format()
    {
        var path = Path.Combine(_server.DataFolder, "answers.csv");
        await File.WriteAllTextAsync(path, "customer,ces,date\nc1,7,2026-03-01\n");
        (await CommandLine.RunAsync(["import", path, "--format", "feedback", "--source", "Study", "--data", _server.DataFolder])).ShouldBe(ExitCode.Done);
        (await ItemsAsync()).Single().GetProperty("metric").GetString().ShouldBe("ces");
        File.Delete(path);
    }

    [Fact]
    public async Task The_page_of_a_file_lets_one_say_what_all_rows_measure()
    {
        using var body = new StringContent("customer,points,date\nc1,4,2026-03-01\n", Encoding.UTF8, "text/csv");
        var sent = await (await _server.Http.PostAsync("/api/v1/collect/uploads?fileName=points.csv", body)).Content.ReadFromJsonAsync<JsonElement>();
        var page = await _server.Http.GetStringAsync($"/collect/imports/files/{sent.GetProperty("id").GetString()}?kind=feedback&shownKind=feedback&map=metric%3D%3Dces");
        page.ShouldContain("name=\"same-metric\"");
        page.ShouldMatch("<option value=\"ces\" selected");
    }

    private static StringContent Csv(string header, int least, int most) => new(
        $"customer,{header},date\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"c{i},{least + (i % (most - least + 1))},2026-03-{1 + (i % 28):00}\n")), Encoding.UTF8, "text/csv");

    private static (long, long, long, long, long) Figures(JsonElement report)
    {
        long Count(string name) => report.GetProperty(name).GetInt64();
        return (Count("rows"), Count("new"), Count("changed"), Count("duplicates"), Count("rejected"));
    }

    private async Task<JsonElement> ImportAsync(string csv, string query)
    {
        using var body = new StringContent(csv, Encoding.UTF8, "text/csv");
        var answer = await _server.Http.PostAsync($"/api/v1/collect/imports?fileName=answers.csv&kind=feedback&{query}", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<List<JsonElement>> ItemsAsync()
    {
        await _server.Get<Tangent.Measure.FeedbackFeed>().WaitUntilKeptAsync(_server.Get<Tangent.Collect.EventLog>().EndPosition, CancellationToken.None);
        return [.. (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/measure/scores")).GetProperty("items").EnumerateArray()];
    }

    private async Task<List<string>> CommentsAsync() =>
        [.. (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/measure/comments")).GetProperty("items").EnumerateArray().Select(c => c.GetProperty("comment").GetString()!)];
}
