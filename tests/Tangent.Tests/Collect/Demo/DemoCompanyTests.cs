using Tangent.Cli;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

/// <summary>The command from end to end: a small company made through the real ingestion, then asked.</summary>
public sealed class DemoCompanyTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("tangent-demo").FullName, "demo");

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    [Fact]
    public async Task Two_thousand_customers_are_made_once_and_answer_every_question()
    {
        (await DemoAsync("--customers", "2000", "--seed", "4")).ShouldBe(ExitCode.Done);
        var marker = DemoMarker.Read(_folder)!;
        marker.ShouldSatisfyAllConditions(m => m.Complete.ShouldBeTrue(), m => m.Customers.ShouldBe(2000), m => m.Seed.ShouldBe(4), m => m.Events.ShouldBeInRange(36_000, 45_000));
        File.Exists(Path.Combine(_folder, "demo-truth.json")).ShouldBeTrue();

        (await DemoAsync("--customers", "2001")).ShouldBe(ExitCode.Refused);
        (await DemoAsync("--seed", "5")).ShouldBe(ExitCode.Refused);
        (await DemoAsync("--before", "2026-03-01")).ShouldBe(ExitCode.Refused);
        (await DemoAsync("--customers", "2000")).ShouldBe(ExitCode.Done);
        DemoMarker.Read(_folder).ShouldBe(marker, "A second start reuses the data.");

        await using var server = await TestServer.StartAsync(dataFolder: _folder);
        var journeys = server.Get<JourneyStore>();
        await journeys.WaitUntilVisibleAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);
        var sent = SentEvent.All(marker.Run);
        sent.Count.ShouldBe((int)marker.Events);

        var answer = journeys.Ask(new TouchpointsQuestion(null, JourneyFilter.None)).Answer!;
        answer.Events.ShouldBe(sent.Count(e => e.Type is "track" or "page"));
        // Everyone who was seen, and devices that were never told whose they are.
        answer.Customers.ShouldBeInRange(sent.Select(e => e.Customer).Distinct().Count(), 3_200);
        answer.Items.Where(i => i.Id is not null).Select(i => i.Name).Order().ShouldBe(DemoCatalogue.Touchpoints.Select(t => t.Name).Order());
        journeys.Channels().ShouldBe(DemoCatalogue.Touchpoints.Select(t => t.Channel).Distinct(), ignoreOrder: true);
        var unmapped = journeys.Signatures().Where(s => !s.Mapped).Select(s => s.Signature.Event).Distinct().Order(StringComparer.Ordinal);
        unmapped.ShouldBe(["/blog/*", "/club", "/jobs/*", "Chat opened", "Gift card bought", "Size adviser finished"]);

        var funnel = journeys.Ask(new FunnelQuestion(["Product page", "Cart", "Checkout", "Online order"], TimeSpan.FromDays(14), null, JourneyFilter.None)).Answer!;
        funnel.Steps.Select(s => s.Customers).ShouldBeInOrder(SortDirection.Descending);
        funnel.Steps[^1].Customers.ShouldBeGreaterThan(300);
    }

    [Fact]
    public async Task Two_demos_of_one_seed_are_the_same_to_the_last_customer()
    {
        List<string> answers = [];
        for (var run = 0; run < 2; run++)
        {
            var folder = _folder + run;
            (await CommandLine.RunAsync(["demo", "--no-serve", "--data", folder, "--json", "--customers", "800", "--seed", "4", "--before", "2026-03-01"])).ShouldBe(ExitCode.Done);
            DemoMarker.Read(folder)!.End.ShouldBe(new DateOnly(2026, 3, 1));
            await using var server = await TestServer.StartAsync(dataFolder: folder);
            var journeys = server.Get<JourneyStore>();
            await journeys.WaitUntilVisibleAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);
            var customers = journeys.Customers(new Paging(0, 1000));
            answers.Add(System.Text.Json.JsonSerializer.Serialize(new
            {
                variants = journeys.Ask(new VariantsQuestion(false, 10_000, JourneyFilter.None)).Answer,
                customers,
                journeys = customers.Items.Select(c => journeys.Journey(c.Customer, new Paging(0, 1000))),
            }));
        }

        answers[1].ShouldBe(answers[0]);
        answers[0].Length.ShouldBeGreaterThan(1_000_000);
    }

    [Fact]
    public async Task A_demo_cut_short_is_made_anew_but_nothing_else_is_ever_touched()
    {
        Directory.CreateDirectory(_folder);
        var own = Path.Combine(_folder, "own.txt");
        await File.WriteAllTextAsync(own, "mine");
        (await DemoAsync("--customers", "10")).ShouldBe(ExitCode.Refused);
        File.Exists(own).ShouldBeTrue();

        new DemoMarker(DemoMarker.CurrentVersion, 10, 7, new DateOnly(2026, 1, 1), false, 0).Write(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "events.db"), "half a file");
        (await DemoAsync()).ShouldBe(ExitCode.Done);
        DemoMarker.Read(_folder)!.ShouldSatisfyAllConditions(m => m.Complete.ShouldBeTrue(), m => m.Customers.ShouldBe(10), m => m.Seed.ShouldBe(7));
        File.Exists(own).ShouldBeFalse("All that lies in the folder of an unfinished demo is part of it.");
    }

    [Theory]
    [InlineData("--urls", "http://0.0.0.0:5080")]
    [InlineData("--urls", "http://*:5080")]
    [InlineData("--urls", "http://192.168.1.4:5080")]
    [InlineData("--urls", "http://unix:/tmp/x.sock")]
    [InlineData("--urls", "nonsense")]
    [InlineData("--customers", "0")]
    [InlineData("--customers", "1000001")]
    [InlineData("--before", "2199-01-01")]
    [InlineData("--before", "1999-12-31")]
    [InlineData("--before", "yesterday")]
    public async Task A_demo_for_others_or_of_impossible_size_or_day_is_refused_before_anything_is_made(string option, string value)
    {
        (await CommandLine.RunAsync(["demo", "--data", _folder, option, value])).ShouldBe(ExitCode.Usage);
        Directory.Exists(_folder).ShouldBeFalse();
    }

    [Theory]
    [InlineData("http://localhost:5080")]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://[::1]:5080")]
    public void Addresses_of_this_machine_are_taken(string url) => DemoCommand.IsLoopback(url).ShouldBeTrue();

    private Task<int> DemoAsync(params string[] arguments) => CommandLine.RunAsync(["demo", "--no-serve", "--data", _folder, "--json", .. arguments]);
}
