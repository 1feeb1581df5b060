using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

public sealed class ImportTests(TestServer server) : IClassFixture<TestServer>
{
    [FixtureFact]
    public async Task The_receipt_log_gives_the_same_journeys_from_csv_and_from_xes_and_is_never_counted_twice()
    {
        var csv = await ImportAsync(File.ReadAllBytes(Receipt("receipt.csv")), "source=receipt");
        Figures(csv).ShouldBe((8_577, 8_577, 0, 0));
        var reading = csv.GetProperty("reading");
        reading.GetProperty("dateFormat").GetString().ShouldBe("yyyy-MM-dd HH:mm:ss.ffffffzzz");
        reading.GetProperty("timeZone").ValueKind.ShouldBe(JsonValueKind.Null);
        reading.GetProperty("mapping").ToString().ShouldBe("""{"customer":"case:concept:name","event":"concept:name","time":"time:timestamp","channel":"case:channel"}""");

        var xes = await ImportAsync(File.ReadAllBytes(Receipt("receipt.xes.gz")), "source=receipt-xes");
        Figures(xes).ShouldBe((8_577, 8_577, 0, 0));
        xes.GetProperty("reading").GetProperty("mapping").ToString().ShouldBe(reading.GetProperty("mapping").ToString());

        // The same log in another form, into the same source: the same content.
        Figures(await ImportAsync(File.ReadAllBytes(Receipt("receipt.xes.gz")), "source=receipt")).ShouldBe((8_577, 0, 8_577, 0));
        Figures(await ImportAsync(File.ReadAllBytes(Receipt("receipt.csv")), "source=receipt-xes")).ShouldBe((8_577, 0, 8_577, 0));

        foreach (var source in (string[])["receipt", "receipt-xes"])
        {
            var variants = await AskAsync($"variants?source={source}");
            variants.GetProperty("customers").GetInt64().ShouldBe(1_434);
            variants.GetProperty("total").GetInt64().ShouldBe(116);
            variants.GetProperty("items").EnumerateArray().Take(5).Select(v => v.GetProperty("customers").GetInt64()).ShouldBe([713, 123, 116, 115, 75]);
            (await AskAsync($"flows?source={source}")).GetProperty("total").GetInt64().ShouldBe(99);
            (await AskAsync($"variants?source={source}&channel=Desk")).GetProperty("customers").GetInt64().ShouldBe(109);
        }
    }

    [FixtureFact]
    public async Task The_running_example_gives_six_customers_and_sixteen_edges()
    {
        Figures(await ImportAsync(File.ReadAllBytes(Receipt("running-example.xes")), "source=running")).ShouldBe((42, 42, 0, 0));
        Figures(await ImportAsync(File.ReadAllBytes(Receipt("running-example.csv")), "source=running-csv")).ShouldBe((42, 42, 0, 0));
        foreach (var source in (string[])["running", "running-csv"])
        {
            (await AskAsync($"flows?source={source}")).GetProperty("total").GetInt64().ShouldBe(16);
            (await AskAsync($"variants?source={source}")).GetProperty("customers").GetInt64().ShouldBe(6);
        }
    }

    [Fact]
    public async Task Identical_rows_of_one_file_are_separate_events_and_a_longer_file_adds_only_what_is_new()
    {
        const string three = "customer,event,time\na,visit,2024-01-01\na,visit,2024-01-01\nb,visit,2024-01-01\n";
        Figures(await ImportAsync(three, "source=again&dryRun=true")).ShouldBe((3, 3, 0, 0));
        Figures(await ImportAsync(three, "source=again")).ShouldBe((3, 3, 0, 0));
        Figures(await ImportAsync(three, "source=again&dryRun=true")).ShouldBe((3, 0, 3, 0));
        Figures(await ImportAsync(three, "source=again")).ShouldBe((3, 0, 3, 0));
        Figures(await ImportAsync("time;customer;event\n2024-01-01;a;visit\n2024-01-01;a;visit\n2024-01-01;a;visit\n", "source=again")).ShouldBe((3, 1, 2, 0));
        Figures(await ImportAsync(three, "source=other")).ShouldBe((3, 3, 0, 0));
    }

