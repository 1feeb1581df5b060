using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Analyse;
using Tangent.Cli;
using Tangent.Collect;
using Tangent.Measure;
using Xunit.Abstractions;

namespace Tangent.Tests.Analyse;

/// <summary>Drivers of the demo company, whose truth is known: what is planted is found, what merely goes along with it is not named.</summary>
public sealed class DriversTests(ITestOutputHelper output)
{
    private const string Nps = "drivers?outcome=score";
    private const string Repurchase = "drivers?outcome=repurchase&at=Bike%20pick-up&goal=Online%20order%7CShop%20purchase&within=120d";

    [Fact]
    public async Task Planted_causes_are_named_and_what_goes_along_with_them_is_not()
    {
        // Two calls please more than one.
        string[] planted = ["reached:Pick-up call", "again:Pick-up call", "late:Answer by e-mail", "shop=Wien:Shop visit"];
        var (named, accidents, shares) = (0, 0, new List<double>());
        void Count(IReadOnlyCollection<string> keys, string[] expected)
        {
            var wrong = keys.Except(expected).Count();
            (named, accidents) = (named + keys.Count, accidents + wrong);
            shares.Add(keys.Count == 0 ? 0 : (double)wrong / keys.Count);
        }

        for (var seed = 1; seed <= 5; seed++)
        {
            var folder = Path.Combine(Directory.CreateTempSubdirectory("tangent-drivers").FullName, "demo");
            (await CommandLine.RunAsync(["demo", "--no-serve", "--data", folder, "--json", "--customers", "30000", "--seed", $"{seed}", "--before", DemoDay.Before])).ShouldBe(ExitCode.Done);
            await using var server = await TestServer.StartAsync(dataFolder: folder);
            await server.Get<JourneyStore>().WaitUntilVisibleAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);
            await server.Get<FeedbackFeed>().WaitUntilKeptAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);

            var nps = await DriversAsync(server, Nps);
            nps["reached:Pick-up call"].ShouldBeGreaterThan(0.5);
            nps["late:Answer by e-mail"].ShouldBeLessThan(-0.5);
            nps["shop=Wien:Shop visit"].ShouldBeLessThan(-0.5);
            nps.Keys.ShouldNotContain("reached:Pick-up text message");
            nps.Keys.ShouldNotContain("reached:Newsletter");
            Count(nps.Keys, planted);

