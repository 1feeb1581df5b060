using System.Security.Cryptography;
using Tangent.Collect;
using Xunit.Abstractions;

namespace Tangent.Tests.Collect;

public sealed class DemoSimulationTests(ITestOutputHelper output)
{
    private static readonly DateOnly End = new(2026, 11, 1);

    [Fact]
    public void The_same_seed_gives_the_same_bytes()
    {
        var run = new DemoRun(700, 5, End);
        Hash(run).ShouldBe(Hash(run));
        Hash(run).ShouldNotBe(Hash(run with { Seed = 6 }));
        Hash(run).ShouldNotBe(Hash(run with { End = End.AddDays(1) }));
    }

    [Fact]
    public void A_customer_lives_the_same_year_in_a_larger_company()
    {
        var small = SentEvent.All(new DemoRun(300, 5, End)).Where(e => e.Customer == 120).Select(e => (e.Time, e.Name)).Order().ToList();
        var large = SentEvent.All(new DemoRun(900, 5, End)).Where(e => e.Customer == 120).Select(e => (e.Time, e.Name)).Order().ToList();
        large.ShouldBe(small);
    }

    [Fact]
    public void About_twenty_events_a_customer_over_twelve_months_at_every_touchpoint()
    {
        var events = SentEvent.All(new DemoRun(6_000, 1, End));
        foreach (var kind in events.GroupBy(e => e.Name.Length > 0 ? e.Name : e.Type + " " + e.Path.Split('/').ElementAtOrDefault(1)).OrderByDescending(g => g.Count()))
            output.WriteLine($"{kind.Count() / 6_000.0:0.000} {kind.Key}");
        var perCustomer = events.Count / 6_000.0;
        output.WriteLine($"{perCustomer} events a customer; largest {events.GroupBy(e => e.Customer).Max(g => g.Count())}");
        perCustomer.ShouldBeInRange(18.5, 21.5);
        events.GroupBy(e => e.Customer).Max(g => g.Count()).ShouldBeGreaterThan(70, "Activity has a heavy tail.");

        events.Select(e => e["channel"]).Where(c => c.Length > 0).Distinct().Count().ShouldBe(10);
        DemoCatalogue.Touchpoints.Length.ShouldBeInRange(38, 46);
        DemoCatalogue.Touchpoints.Select(t => t.Channel).Distinct().Count().ShouldBe(10);
        DemoCatalogue.Touchpoints.Select(t => t.Stage).Distinct().Count().ShouldBe(5);
        events.Min(e => e.Time).ShouldBeGreaterThan(End.AddDays(-366).ToDateTime(TimeOnly.MinValue));
        events.Max(e => e.Time).ShouldBeLessThan(End.ToDateTime(TimeOnly.MinValue));
        events.Select(e => e.Source).Distinct().Count().ShouldBe(DemoCatalogue.Sources.Length);
    }

    [Fact]
    public void The_tables_of_the_catalogue_agree_with_the_kinds_of_events()
    {
        DemoCatalogue.Shapes.Select(s => s.Kind).ShouldBe(Enum.GetValues<DemoKind>());
        DemoCatalogue.Sources.Length.ShouldBe(Enum.GetValues<DemoSource>().Length);
        new DemoPlants(new DemoCalendar(End)).Truth().ShouldAllBe(t => DemoCatalogue.Touchpoints.Any(p => p.Name == t.Touchpoint));
    }

    [Fact]
    public void A_device_is_anonymous_until_its_owner_is_known_and_no_event_comes_twice()
    {
        var events = SentEvent.All(new DemoRun(3_000, 1, End)).OrderBy(e => e.Time).ToList();
        foreach (var device in events.Where(e => e.AnonymousId.Length > 0).GroupBy(e => e.AnonymousId))
        {
            device.Select(e => e.Customer).Distinct().Count().ShouldBe(1);
            var known = device.ToList().FindIndex(e => e.UserId.Length > 0);
            if (known < 0) continue;
            device.ElementAt(known).Type.ShouldBe("identify");
            device.Count(e => e.Type == "identify").ShouldBe(1);
            device.Skip(known).ShouldAllBe(e => e.UserId.Length > 0);
        }

        var web = events.Where(e => e.Source == 0).ToList();
        web.Count(e => e.UserId.Length == 0).ShouldBeInRange(web.Count / 5, web.Count * 4 / 5);
        events.GroupBy(e => e.Customer).Count(g => g.Select(e => e.AnonymousId).Where(a => a.Length > 0).Distinct().Count() > 1).ShouldBeGreaterThan(600);
        events.Count(e => e.Type == "alias").ShouldBeInRange(10, 300);
        events.Count(e => e.Type == "group").ShouldBeInRange(100, 200);
    }

    [Fact]
    public void Comments_are_many_and_in_three_languages()
    {
        var answers = SentEvent.All(new DemoRun(6_000, 1, End)).Where(e => e["comment"].Length > 0).ToList();
        foreach (var sample in answers.Take(40)) output.WriteLine($"{sample["metric"]} {sample["score"]} {sample["touchpoint"]}: {sample["comment"]}");
        answers.Where(e => e.Name == "Survey answered").Select(e => e["language"]).Distinct().Order().ShouldBe(["de", "en", "pl"]);
        answers.Select(e => e["comment"]).Distinct().Count().ShouldBeGreaterThan(700);
        answers.ShouldContain(e => e["comment"].Contains('ł'));
        answers.ShouldContain(e => e["comment"].Contains('ü'));
    }

    [Fact]
    public void Writing_an_event_leaves_hardly_any_garbage()
    {
        var run = new DemoRun(1_000, 1, End);
        using var writer = new DemoEventWriter(run);
        var batches = new DemoSimulation(run).Batches().ToList();
        foreach (var batch in batches) writer.Write(batch);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var batch in batches) writer.Write(batch);
        var perEvent = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)batches.Sum(b => b.Order.Length);
        output.WriteLine($"{perEvent:0.0} bytes an event");
        // Only the names and addresses of identify calls are texts of their own; code not yet optimised boxes a little.
        perEvent.ShouldBeLessThan(250);
    }

    private static string Hash(DemoRun run)
    {
        using var writer = new DemoEventWriter(run);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var batch in new DemoSimulation(run).Batches())
        {
            var bytes = writer.Write(batch);
            bytes.Length.ShouldBeLessThan(500_000);
            hash.AppendData(bytes.Span);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