    [Fact]
    public async Task Bad_rows_are_named_with_line_and_reason_and_the_good_ones_land()
    {
        var text = string.Join('\n', "customer,event,time,value",
            "a,visit,2024-01-01,1", ",visit,2024-01-01,1", "a,,2024-01-01,1", "a,visit,,1", "a,visit,soon,1", "a,visit,9999-12-31,1", "a,visit,1601-01-01,1",
            $"a,{new string('x', 10_000)},2024-01-01,1", "a,vi\u0001sit,2024-01-01,1", "a,visit,2024-01-01,many", "a,visit,2024-01-01", "a,visit,2024-01-01,1,2",
            $"{new string('y', 300)},visit,2024-01-01,1", "a,visit,1900-01-02,2", "a,\"open,2024-01-01,1", "b,visit,2024-01-02,3");
        var report = await ImportAsync(text, "source=bad");
        Figures(report).ShouldBe((16, 3, 0, 13));
        report.GetProperty("rejects").EnumerateArray().Select(r => $"{r.GetProperty("line")} {r.GetProperty("reason").GetString()}").ShouldBe([
            "3 idMissing", "4 nameMissing", "5 timeMissing", "6 timeUnreadable", "7 timeTooFarAhead", "8 timeTooOld", "9 nameTooLong", "10 nameUnreadable",
            "11 numberNotFinite", "12 columnCount", "13 columnCount", "14 idTooLong", "16 quoteBroken"]);
        report.GetProperty("rejects")[12].GetProperty("detail").GetString()!.ShouldContain("opened in line 16 at character 3");

        var rejects = await server.Http.GetStringAsync($"/api/v1/collect/imports/{report.GetProperty("importId")}/rejects");
        rejects.Split('\n')[..3].ShouldBe(["customer,event,time,value,line,reason,detail", ",visit,2024-01-01,1,3,idMissing,The customer is missing.", "a,,2024-01-01,1,4,nameMissing,The event's name is missing."]);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("customer,event,time", null)]
    [InlineData("just text\nwithout columns\n", "No column looks like the customer")]
    [InlineData("2024-01-01,a,b\n2024-01-02,c,d\n", "must name the columns")]
    [InlineData("customer,event,time\na,b,no date\n", "holds no dates")]
    [InlineData("[{\"a\":1}]", "one JSON array")]
    [InlineData("PK\u0003\u0004....", "archive")]
    [InlineData("a\0b", "not a text file")]
    [InlineData("<html><body/></html>", "no event log")]
    [InlineData("<log/>", "no events")]
    [InlineData("<log><trace><event>", "cannot be read")]
    public async Task A_file_that_cannot_be_used_is_refused_in_words(string content, string? reason)
    {
        using var response = await SendAsync(Encoding.UTF8.GetBytes(content), $"source=refused {content.Length}");
        response.StatusCode.ShouldBe(reason is null ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity);
        if (reason is not null) JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString()!.ShouldContain(reason);
    }