            var repurchase = await DriversAsync(server, Repurchase);
            repurchase["reached:Pick-up call"].ShouldBeGreaterThan(0.07);
            repurchase.Keys.ShouldNotContain("reached:Pick-up text message");
            Count(repurchase.Keys, planted[..2]);
        }

        output.WriteLine($"{accidents} of {named} named are not planted; mean share over {shares.Count} questions {shares.Average():0.000}");
        // Ten questions name too few to tell 5 % from 8 %: that is what the simulations of StatisticsTests are for.
        accidents.ShouldBeLessThanOrEqualTo((int)StatisticsTests.MostOf(named, FalseDiscoveries.Accepted), "more than chance makes of 5 %");
    }

    [Fact]
    public async Task One_regression_has_one_scale_and_the_company_is_not_mixed_with_its_touchpoints()
    {
        await using var server = await TestServer.StartAsync();
        (await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "Delivery", channel = "Parcel", stage = "Retention" })).EnsureSuccessStatusCode();
        object Said(int customer, int minutes, string metric, int score, string? touchpoint) => new
        {
            type = "track",
            @event = "Survey answered",
            userId = "c" + customer,
            timestamp = Shop.Start.AddMinutes(minutes),
            properties = touchpoint is null ? (object)new { metric, score } : new { metric, score, touchpoint },
        };
        // The company and the delivery are recommended in one moment, after the delivery was marked; every second is satisfied with it.
        await Shop.AppendAsync(server, [.. Enumerable.Range(0, 240).SelectMany(c => new[]
        {
            Shop.Track("c" + c, c % 3 == 0 ? "Visit" : "Call", "web", 0), Said(c, 10, "csat", 1 + (c % 5), "Delivery"),
            Said(c, 20, "nps", c % 11, null), Said(c, 20, "nps", 10 - (c % 11), "delivery"), Said(c, 20, "csat", 5, "Hotline"),
        })]);
        await server.Get<FeedbackFeed>().WaitUntilKeptAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);
        async Task<JsonElement> AskAsync(string query) => JsonDocument.Parse(await server.Http.GetStringAsync("/api/v1/analyse/drivers" + query)).RootElement;
        static (string?, string?, long, double) What(JsonElement a) => (a.GetProperty("metric").GetString(), a.GetProperty("about").GetString(), a.GetProperty("outcomes").GetInt64(), Math.Round(a.GetProperty("mean").GetDouble(), 6));
        static bool IsExplainedBy(JsonElement a, string key) => a.GetProperty("items").EnumerateArray().Concat(a.GetProperty("along").EnumerateArray()).Any(d => d.GetProperty("key").GetString() == key);
        var mean = Enumerable.Range(0, 240).Average(c => c % 11);

        var company = await AskAsync("");
        What(company).ShouldBe(("nps", "company", 240, Math.Round(mean, 6)));
        IsExplainedBy(company, "pleased:Delivery").ShouldBeTrue();
        var delivery = await AskAsync("?about=delivery");
        What(delivery).ShouldBe(("nps", "Delivery", 240, Math.Round(10 - mean, 6)));
        IsExplainedBy(delivery, "pleased:Delivery").ShouldBeFalse("what was said of a touchpoint does not explain what is said of it");
        IsExplainedBy(delivery, "reached:Visit").ShouldBeTrue();
        What(await AskAsync("?about=any")).ShouldBe(("nps", "any", 480, 5));
        What(await AskAsync("?metric=csat&about=Hotline")).ShouldBe(("csat", "Hotline", 240, 5));
        What(await AskAsync("?metric=csat")).ShouldBe(("csat", "any", 480, 4));

        var mixed = await server.Http.GetAsync("/api/v1/analyse/drivers?at=Survey%20answered");
        mixed.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var problem = await mixed.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("field").GetString().ShouldBe("metric");
        problem.GetProperty("detail").GetString()!.ShouldContain("NPS, CSAT");
        What(await AskAsync("?at=Survey%20answered&metric=nps")).ShouldBe(("nps", "company", 240, Math.Round(mean, 6)));
        What(await AskAsync("?at=Survey%20answered%20%26%20metric=csat")).ShouldBe(("csat", "any", 480, 4));

        var behind = JsonDocument.Parse(await server.Http.GetStringAsync("/api/v1/analyse/drivers/customers?about=Delivery&experience=reached:Visit")).RootElement;
        behind.GetProperty("total").GetInt64().ShouldBe(80);
        WebUtility.HtmlDecode(await server.Http.GetStringAsync("/analyse/drivers?about=Delivery")).ShouldContain("NPS · Delivery");
        foreach (var page in new[] { "/analyse/drivers?metrc=csat", "/analyse/drivers/customers?metrc=csat" })
            WebUtility.HtmlDecode(await (await server.Http.GetAsync(page)).Content.ReadAsStringAsync()).ShouldContain("knows nothing of “metrc”. It knows: outcome, metric, about");
        (await CommandLine.RunAsync(["ask", "drivers", "--metric", "csat", "--about", "Hotline", "--data", server.DataFolder])).ShouldBe(ExitCode.Done);
        (await CommandLine.RunAsync(["ask", "drivers", "--about", "Nowhere", "--data", server.DataFolder])).ShouldBe(ExitCode.Refused);
    }

    /// <returns>The named ones, by key.</returns>
    private async Task<Dictionary<string, double>> DriversAsync(TestServer server, string question)
    {
        var answer = JsonDocument.Parse(await server.Http.GetStringAsync("/api/v1/analyse/" + question)).RootElement;
        output.WriteLine($"{question}: {answer.GetProperty("outcomes")} outcomes, R² {answer.GetProperty("rSquared").GetDouble():0.000}, {answer.GetProperty("tested")} tested");
        foreach (var d in answer.GetProperty("items").EnumerateArray().Take(14))
            output.WriteLine($"  {(d.GetProperty("isDriver").GetBoolean() ? "driver" : "      ")} {d.GetProperty("key")} {d.GetProperty("effect").GetDouble():+0.000;-0.000} q {d.GetProperty("q").GetDouble():0.0000} vif {d.GetProperty("inflation").GetDouble():0.0} n {d.GetProperty("with")}");
        foreach (var d in answer.GetProperty("items").EnumerateArray().Take(6))
        {
            var behind = JsonDocument.Parse(await server.Http.GetStringAsync($"/api/v1/analyse/{question.Replace("drivers?", "drivers/customers?", StringComparison.Ordinal)}&experience={Uri.EscapeDataString(d.GetProperty("key").GetString()!)}")).RootElement;
            behind.GetProperty("total").GetInt64().ShouldBe(d.GetProperty("customers").GetInt64(), d.GetProperty("key").GetString());
        }

        return answer.GetProperty("items").EnumerateArray().Where(d => d.GetProperty("isDriver").GetBoolean())
            .ToDictionary(d => d.GetProperty("key").GetString()!, d => d.GetProperty("effect").GetDouble());
    }
}
