using System.Net;
using System.Text.Json;
using Tangent.Analyse;
using Tangent.Cli;
using Tangent.Collect;

namespace Tangent.Tests.Analyse;

/// <summary>Priorities of the demo company, and the line that says what a point is worth.</summary>
public sealed class PrioritiesTests
{
    [Fact]
    public async Task The_demo_company_learns_what_matters_and_where_its_guess_differs()
    {
        var folder = Path.Combine(Directory.CreateTempSubdirectory("tangent-priorities").FullName, "demo");
        (await CommandLine.RunAsync(["demo", "--no-serve", "--data", folder, "--json", "--customers", "5000", "--before", DemoDay.Before])).ShouldBe(ExitCode.Done);
        await using var server = await TestServer.StartAsync(dataFolder: folder);
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);
        await server.Get<Tangent.Measure.FeedbackFeed>().WaitUntilKeptAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);

        var answer = JsonDocument.Parse(await server.Http.GetStringAsync("/api/v1/analyse/priorities")).RootElement;
        answer.GetProperty("by").GetString().ShouldBe("derived");
        var items = answer.GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("touchpoint").GetString()!);
        items.Values.Sum(i => i.GetProperty("derived") is { ValueKind: JsonValueKind.Object } d ? d.GetProperty("importance").GetDouble() : 0).ShouldBe(1, 1e-6);
        var call = items["Pick-up call"];
        call.GetProperty("derived").GetProperty("importance").GetDouble().ShouldBeGreaterThan(0.3);
        call.GetProperty("derived").GetProperty("drivers").EnumerateArray().Select(d => d.GetString()).ShouldContain("reached:Pick-up call");
        call.GetProperty("quadrant").GetString().ShouldBe("notAsked");
        call.GetProperty("guess").GetString().ShouldBe("guessedLower");
        call.GetProperty("stated").GetProperty("voters").GetInt32().ShouldBe(34);
        items["Home page"].GetProperty("guess").GetString().ShouldBe("guessedHigher");

        // Performance is the mean of the answers that the scores count, on 0 to 100; the gap reaches to the target.
        var checkout = items["Checkout"];
        var scores = JsonDocument.Parse(await server.Http.GetStringAsync("/api/v1/measure/scores?metric=ces&touchpoint=Checkout")).RootElement.GetProperty("items")[0].GetProperty("figure");
        checkout.GetProperty("performance").GetProperty("value").GetDouble().ShouldBe((scores.GetProperty("value").GetDouble() - 1) / 6 * 100, 1e-6);
        checkout.GetProperty("target").GetDouble().ShouldBe(75);
        checkout.GetProperty("gap").GetDouble().ShouldBe(75 - checkout.GetProperty("performance").GetProperty("value").GetDouble(), 1e-6);
        var worth = checkout.GetProperty("worth");
        worth.GetProperty("n").GetInt64().ShouldBeGreaterThan(100);
        worth.GetProperty("revenueLow").GetDouble().ShouldBeLessThan(worth.GetProperty("revenue").GetDouble());
        worth.GetProperty("revenueHigh").GetDouble().ShouldBeGreaterThan(worth.GetProperty("revenue").GetDouble());

        var behind = JsonDocument.Parse(await server.Http.GetStringAsync("/api/v1/analyse/priorities/customers?at=Checkout")).RootElement;
        behind.GetProperty("total").GetInt64().ShouldBe(checkout.GetProperty("reached").GetInt64());
        var page = await server.Http.GetStringAsync("/analyse/priorities?lang=pl");
        page.ShouldContain("data-chart=\"matrix\"");
        page.ShouldContain("Momenty prawdy");
        (await server.Http.GetStringAsync("/analyse/priorities?export=priorities.csv")).ShouldContain("Pick-up call");
        (await CommandLine.RunAsync(["ask", "priorities", "--importance", "stated", "--data", folder])).ShouldBe(ExitCode.Done);
        (await server.Http.GetAsync("/api/v1/analyse/priorities?importance=felt")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.GetAsync("/api/v1/analyse/priorities?unit=account")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.GetAsync("/api/v1/analyse/priorities?goal=Ordr")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task What_is_no_driver_is_never_important_and_a_driver_without_a_score_is_the_strongest_all_the_same()
    {
        var folder = Path.Combine(Directory.CreateTempSubdirectory("tangent-priorities").FullName, "demo");
        (await CommandLine.RunAsync(["demo", "--no-serve", "--data", folder, "--json", "--customers", "3000", "--before", DemoDay.Before])).ShouldBe(ExitCode.Done);
        await using var server = await TestServer.StartAsync(dataFolder: folder);
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);
        await server.Get<Tangent.Measure.FeedbackFeed>().WaitUntilKeptAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);
        var answer = JsonDocument.Parse(await server.Http.GetStringAsync("/api/v1/analyse/priorities?importance=derived")).RootElement;
        var items = answer.GetProperty("items").EnumerateArray().ToList();
        static double? Number(JsonElement e, string name) => e.GetProperty(name) is { ValueKind: JsonValueKind.Number } n ? n.GetDouble() : null;
        static double? Importance(JsonElement e) => e.GetProperty("derived") is { ValueKind: JsonValueKind.Object } d ? d.GetProperty("importance").GetDouble() : null;
        items.Count(i => Importance(i) == 0 && i.GetProperty("performance").ValueKind == JsonValueKind.Object).ShouldBeGreaterThan(3);
        items.Where(i => Importance(i) == 0).Select(i => i.GetProperty("quadrant").GetString()).Distinct().ShouldBeSubsetOf(["maintain", "watch", "notAsked"]);
        Number(answer, "importanceCut").ShouldNotBeNull().ShouldBeGreaterThan(0, "somewhere there is a driver");

        var call = items.Single(i => i.GetProperty("touchpoint").GetString() == "Pick-up call");
        call.GetProperty("quadrant").GetString().ShouldBe("notAsked");
        call.GetProperty("noGap").GetBoolean().ShouldBeTrue();
        Number(call, "momentOfTruth").ShouldNotBeNull().ShouldBe(call.GetProperty("derived").GetProperty("effect").GetDouble() * call.GetProperty("reach").GetDouble(), 1e-9);
        items.Max(i => Number(i, "momentOfTruth") ?? 0).ShouldBe(Number(call, "momentOfTruth")!.Value);
        var moments = await server.Http.GetStringAsync("/analyse/priorities?export=moments.csv");
        moments.Split('\n')[1].ShouldStartWith("Pick-up call");
        (await server.Http.GetStringAsync("/analyse/priorities")).ShouldContain("no score");
    }

    [Fact]
    public async Task A_company_without_answers_and_votes_is_told_that_nothing_can_be_placed()
    {
        await using var server = await TestServer.StartAsync();
        (await server.Http.GetAsync("/analyse/priorities")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var answer = await server.Http.GetAsync("/api/v1/analyse/priorities");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public void A_line_through_points_that_lie_on_one_has_its_slope_and_no_width()
    {
        var slope = new Slope();
        for (var customer = 0; customer < 500; customer++) slope.Add(customer, customer % 11 * 10, 3 + 0.02 * (customer % 11 * 10));
        var (value, low, high) = slope.Find().ShouldNotBeNull();
        value.ShouldBe(0.02, 1e-9);
        low.ShouldBe(0.02, 1e-9);
        high.ShouldBe(0.02, 1e-9);
    }

    [Fact]
    public void Answers_that_are_all_alike_have_no_slope()
    {
        var slope = new Slope();
        for (var customer = 0; customer < 50; customer++) slope.Add(customer, 50, customer);
        slope.Find().ShouldBeNull();
    }

    [Fact]
    public void The_interval_of_a_slope_holds_the_truth_in_95_of_100_cases()
    {
        var chance = new Random(5);
        var held = 0;
        const int companies = 400;
        for (var company = 0; company < companies; company++)
        {
            var slope = new Slope();
            for (var customer = 0; customer < 300; customer++)
            {
                // Two answers of the same person, who buys much or little anyway.
                var own = chance.NextDouble() * 40;
                for (var answer = 0; answer < 2; answer++)
                {
                    var x = chance.Next(11) * 10;
                    slope.Add(company * 1000 + customer, x, 5 + 0.1 * x + own + chance.NextDouble() * 30);
                }
            }

            var (_, low, high) = slope.Find()!.Value;
            if (low <= 0.1 && high >= 0.1) held++;
        }

        (held / (double)companies).ShouldBeInRange(0.91, 0.985);
    }
}