    [Fact]
    public async Task Five_thousand_columns_bombs_and_entities_are_refused()
    {
        var wide = string.Join(',', Enumerable.Range(0, 5_000).Select(i => "c" + i)) + "\n";
        var bomb = "<?xml version=\"1.0\"?><!DOCTYPE log [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]><log><trace><string key=\"concept:name\" value=\"&b;\"/></trace></log>";
        var outside = "<?xml version=\"1.0\"?><!DOCTYPE log [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><log><trace><string key=\"concept:name\" value=\"&x;\"/></trace></log>";
        var deep = "<log><trace>" + string.Concat(Enumerable.Repeat("<container key=\"k\">", 100_000));
        var endless = "<log><trace><string key=\"concept:name\" value=\"" + new string('x', 3 << 20);
        foreach (var (content, reason) in ((string, string)[])[(wide, "more than 1000 columns"), (bomb, "document type"), (outside, "document type"), (deep, "nested"), (endless, "longer than 1 MB")])
            await RefusedAsync(Encoding.UTF8.GetBytes(content), reason);

        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes(wide));
        await RefusedAsync(packed.ToArray(), "more than 1000 columns");
        await RefusedAsync(packed.ToArray()[..(int)(packed.Length / 2)], "");
    }

    [Fact]
    public async Task What_stands_before_a_break_in_the_file_is_kept_and_the_break_is_reported()
    {
        var log = new StringBuilder("<log><trace><string key=\"concept:name\" value=\"c\"/>");
        for (var i = 0; i < 300; i++) log.Append(CultureInfo.InvariantCulture, $"<event><string key=\"concept:name\" value=\"e\"/><date key=\"time:timestamp\" value=\"2024-01-01T00:{i / 60:00}:{i % 60:00}Z\"/></event>\n");
        log.Append("<event><string key=\"broken</trace>");
        var report = await ImportAsync(log.ToString(), "source=broken");
        Figures(report).ShouldBe((300, 300, 0, 0));
        report.GetProperty("brokenOff").GetString()!.ShouldStartWith("Line 301");
    }

    [Fact]
    public async Task A_packed_file_that_is_cut_off_is_refused_though_its_lines_are_whole()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write("customer,event,time\na,visit,2024-01-01\n"u8);
            gzip.Flush();
            packed.SetLength(packed.Position);
            var whole = packed.ToArray();
            gzip.Write("b,visit,2024-01-02\n"u8);
            await RefusedAsync(whole, "cannot be read");
        }

        Figures(await ImportAsync(packed.ToArray(), "source=packed")).ShouldBe((2, 2, 0, 0));
    }

    [Fact]
    public async Task Json_lines_take_events_and_batches_and_know_a_message_id_again()
    {
        const string lines = """
            {"type":"track","userId":"u1","event":"Bought","timestamp":"2024-01-01T10:00:00Z","messageId":"m1","properties":{"revenue":5}}
            {"batch":[{"type":"page","anonymousId":"x","name":"Home","timestamp":"2024-01-01T09:00:00Z"},{"type":"identify","userId":"u1","anonymousId":"x","timestamp":"2024-01-01T09:30:00Z"}],"sentAt":"2024-01-01T10:00:00Z"}

            {"type":"track","userId":"u1","event":"Bought","timestamp":"2024-01-01T10:00:00Z","messageId":"m1"}
            {"type":"track","event":"Bought","timestamp":"2024-01-01T10:00:00Z"}
            {"type":"track","userId":"u1","timestamp":"2024-01-01T10:00:00Z"}
            {"type":"track","userId":"u1","event":"Bought"}
            {"type":"track","userId":"u1","event":"Bought","timestamp":"9999-01-01T10:00:00Z"}
            {"type":"track","userId":
            {"batch":[{"type":"track"}
            """;
        var report = await ImportAsync(lines, "source=segment");
        Figures(report).ShouldBe((10, 3, 1, 6));
        report.GetProperty("rejects").EnumerateArray().Select(r => $"{r.GetProperty("line")} {r.GetProperty("reason").GetString()}").ShouldBe(
            ["5 idMissing", "6 nameMissing", "7 timeMissing", "8 timeTooFarAhead", "9 malformedJson", "10 malformedJson"]);
        (await AskAsync("variants?source=segment")).GetProperty("customers").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_field_named_by_half_a_surrogate_pair_costs_its_line_alone()
    {
        var report = await ImportAsync("""
            {"type":"track","userId":"s1","event":"Bought","timestamp":"2024-01-01T10:00:00Z"}
            {"\ud800":1,"batch":[{"type":"track","userId":"s1","event":"Bought","timestamp":"2024-01-02T10:00:00Z"}]}
            {"type":"track","userId":"s1","event":"Bought","timestamp":"2024-01-03T10:00:00Z"}
            """, "source=surrogates");
        Figures(report).ShouldBe((3, 2, 0, 1));
    }

    [Fact]
    public async Task Wrong_questions_are_refused_and_progress_and_history_can_be_read()
    {
        foreach (var query in (string[])["format=xls", "lifecycle=some", "map=nonsense", "source=" + new string('s', 200)])
        {
            using var response = await SendAsync("customer,event,time\n"u8.ToArray(), query);
            response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, query);
        }

        var report = await ImportAsync("customer,event,time\nhist,visit,2024-01-01\n", "fileName=visits.2024.csv.gz");
        report.GetProperty("source").GetString().ShouldBe("visits.2024");
        var again = JsonDocument.Parse(await server.Http.GetStringAsync($"/api/v1/collect/imports/{report.GetProperty("importId")}")).RootElement;
        Figures(again).ShouldBe((1, 1, 0, 0));
        again.GetProperty("state").GetString().ShouldBe("done");
        JsonDocument.Parse(await server.Http.GetStringAsync("/api/v1/collect/imports?take=1")).RootElement.GetProperty("items")[0].GetProperty("fileName").GetString().ShouldBe("visits.2024.csv.gz");
        (await server.Http.GetAsync("/api/v1/collect/imports/999999")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Http.GetAsync("/api/v1/collect/imports/999999/rejects")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        Directory.GetFiles(Path.Combine(server.DataFolder, "imports"), "*.part").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_mapping_of_a_source_is_remembered()
    {
        await ImportAsync("who,what,customer,event,when\n1,x,c,e,2024-01-01\n", "source=remember&map=customer=who&map=event=what");
        var second = await ImportAsync("who,what,customer,event,when\n2,x,c,e,2024-01-02\n", "source=remember");
        second.GetProperty("reading").GetProperty("mapping").GetProperty("customer").GetString().ShouldBe("who");
        second.GetProperty("reading").GetProperty("mapping").GetProperty("event").GetString().ShouldBe("what");
        server.Get<EventLog>().Find(server.Get<EventLog>().EndPosition - 1)!.Value.Span.IndexOf("\"userId\":\"2\""u8).ShouldBeGreaterThan(0);
    }

    private static string Receipt(string name) => Path.Combine(Repository.Fixtures, "receipt", name);

    private static (long Rows, long New, long Duplicates, long Rejected) Figures(JsonElement report) =>
        (report.GetProperty("rows").GetInt64(), report.GetProperty("new").GetInt64(), report.GetProperty("duplicates").GetInt64(), report.GetProperty("rejected").GetInt64());

    private async Task RefusedAsync(byte[] content, string reason)
    {
        using var response = await SendAsync(content, "source=refused");
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await response.Content.ReadAsStringAsync()).ShouldContain(reason);
    }

    private Task<JsonElement> ImportAsync(string content, string query) => ImportAsync(Encoding.UTF8.GetBytes(content), query);

    private async Task<JsonElement> ImportAsync(byte[] content, string query)
    {
        using var response = await SendAsync(content, query);
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private Task<HttpResponseMessage> SendAsync(byte[] content, string query) => server.Http.PostAsync($"/api/v1/collect/imports?{query}", new ByteArrayContent(content));

    private async Task<JsonElement> AskAsync(string question) => JsonDocument.Parse(await server.Http.GetStringAsync($"/api/v1/analyse/{question}")).RootElement;
}
