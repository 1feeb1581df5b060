using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Tangent.Access;
using Tangent.Cli;
using Tangent.Collect;
using Tangent.Measure;
using Tangent.Tests.Access;

namespace Tangent.Tests.Measure;

/// <summary>Feedback over HTTP: from an event, by the API and by hand to scores, the customers behind them and comments.</summary>
public sealed class FeedbackTests : IAsyncLifetime
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
    public async Task Events_become_scores_of_their_touchpoint_and_open_exactly_the_customers_behind()
    {
        await SendAsync([.. Enumerable.Range(0, 40).Select(i => Answer($"c{i}", "csat", i < 30 ? 5 : 2, "delivery")), .. Enumerable.Range(0, 10).Select(i => Answer($"c{i}", "nps", 9, null))]);

        var scores = await AskAsync("");
        scores.GetProperty("answers").GetInt64().ShouldBe(50);
        var company = scores.GetProperty("items")[0];
        company.GetProperty("touchpoint").ValueKind.ShouldBe(JsonValueKind.Null);
        company.GetProperty("figure").GetProperty("value").GetDouble().ShouldBe(100);
        company.GetProperty("figure").GetProperty("tooFew").GetBoolean().ShouldBeTrue();
        var delivery = scores.GetProperty("items")[1];
        delivery.GetProperty("touchpoint").GetString().ShouldBe("Delivery", "the catalogue's name, however it was said");
        delivery.GetProperty("figure").GetProperty("value").GetDouble().ShouldBe(0.75);
        (await AskAsync("?metric=csat")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("metric").GetString()).ShouldBe(["csat"]);

        using var bad = JsonDocument.Parse(await _server.Http.GetStringAsync("/api/v1/measure/scores/customers?metric=csat&at=Delivery&band=bad&take=6"));
        bad.RootElement.GetProperty("total").GetInt64().ShouldBe(10);
        bad.RootElement.GetProperty("items").EnumerateArray().Select(c => int.Parse(c.GetProperty("id").GetString().AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)).ShouldAllBe(number => number >= 30);
        bad.RootElement.GetProperty("items").GetArrayLength().ShouldBe(6);
    }

    [Fact]
    public async Task The_same_response_counts_once_and_the_later_answer_holds()
    {
        await SendAsync(Answer("c1", "csat", 1, "Delivery", "\"response\":\"r1\""), Answer("c1", "csat", 5, "Delivery", "\"response\":\"r1\""));
        await SendAsync(Answer("c1", "csat", 4, "Delivery", "\"response\":\"r1\""));
        var item = (await AskAsync("")).GetProperty("items")[0];
        item.GetProperty("figure").GetProperty("n").GetInt64().ShouldBe(1);
        item.GetProperty("counts")[4].GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task What_is_off_the_scale_is_refused_at_the_door_and_shown_where_the_log_has_it()
    {
        using var taken = JsonDocument.Parse(await (await _server.Http.PostAsJsonAsync("/api/v1/measure/feedback", new
        {
            items = new object[]
            {
                new { userId = "c1", metric = "nps", score = 11 }, new { userId = "c1", metric = "stars", score = 4 }, new { metric = "csat", score = 4 }, new { userId = "c1", metric = "csat", score = 4, touchpoint = "Nowhere" },
                new { userId = "c1", metric = "csat", score = 4.5 }, new { userId = "c1", metric = "ces", score = 7, touchpoint = "Hotline", comment = "<script>alert(1)</script>" },
            },
        })).Content.ReadAsStringAsync());
        taken.RootElement.GetProperty("accepted").GetInt32().ShouldBe(1);
        taken.RootElement.GetProperty("rejected").EnumerateArray().Select(r => r.GetProperty("field").GetString()).ShouldBe(["score", "metric", "userId", "touchpoint", "score"]);

        await SendAsync(Answer("c2", "csat", 9, "Delivery"));
        var scores = await AskAsync("");
        scores.GetProperty("refused").GetInt64().ShouldBe(1);
        scores.GetProperty("items").GetArrayLength().ShouldBe(1);
        var page = await _server.Http.GetStringAsync("/measure/comments");
        page.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
        (await _server.Http.PostAsJsonAsync("/api/v1/measure/feedback", new { items = Array.Empty<object>() })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _server.Http.PostAsync("/api/v1/measure/feedback", new StringContent("{\"items\":[null]}", Encoding.UTF8, "application/json"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_wave_is_compared_with_the_one_before_and_the_trend_has_a_point_for_each_month()
    {
        var day = new DateTime(2026, 3, 10, 12, 0, 0, DateTimeKind.Utc);
        await SendAsync([.. Enumerable.Range(0, 80).Select(i => Answer($"c{i}", "csat", i % 4 == 0 ? 5 : 1, "Hotline", at: day)), .. Enumerable.Range(0, 80).Select(i => Answer($"c{i}", "csat", i % 4 == 0 ? 1 : 5, "Hotline", at: day.AddMonths(1)))]);
        var item = (await AskAsync("?from=2026-04-01&to=2026-04-30&compareFrom=2026-03-01&compareTo=2026-03-31&trend=month")).GetProperty("items")[0];
        item.GetProperty("figure").GetProperty("value").GetDouble().ShouldBe(0.75);
        item.GetProperty("before").GetProperty("value").GetDouble().ShouldBe(0.25);
        item.GetProperty("change").GetProperty("verdict").GetString().ShouldBe("rose");
        var trend = (await AskAsync("?trend=month")).GetProperty("items")[0].GetProperty("trend");
        trend.EnumerateArray().Select(p => p.GetProperty("from").GetString()).ShouldBe(["2026-03-01", "2026-04-01"]);

        // The page has fields for the wave, so that its form keeps it; each week has its place, also the empty ones.
        var page = await _server.Http.GetStringAsync("/measure/scores?from=2026-04-01&to=2026-04-30&compareFrom=2026-03-01&compareTo=2026-03-31");
        page.ShouldContain("name=\"compareFrom\" value=\"2026-03-01\"");
        page.ShouldContain("name=\"compareTo\" value=\"2026-03-31\"");
        page.ShouldContain("needs answers in two months");
        var weeks = await _server.Http.GetStringAsync("/measure/scores?trend=week");
        weeks.ShouldContain("\"2026-03-09\",\"2026-03-16\",\"2026-03-23\",\"2026-03-30\",\"2026-04-06\"");
        weeks.ShouldContain("\"gaps\":[1,2,3]");
        await SendAsync([.. Enumerable.Range(0, 2).Select(i => Answer($"c{i}", "ces", 5, "Delivery", at: day.AddMonths(i)))]);
        var drawn = await _server.Http.GetStringAsync("/measure/scores?drawn=ces:Delivery:");
        drawn.ShouldContain("<h2>CES: Delivery</h2>");
        (await _server.Http.GetStringAsync("/measure/scores")).ShouldContain("<h2>CSAT: Hotline</h2>");
    }

    [Fact]
    public async Task The_scorecard_keeps_to_its_filter_on_page_in_api_and_from_the_shell()
    {
        var day = new DateTime(2026, 3, 10, 12, 0, 0, DateTimeKind.Utc);
        await SendAsync([.. Enumerable.Range(0, 12).Select(i => Answer($"c{i}", "csat", 5, "Hotline", "\"comment\":\"Word\"", day)), Answer("c1", "csat", 1, "Hotline", "\"comment\":\"Zebra\"", day.AddMonths(2)), """{"type":"track","event":"Hotline","userId":"c1","timestamp":"2026-03-10T12:00:00Z"}"""]);
        using var list = JsonDocument.Parse(await _server.Http.GetStringAsync("/api/v1/map/touchpoints"));
        var hotline = list.RootElement.EnumerateArray().Single(t => t.GetProperty("name").GetString() == "Hotline").GetProperty("id").GetInt32();
        var address = $"/measure/touchpoints/{hotline}";
        var page = await _server.Http.GetStringAsync(address);
        page.ShouldContain("The latest 10 of 13 comments");
        page.ShouldContain("/analyse/neighbours?at=Hotline&amp;steps=3\"");
        var march = await _server.Http.GetStringAsync(address + "?to=2026-03-31");
        march.ShouldContain("The latest 10 of 12 comments");
        march.ShouldNotContain("Zebra");
        march.ShouldContain("/analyse/neighbours?at=Hotline&amp;to=2026-03-31&amp;steps=3\"");

        var card = JsonDocument.Parse(await _server.Http.GetStringAsync($"/api/v1{address}/scorecard?to=2026-03-31")).RootElement;
        card.GetProperty("scores")[0].GetProperty("figure").GetProperty("n").GetInt64().ShouldBe(12);
        card.GetProperty("comments").GetProperty("total").GetInt64().ShouldBe(12);
        card.GetProperty("contacts").GetProperty("reached").GetInt64().ShouldBe(1);
        (await _server.Http.GetAsync($"/api/v1{address}/scorecard?segment=Nobody")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var refused = await _server.Http.GetAsync(address + "?segment=Nobody");
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var nothing = await refused.Content.ReadAsStringAsync();
        nothing.ShouldContain("alert-danger");
        foreach (var shown in (string[])["Zebra", "id=\"contacts\"", "id=\"volume\"", "id=\"around\""]) nothing.ShouldNotContain(shown);
        (await _server.Http.GetAsync($"/api/v1{address}/scorecard?form=2026-03-31")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _server.Http.GetAsync("/api/v1/measure/touchpoints/99999/scorecard")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await CommandLine.RunAsync(["ask", "scorecard", "Hotline", "--to", "2026-03-31", "--data", _server.DataFolder])).ShouldBe(ExitCode.Done);
        (await Printed.ByAsync("ask", "scores", "--trend", "month", "--to", "2026-03-31", "--data", _server.DataFolder)).ShouldContain("2026-03-01");
        (await CommandLine.RunAsync(["ask", "scorecard", "Nowhere", "--data", _server.DataFolder])).ShouldBe(ExitCode.Refused);

        // Shown on another page, its neighbours' tables have no links that lead away.
        using var part = new HttpRequestMessage(HttpMethod.Get, "/analyse/neighbours?at=Hotline");
        part.Headers.Add("HX-Request", "true");
        part.Headers.Add("HX-Current-URL", "http://localhost" + address);
        (await (await _server.Http.SendAsync(part)).Content.ReadAsStringAsync()).ShouldNotContain("export=");
        // Where nobody was asked about, comments are not looked for.
        await SendAsync("""{"type":"track","event":"Chat opened","userId":"c1"}""");
        (await _server.Http.GetStringAsync("/measure/comments")).ShouldNotContain("Chat opened");
    }

    [Theory]
    [InlineData("?breakdown=moon", "breakdown")]
    [InlineData("?metric=moon", "metric")]
    [InlineData("?touchpoint=Nowhere", "touchpoint")]
    [InlineData("?compareFrom=2026-01-01", "compareTo")]
    [InlineData("?property.a=b", "property")]
    public async Task A_question_that_cannot_be_asked_is_refused_with_its_field_and_the_page_says_so(string query, string field)
    {
        var refused = await _server.Http.GetAsync("/api/v1/measure/scores" + query);
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe(field);
        (await _server.Http.GetAsync("/measure/scores" + query)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Many_comments_are_written_with_separators()
    {
        await SendAsync([.. Enumerable.Range(0, 1140).Select(i => Answer($"c{i}", "csat", i < 40 ? 1 : 5, null, i < 40 ? "\"comment\":\"The invoice layout is unclear\"" : "\"comment\":\"The bicycle came on time\""))]);
        (await _server.Http.GetStringAsync("/measure/comments?metric=csat&band=bad&lang=en")).ShouldContain("these 40 comments speak of more often than the other 1,100;");
        (await _server.Http.GetStringAsync("/measure/comments?lang=en")).ShouldContain("1,140 comments");
    }

    [Fact]
    public async Task A_person_records_an_answer_by_hand_on_the_scorecard()
    {
        await SendAsync("""{"type":"track","event":"Call","userId":"c7"}""");
        using var list = JsonDocument.Parse(await _server.Http.GetStringAsync("/api/v1/map/touchpoints"));
        var hotline = list.RootElement.EnumerateArray().Single(t => t.GetProperty("name").GetString() == "Hotline").GetProperty("id").GetInt32();
        var address = $"/measure/touchpoints/{hotline}";
        (await _server.Http.PostAsync(address + "/feedback", await FormAsync(address, ("Customer", "c7"), ("Metric", "nps"), ("Score", "12")))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _server.Http.PostAsync(address + "/feedback", await FormAsync(address, ("Customer", "nobody"), ("Metric", "nps"), ("Score", "9")))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _server.Http.PostAsync(address + "/feedback", await FormAsync(address, ("Customer", "c7"), ("Metric", "csat"), ("Score", "4"), ("Comment", "Friendly")))).StatusCode.ShouldBe(HttpStatusCode.Found);
        var page = await _server.Http.GetStringAsync(address);
        page.ShouldContain("Friendly");
        page.ShouldContain("100.0 %");
        (await _server.Http.GetAsync("/measure/touchpoints/99999")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task After_a_restart_and_after_reading_the_log_anew_the_scores_are_the_same()
    {
        await SendAsync([.. Enumerable.Range(0, 20).Select(i => Answer($"c{i}", "ces", 1 + i % 7, "Hotline"))]);
        var before = (await AskAsync("?trend=month")).ToString();
        await _server.StopAsync();
        await using (var again = await TestServer.StartAsync(dataFolder: _server.DataFolder))
        {
            await WaitAsync(again);
            JsonDocument.Parse(await again.Http.GetStringAsync("/api/v1/measure/scores?trend=month")).RootElement.ToString().ShouldBe(before);
            await again.StopAsync();
        }
    }

    [Fact]
    public async Task Erasing_a_person_takes_the_answers_and_words_along_and_taking_an_import_back_takes_its_answers_back()
    {
        await SendAsync(Answer("c1", "csat", 5, "Delivery", "\"comment\":\"Kind to c1\""), Answer("c2", "csat", 1, "Delivery"));
        const string File = "customer,time,score,touchpoint\nc3,2026-01-02,9,Delivery\nc4,2026-01-02,11,Delivery\n";
        using var imported = JsonDocument.Parse(await (await _server.Http.PostAsync("/api/v1/collect/imports?fileName=marks.csv&map=event%3D%3DSurvey+answered&map=metric%3D%3Dnps", new StringContent(File))).Content.ReadAsStringAsync());
        await WaitAsync(_server);
        var scores = await AskAsync("");
        scores.GetProperty("answers").GetInt64().ShouldBe(3);
        scores.GetProperty("refused").GetInt64().ShouldBe(1, "11 is no NPS");

        (await _server.Http.PostAsync($"/api/v1/collect/imports/{imported.RootElement.GetProperty("importId").GetInt32()}/undo", null)).IsSuccessStatusCode.ShouldBeTrue();
        await WaitAsync(_server);
        scores = await AskAsync("");
        scores.GetProperty("answers").GetInt64().ShouldBe(2);
        scores.GetProperty("refused").GetInt64().ShouldBe(0);

        (await _server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = "c1", reason = "asked for it" })).IsSuccessStatusCode.ShouldBeTrue();
        await WaitAsync(_server);
        (await AskAsync("")).GetProperty("answers").GetInt64().ShouldBe(1);
        (await _server.Http.GetStringAsync("/api/v1/measure/comments")).ShouldNotContain("Kind to");
    }

    [Fact]
    public async Task An_import_that_counts_again_counts_once_also_where_its_decision_is_read_twice()
    {
        await SendAsync(Answer("c1", "csat", 5, "Delivery"));
        using var imported = JsonDocument.Parse(await (await _server.Http.PostAsync("/api/v1/collect/imports?fileName=marks.csv&map=event%3D%3DSurvey+answered&map=metric%3D%3Dcsat", new StringContent("customer,time,score,touchpoint\nc3,2026-01-02,4,Delivery\nc4,2026-01-02,2,Delivery\n"))).Content.ReadAsStringAsync());
        var undo = $"/api/v1/collect/imports/{imported.RootElement.GetProperty("importId").GetInt32()}/undo";
        (await _server.Http.PostAsync(undo, null)).IsSuccessStatusCode.ShouldBeTrue();
        await WaitAsync(_server);
        (await AskAsync("")).GetProperty("answers").GetInt64().ShouldBe(1);
        (await _server.Http.DeleteAsync(undo)).IsSuccessStatusCode.ShouldBeTrue();
        await WaitAsync(_server);
        (await AskAsync("")).GetProperty("answers").GetInt64().ShouldBe(3);
        // As a stop would leave it that comes after what counts again was written and before the decision was done.
        await _server.StopAsync();
        using (var db = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_server.DataFolder, "tangent.db")};Pooling=False"))
        {
            db.Open();
            using var command = db.CreateCommand();
            command.CommandText = "UPDATE watermarks SET Position = Position - 1 WHERE Follower = 'feedback'";
            command.ExecuteNonQuery();
        }

        await using var again = await TestServer.StartAsync(dataFolder: _server.DataFolder);
        await WaitAsync(again);
        JsonDocument.Parse(await again.Http.GetStringAsync("/api/v1/measure/scores")).RootElement.GetProperty("answers").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task Words_alone_are_found_by_touchpoint_and_language_however_the_touchpoint_was_said()
    {
        await SendAsync("""{"type":"track","event":"Survey answered","userId":"c1","properties":{"metric":"text","comment":"Sehr nett","touchpoint":"delivery","language":"de"} }""");
        (await _server.Http.GetStringAsync("/api/v1/measure/comments?touchpoint=Delivery")).ShouldContain("Sehr nett");
        (await _server.Http.GetStringAsync("/measure/comments")).ShouldContain("<option value=\"de\"");
    }

    [Fact]
    public async Task The_language_of_words_is_detected_where_nobody_says_it_also_of_what_was_kept_before()
    {
        const string Polish = "Paczka przyszła za późno i nie było jej w sklepie";
        await SendAsync(Answer("c1", "csat", 2, "Delivery", $"\"comment\":\"{Polish}\""), Answer("c2", "csat", 5, "Delivery", "\"comment\":\"The parcel was there\",\"language\":\"en-GB\""));
        async Task ShowsAsync(TestServer server)
        {
            var found = (await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/measure/comments?language=pl")).GetProperty("items").EnumerateArray().Single();
            (found.GetProperty("comment").GetString(), found.GetProperty("language").GetString(), found.GetProperty("languageKnown").GetString()).ShouldBe((Polish, "pl", "detected"));
            (await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/measure/comments?language=en")).GetProperty("items")[0].GetProperty("languageKnown").GetString().ShouldBe("said");
            (await server.Http.GetStringAsync("/api/v1/measure/scores?breakdown=language")).ShouldContain("\"pl\"");
        }

        await ShowsAsync(_server);
        // As an earlier version left it.
        await _server.StopAsync();
        using (var db = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_server.DataFolder, "tangent.db")};Pooling=False"))
        {
            db.Open();
            using var command = db.CreateCommand();
            command.CommandText = "UPDATE feedback SET Language = '', LanguageKnown = 0 WHERE Language = 'pl'";
            command.ExecuteNonQuery().ShouldBe(1);
        }

        await using var again = await TestServer.StartAsync(dataFolder: _server.DataFolder);
        await WaitAsync(again);
        await ShowsAsync(again);
    }

    [Fact]
    public async Task A_card_that_nobody_signed_is_recorded_with_its_day_and_words_alone_and_a_missing_score_is_named()
    {
        using var list = JsonDocument.Parse(await _server.Http.GetStringAsync("/api/v1/map/touchpoints"));
        var address = $"/measure/touchpoints/{list.RootElement.EnumerateArray().Single(t => t.GetProperty("name").GetString() == "Hotline").GetProperty("id").GetInt32()}";
        async Task<HttpResponseMessage> RecordAsync(params (string, string)[] fields) => await _server.Http.PostAsync(address + "/feedback", await FormAsync(address, fields));
        using var missing = await RecordAsync(("Metric", "nps"));
        missing.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await missing.Content.ReadAsStringAsync()).ShouldContain("The score is missing: NPS wants a whole number from 0 to 10.");
        (await RecordAsync(("Metric", "text"), ("Comment", "x"), ("Day", "2099-01-01"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await RecordAsync(("Metric", "text"), ("Score", ""), ("Customer", ""), ("Comment", "Leise Musik"), ("Day", "2026-02-03"), ("Language", "de"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await RecordAsync(("Metric", "csat"), ("Score", "4"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        var said = (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/measure/comments?language=de&from=2026-02-03&to=2026-02-03")).GetProperty("items")[0];
        (said.GetProperty("comment").GetString(), said.GetProperty("metric").GetString(), said.GetProperty("score").ValueKind).ShouldBe(("Leise Musik", "text", JsonValueKind.Null));
        (await AskAsync("")).GetProperty("answers").GetInt64().ShouldBe(1);
        using var anybody = await _server.Http.PostAsJsonAsync("/api/v1/measure/feedback", new { items = new[] { new { metric = "csat", score = 4, via = "hand" }, new { metric = "csat", score = 4, via = "call" } } });
        var receipt = await anybody.Content.ReadFromJsonAsync<JsonElement>();
        (receipt.GetProperty("accepted").GetInt32(), receipt.GetProperty("rejected")[0].GetProperty("index").GetInt32()).ShouldBe((1, 1));
        using var wrongPeriod = await _server.Http.GetAsync("/api/v1/measure/scores?from=2026-12-01&to=2026-11-01");
        (await wrongPeriod.Content.ReadAsStringAsync()).ShouldContain("2026-12-01");
    }

    [Fact]
    public async Task The_shell_takes_a_day_as_the_page_does()
    {
        await using var far = await TestServer.StartAsync(true, null, "--Company:TimeZone=Pacific/Kiritimati");
        var today = DateOnly.FromDateTime(DateTime.UtcNow.AddHours(14));
        Task<int> RecordAsync(string comment, int days) =>
            CommandLine.RunAsync(["feedback", "record", "--metric", "text", "--comment", comment, "--day", today.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), "--data", far.DataFolder]);

        (await RecordAsync("Not yet", 2)).ShouldBe(ExitCode.Refused);
        (await RecordAsync("Before", -3)).ShouldBe(ExitCode.Done);
        (await RecordAsync("Now", 0)).ShouldBe(ExitCode.Done);

        async Task<List<JsonElement>> SaidAsync() => [.. (await far.Http.JsonAsync("/api/v1/measure/comments")).GetProperty("items").EnumerateArray()];
        await TestCalls.UntilAsync(async () => (await SaidAsync()).Count == 2);
        var said = (await SaidAsync()).ToDictionary(c => c.GetProperty("comment").GetString()!, c => c.GetProperty("at").GetDateTime());
        // Noon there is ten in the evening of the day before, UTC.
        said["Before"].ShouldBe(today.AddDays(-4).ToDateTime(new TimeOnly(22, 0)));
        (DateTime.UtcNow - said["Now"]).Duration().ShouldBeLessThan(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_long_comment_is_shown_by_its_beginning_and_opens()
    {
        await SendAsync(Answer("c1", "csat", 2, "Delivery", $"\"comment\":\"{string.Concat(Enumerable.Repeat("word ", 1900))}end\""));
        var page = await _server.Http.GetStringAsync("/measure/comments");
        page.ShouldContain("<details class=\"long-text\">");
        page.ShouldContain("word end</div>");
    }

    [Fact]
    public async Task As_many_as_may_be_handed_in_are_taken_however_long_they_are_together()
    {
        var items = Enumerable.Range(0, FeedbackIntake.MostItems).Select(i => new { userId = "c" + i, metric = "csat", score = 5, comment = new string('ż', 900) }).ToList();
        using var taken = JsonDocument.Parse(await (await _server.Http.PostAsJsonAsync("/api/v1/measure/feedback", new { items })).Content.ReadAsStringAsync());
        taken.RootElement.GetProperty("rejected").GetArrayLength().ShouldBe(0);
        taken.RootElement.GetProperty("accepted").GetInt32().ShouldBe(FeedbackIntake.MostItems);
    }

    [Fact]
    public async Task Who_may_not_see_addresses_finds_none_in_themes_nor_by_searching()
    {
        await using var own = await TestServer.StartAsync(false, null, "--Sensitivity:Email=Editor");
        using var editor = await own.ComeInAsync("editor@example.org", Role.Editor);
        using var viewer = await own.ComeInAsync("viewer@example.org", Role.Viewer);
        var items = Enumerable.Range(0, 200).Select(i => new { userId = "c" + i, metric = i % 4 == 0 ? "csat" : "ces", score = 3, language = "en", comment = i % 4 == 0 ? "Please write to anna.muster@kunde.example" : "All bicycles are good and nice" });
        (await editor.PostAsJsonAsync("/api/v1/measure/feedback", new { items })).EnsureSuccessStatusCode();
        const string Themes = "/api/v1/measure/themes?metric=csat";
        (await editor.GetStringAsync(Themes)).ShouldContain("muster");
        var seen = await viewer.GetStringAsync(Themes);
        seen.ShouldContain("please write");
        seen.ShouldNotContain("muster");
        (await viewer.GetAsync("/api/v1/measure/comments?search=anna.muster%40kunde.example")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await viewer.GetAsync("/api/v1/measure/comments?search=write")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<FormUrlEncodedContent> FormAsync(string address, params (string Name, string Value)[] fields)
    {
        var page = await _server.Http.GetStringAsync(address);
        var at = page.IndexOf("__RequestVerificationToken", StringComparison.Ordinal);
        var token = at < 0 ? "" : System.Text.RegularExpressions.Regex.Match(page[at..], "value=\"([^\"]+)\"").Groups[1].Value;
        return new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)).Append(KeyValuePair.Create("__RequestVerificationToken", token)));
    }

    private async Task<JsonElement> AskAsync(string query) => JsonDocument.Parse(await _server.Http.GetStringAsync("/api/v1/measure/scores" + query)).RootElement;

    private static string Answer(string user, string metric, int score, string? touchpoint, string? more = null, DateTime? at = null) =>
        $$"""{"type":"track","event":"Survey answered","userId":"{{user}}"{{(at is { } t ? $",\"timestamp\":\"{t:O}\"" : "")}},"properties":{"metric":"{{metric}}","score":{{score}}{{(touchpoint is null ? "" : $",\"touchpoint\":\"{touchpoint}\"")}}{{(more is null ? "" : "," + more)}} } }""";

    private async Task SendAsync(params string[] events)
    {
        var accepted = events.Select(e => new AcceptedEvent(default, Encoding.UTF8.GetBytes(e))).ToList();
        await _server.Get<EventLog>().AppendAsync(new LogAppend(1, LogKind.Events, Trusted: true, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null, accepted), CancellationToken.None);
        await WaitAsync(_server);
    }

    private static async Task WaitAsync(TestServer server)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var end = server.Get<EventLog>().EndPosition;
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(end, patience.Token);
        await server.Get<FeedbackFeed>().WaitUntilKeptAsync(end, patience.Token);
    }
}
