using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Cli;
using Tangent.Collect;
using Tangent.Measure;

namespace Tangent.Tests.Measure;

/// <summary>Volume, reach, conversion and first response, from events to figures.</summary>
public sealed class ContactsTests : IAsyncLifetime
{
    private static readonly DateTime Start = new(2026, 3, 2, 8, 0, 0, DateTimeKind.Utc);
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        var key = await _server.Http.AddSourceAsync("shop", "server");
        // 40 customers ask; 30 are answered, customer i after i + 1 hours, and ten of them order a day later. All is followed by a late visit, so that every time is over.
        List<string> batch = [];
        for (var i = 0; i < 40; i++)
        {
            batch.Add(Event(i, "Question", 0));
            batch.Add(Event(i, "Question", 0.5));
            if (i < 30) batch.Add(Event(i, "Answer", i + 1));
            if (i < 10) batch.Add(Event(i, "Order", 48));
            batch.Add(Event(i, "Visit", 24 * 90));
        }

        await _server.Http.SendCallsAsync(key, batch);
        await _server.Get<JourneyStore>().WaitUntilVisibleAsync(_server.Get<EventLog>().EndPosition, CancellationToken.None);
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Who_was_there_who_went_on_and_how_soon_they_were_answered()
    {
        var answer = await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/measure/contacts?goal=Order&within=7d&contact=Question&answer=Answer");
        var question = answer.GetProperty("items").EnumerateArray().Single(i => i.GetProperty("touchpoint").GetString() == "Question");
        question.GetProperty("volume").GetInt64().ShouldBe(80);
        question.GetProperty("reached").GetInt64().ShouldBe(40);
        question.GetProperty("reach").GetDouble().ShouldBe(1);
        var conversion = question.GetProperty("conversion");
        (conversion.GetProperty("converted").GetInt64(), conversion.GetProperty("n").GetInt64(), conversion.GetProperty("open").GetInt64()).ShouldBe((10, 40, 0));
        // Wilson for 10 of 40.
        conversion.GetProperty("low").GetDouble().ShouldBe(0.1419, 1e-3);
        conversion.GetProperty("high").GetDouble().ShouldBe(0.4019, 1e-3);
        // The last visit's own time is not over: nobody there is judged.
        answer.GetProperty("items").EnumerateArray().Single(i => i.GetProperty("touchpoint").GetString() == "Visit").GetProperty("conversion").GetProperty("open").GetInt64().ShouldBe(40);

        // The first question begins the case, the second belongs to it: 1 to 30 hours, median 15.5.
        var response = answer.GetProperty("response");
        (response.GetProperty("n").GetInt64(), response.GetProperty("cases").GetInt64()).ShouldBe((30, 40));
        response.GetProperty("medianSeconds").GetDouble().ShouldBe(15.5 * 3600);
        response.GetProperty("lowSeconds").GetDouble().ShouldBe(9 * 3600);
        response.GetProperty("highSeconds").GetDouble().ShouldBe(22 * 3600);
        response.GetProperty("answered").GetDouble().ShouldBe(0.75);

        (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/measure/contacts/customers?at=Answer")).GetProperty("total").GetInt64().ShouldBe(30);
        (await _server.Http.GetStringAsync("/measure/contacts?goal=Order&contact=Question&answer=Answer&lang=de")).ShouldContain("Erstreaktionszeit (Median)");
        (await CommandLine.RunAsync(["ask", "contacts", "--goal", "Order", "--contact", "Question", "--answer", "Answer", "--data", _server.DataFolder])).ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task Every_number_opens_exactly_its_customers()
    {
        const string query = "goal=Order&within=7d&contact=Question&answer=Answer";
        async Task<long> Behind(string pick) => (await _server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/measure/contacts/customers?{query}&{pick}")).GetProperty("total").GetInt64();
        (await Behind("at=Question"), await Behind("at=Question&who=converted"), await Behind("at=Question&who=notConverted"), await Behind("at=Question&who=notYet")).ShouldBe((40, 10, 30, 0));
        (await Behind("at=Visit&who=notYet"), await Behind("who=answered"), await Behind("who=unanswered"), await Behind("who=waiting")).ShouldBe((40, 30, 10, 0));
        var ids = (await _server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/measure/contacts/customers?{query}&who=unanswered")).GetProperty("items").EnumerateArray().Select(c => c.GetProperty("id").GetString());
        ids.ShouldBe(Enumerable.Range(30, 10).Select(i => $"c{i}"), ignoreOrder: true);
        var page = await _server.Http.GetStringAsync($"/measure/contacts?{query}");
        page.ShouldContain("at=Question&amp;who=notConverted");
        page.ShouldContain("who=unanswered");
        (await _server.Http.GetStringAsync($"/measure/contacts/customers?{query}&who=unanswered&lang=pl")).ShouldContain("nie dostali odpowiedzi na czas");
    }

    [Fact]
    public async Task In_working_hours_nights_and_weekends_count_nothing()
    {
        // Monday, 9:00 in Berlin, to 17:00 is 8 hours of work; answers come after 1 to 30 hours: the first 8 within the day, then none until Tuesday at 8:00.
        var response = (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/measure/contacts?within=7d&contact=Question&answer=Answer&hours=working")).GetProperty("response");
        var hours = Enumerable.Range(1, 30).Select(h => h <= 8 ? h : h <= 23 ? 8.0 : Math.Min(h - 15, 17)).Order().ToArray();
        response.GetProperty("medianSeconds").GetDouble().ShouldBe((hours[14] + hours[15]) / 2 * 3600);
        (response.GetProperty("inWorkingTime").GetBoolean(), response.GetProperty("n").GetInt64(), response.GetProperty("answered").GetDouble()).ShouldBe((true, 30, 0.75));
        WebUtility.HtmlDecode(await _server.Http.GetStringAsync("/measure/contacts?within=7d&contact=Question&answer=Answer&hours=working&lang=de")).ShouldContain("Erstreaktionszeit (Median, Geschäftszeiten)");
    }

    [Fact]
    public async Task The_scorecard_shows_conversion_and_first_response_of_its_touchpoint()
    {
        var id = await AddAsync("Question", "retention");
        await AddAsync("Order", "conversion");
        var page = await _server.Http.GetStringAsync($"/measure/touchpoints/{id}?answer=Answer&within=7d");
        page.ShouldContain("Conversion to Order");
        page.ShouldContain("25");
        page.ShouldContain("who=converted");
        page.ShouldContain("First response (median)");
        (await _server.Http.GetStringAsync($"/measure/touchpoints/{id}?lang=pl")).ShouldContain("Konwersja do: Order");
        using var wrong = await _server.Http.GetAsync($"/measure/touchpoints/{id}?answer=Nowhere");
        wrong.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("goal=Order&who=converted", "at")]
    [InlineData("at=Question&who=converted", "goal")]
    [InlineData("goal=Order&at=Nowhere&who=converted", "at")]
    [InlineData("at=Nowhere", "at")]
    [InlineData("who=answered", "contact")]
    [InlineData("who=answered&contact=Question", "answer")]
    [InlineData("at=Question&who=everybody", "who")]
    [InlineData("goal=Order&at=Question&who=converted&unit=account", "unit")]
    public async Task Customers_that_cannot_be_listed_are_refused_by_the_field(string query, string field)
    {
        var answer = await _server.Http.GetAsync("/api/v1/measure/contacts/customers?" + query);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe(field);
        (await _server.Http.GetAsync("/measure/contacts/customers?" + query)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    private async Task<int> AddAsync(string name, string stage)
    {
        using var added = await _server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name, channel = "web", stage });
        added.EnsureSuccessStatusCode();
        return (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }

    [Theory]
    [InlineData("goal=Nowhere", "goal")]
    [InlineData("contact=Question", "answer")]
    [InlineData("answer=Answer", "contact")]
    [InlineData("contact=Nowhere&answer=Answer", "contact")]
    [InlineData("contact=Question&answer=Nowhere", "answer")]
    [InlineData("goal=Order&within=never", "within")]
    [InlineData("unit=account", "unit")]
    [InlineData("hours=mine", "hours")]
    public async Task What_cannot_be_asked_is_refused_by_its_field(string query, string field)
    {
        var answer = await _server.Http.GetAsync("/api/v1/measure/contacts?" + query);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe(field);
        (await _server.Http.GetAsync("/measure/contacts?" + query)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public void Cases_whose_time_is_not_over_count_in_neither_figure_though_some_are_answered()
    {
        var response = FirstResponse.Of([new FollowUp(0, 0, 1000, 0, true), new FollowUp(1, 0, -1, 0, false), new FollowUp(2, 0, 5000, 0, false), new FollowUp(3, 0, -1, 0, true)], TimeSpan.FromHours(1));
        (response.N, response.Cases, response.Open, response.MedianSeconds).ShouldBe((1, 2, 2, 5));
    }

    [Fact]
    public void The_interval_of_a_median_holds_the_truth_in_95_of_100_cases()
    {
        var chance = new Random(11);
        var held = 0;
        const int companies = 1000;
        for (var company = 0; company < companies; company++)
        {
            // Exponential delays with a mean of an hour: the median is ln 2 hours.
            List<FollowUp> followed = [.. Enumerable.Range(0, 60).Select(i => new FollowUp(i, 0, 1 + (long)(-Math.Log(1 - chance.NextDouble()) * 3_600_000), 0, false))];
            var response = FirstResponse.Of(followed, TimeSpan.FromDays(1));
            if (response.LowSeconds <= 3600 * Math.Log(2) && response.HighSeconds >= 3600 * Math.Log(2)) held++;
        }

        (held / (double)companies).ShouldBeInRange(0.93, 0.985);
    }

    private static string Event(int customer, string name, double hours) =>
        $$"""{"type":"track","event":"{{name}}","userId":"c{{customer}}","timestamp":"{{Start.AddHours(hours).ToString("O", CultureInfo.InvariantCulture)}}"}""";
}
