using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

/// <summary>From the log to the answer: what is appended is asked through the store, also after restarts and compactions.</summary>
public sealed class JourneyStoreTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private TestServer _server = null!;
    private int _sent;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Journeys_are_joined_from_anonymous_visit_to_known_customer()
    {
        await AppendAsync(trusted: false,
            Track("Visit", 0, anonymous: "cookie-1"), Track("Search", 1, anonymous: "cookie-1"),
            new { type = "identify", userId = "anna", anonymousId = "cookie-1", timestamp = Start.AddMinutes(2) },
            Track("Order", 3, user: "anna"), Track("Visit", 5, anonymous: "cookie-2"));
        var variants = Store.Ask(new VariantsQuestion(false, 10, JourneyFilter.None)).Answer!;
        variants.Customers.ShouldBe(2);
        variants.Items.Select(v => string.Join('>', v.Steps)).ShouldBe(["Visit>Search>Order", "Visit"], ignoreOrder: true);
        Store.FindCustomer("anna").ShouldBe(Store.FindCustomer("cookie-1"));
        var journey = Store.Journey(Store.FindCustomer("anna")!.Value, new Paging())!;
        journey.Identifiers.ShouldBe(["anonymous:cookie-1", "user:anna"]);
        journey.Line.Id.ShouldBe("anna");
        journey.Events.Select(e => e.Touchpoint).ShouldBe(["Order", "Search", "Visit"]);
        journey.Events[0].Position.ShouldBe(3);
    }

    [Fact]
    public async Task A_browser_cannot_join_two_known_customers_but_a_server_can_and_it_can_be_taken_back()
    {
        await AppendAsync(trusted: false, Track("Visit", 0, user: "anna"), Track("Visit", 1, user: "ben"),
            new { type = "alias", previousId = "anna", userId = "ben" },
            Track("Visit", 2, user: "anna", anonymous: "tablet"), Track("Visit", 3, user: "ben", anonymous: "tablet"));
        Store.FindCustomer("anna").ShouldNotBe(Store.FindCustomer("ben"));

        var alias = (await AppendAsync(trusted: true, new { type = "alias", previousId = "anna", userId = "ben" })).EndPosition - 1;
        Store.FindCustomer("anna").ShouldBe(Store.FindCustomer("ben"));
        Store.Customers(new Paging()).Total.ShouldBe(1);

        await AppendAsync(LogKind.Split, trusted: true, new { identifiers = Array.Empty<string>(), position = alias, reason = "two people" });
        Store.FindCustomer("anna").ShouldNotBe(Store.FindCustomer("ben"));
        Store.Customers(new Paging()).Total.ShouldBe(2);
        Store.Journey(Store.FindCustomer("ben")!.Value, new Paging())!.Line.Events.ShouldBe(2);
    }

    [Fact]
    public async Task A_rule_relabels_all_history_at_once()
    {
        await AppendAsync(trusted: true, Track("pg_view", 0, user: "anna"), Track("pg_view", 1, user: "ben"));
        Store.Ask(new TouchpointsQuestion(null, JourneyFilter.None)).Answer!.Items.Single().Name.ShouldBe("pg_view");
        await using var scope = _server.Services.CreateAsyncScope();
        var touchpoint = new Tangent.Map.Touchpoint { Name = "Shop page", Channel = "web" };
        await scope.ServiceProvider.GetRequiredService<Tangent.Map.TouchpointQueries>().AddAsync([touchpoint], CancellationToken.None);
        await scope.ServiceProvider.GetRequiredService<TouchpointRuleQueries>().AddAsync([new TouchpointRule { Event = "pg_*", TouchpointId = touchpoint.Id }], first: true, CancellationToken.None);
        var volume = Store.Ask(new TouchpointsQuestion(null, JourneyFilter.None)).Answer!.Items.Single();
        (volume.Name, volume.Id, volume.Events, volume.Customers).ShouldBe(("Shop page", touchpoint.Id, 2, 2));
        Store.Ask(new TouchpointsQuestion(null, new JourneyFilter { Channels = ["WEB"] })).Answer!.Events.ShouldBe(2);
    }

    [Fact]
    public async Task Answers_stay_the_same_over_restarts_compactions_and_a_damaged_base()
    {
        await _server.DisposeAsync();
        _server = await TestServer.StartAsync(true, null, "--Journeys:CompactAtEvents=200");
        var random = new Random(3);
        for (var batch = 0; batch < 12; batch++)
        {
            await AppendAsync(trusted: true, [.. Enumerable.Range(0, 50).Select(i => random.Next(10) == 0
                ? (object)new { type = "alias", previousId = "u" + random.Next(40), userId = "u" + random.Next(40) }
                : Track("E" + random.Next(6), random.Next(50_000), user: "u" + random.Next(40)))]);
        }

        var before = Fingerprint();
        foreach (var damage in new Action<string>[] { _ => { }, FlipOneByte, Truncate })
        {
            var folder = _server.DataFolder;
            await _server.StopAsync();
            damage(Directory.EnumerateFiles(Path.Combine(folder, "journeys"), "*", SearchOption.AllDirectories).OrderByDescending(f => new FileInfo(f).Length).First());
            _server = await TestServer.StartAsync(true, folder, "--Journeys:CompactAtEvents=200");
            await Store.WaitUntilVisibleAsync(_server.Get<EventLog>().EndPosition, CancellationToken.None);
            Fingerprint().ShouldBe(before);
        }
    }

    [Fact]
    public async Task Journeys_without_their_log_are_kept_and_the_start_refused()
    {
        await _server.DisposeAsync();
        _server = await TestServer.StartAsync(true, null, "--Journeys:CompactAtEvents=10");
        for (var i = 0; i < 5; i++) await AppendAsync(trusted: true, [.. Enumerable.Range(0, 20).Select(n => Track("Visit", n, user: "u" + n))]);
        var folder = _server.DataFolder;
        await _server.StopAsync();
        foreach (var file in Directory.EnumerateFiles(folder, "events.db*")) File.Delete(file);
        var generations = Directory.EnumerateDirectories(Path.Combine(folder, "journeys")).Count();
        generations.ShouldBeGreaterThan(0);
        (await Should.ThrowAsync<InvalidOperationException>(() => TestServer.StartAsync(true, folder))).Message.ShouldContain("events.db was lost");
        Directory.EnumerateDirectories(Path.Combine(folder, "journeys")).Count().ShouldBe(generations);
    }

    [Fact]
    public async Task Days_are_days_of_the_company_and_values_are_summed_in_its_currency()
    {
        await AppendAsync(trusted: true,
            new { type = "track", @event = "Order", userId = "anna", timestamp = "2026-03-01T23:30:00Z", properties = new { revenue = 100.5, currency = "eur" } },
            new { type = "track", @event = "Order", userId = "ben", timestamp = "2026-03-02T10:00:00Z", properties = new { revenue = "200", currency = "PLN" } });
        var first = Store.Ask(new TouchpointsQuestion("day", new JourneyFilter(new DateOnly(2026, 3, 2), new DateOnly(2026, 3, 2)))).Answer!;
        first.Events.ShouldBe(2, "23:30 UTC is the next day in Berlin");
        first.Items.Single().Value.ShouldBe(100.5 + (200 * 0.235), 1e-9);
        first.Buckets.ShouldBe([new DateOnly(2026, 3, 2)]);
        first.Items.Single().EventSeries.ShouldBe([2]);
    }

    [Fact]
    public async Task The_customers_behind_every_number_are_as_many_as_the_number()
    {
        var random = new Random(8);
        await AppendAsync(trusted: true, [.. Enumerable.Range(0, 400).Select(i => Track("E" + random.Next(4), random.Next(10_000), user: "u" + random.Next(60)))]);
        var funnel = new FunnelQuestion(["E0", "E1", "E2"], TimeSpan.FromDays(2), null, JourneyFilter.None);
        var steps = Store.Ask(funnel).Answer!.Steps;
        for (var s = 1; s <= 3; s++)
        {
            Store.Behind(funnel, new FunnelPick(s, false), new Paging(0, 1000)).Answer!.Items.Count.ShouldBe((int)steps[s - 1].Customers);
            if (s < 3) Store.Behind(funnel, new FunnelPick(s, true), new Paging()).Answer!.Total.ShouldBe(steps[s - 1].Customers - steps[s].Customers);
        }

        var paths = new PathsQuestion("E1", 4, true, 500, JourneyFilter.None);
        var answer = Store.Ask(paths).Answer!;
        foreach (var edge in answer.Edges) Store.Behind(paths, new PathsPick(edge.Position, edge.From, edge.To), new Paging()).Answer!.Total.ShouldBe(edge.Customers);
        foreach (var node in answer.Nodes) Store.Behind(paths, new PathsPick(node.Position, node.Name, null, PathFate.Ended), new Paging()).Answer!.Total.ShouldBe(node.Ended);
        var variants = new VariantsQuestion(true, 20, JourneyFilter.None);
        foreach (var v in Store.Ask(variants).Answer!.Items) Store.Behind(variants, new VariantPick(v.Steps), new Paging()).Answer!.Total.ShouldBe(v.Customers);
        var flows = new FlowsQuestion(false, JourneyFilter.None);
        foreach (var f in Store.Ask(flows).Answer!.Items) Store.Behind(flows, new FlowPick(f.From, f.To), new Paging()).Answer!.Total.ShouldBe(f.Customers);
    }

    [Fact]
    public async Task What_cannot_be_asked_is_refused_with_the_field()
    {
        await AppendAsync(trusted: true, Track("Visit", 0, user: "anna"));
        Store.Ask(new FunnelQuestion(["Nowhere"], TimeSpan.FromDays(1), null, JourneyFilter.None)).Refusal!.Field.ShouldBe("step");
        Store.Ask(new FunnelQuestion(["Visit"], TimeSpan.Zero, null, JourneyFilter.None)).Refusal!.Field.ShouldBe("window");
        Store.Ask(new FunnelQuestion([.. Enumerable.Repeat("Visit", 100)], TimeSpan.FromDays(1), null, JourneyFilter.None)).Refusal!.Field.ShouldBe("step");
        Store.Ask(new VariantsQuestion(false, 5, new JourneyFilter(new DateOnly(2026, 2, 2), new DateOnly(2026, 2, 1)))).Refusal!.Field.ShouldBe("to");
        Store.Ask(new FlowsQuestion(false, new JourneyFilter { Properties = [new NamedValue("shoe", "9")] })).Refusal!.Field.ShouldBe("property.shoe");
        var nobody = Store.Ask(new FunnelQuestion(["Visit"], TimeSpan.FromDays(1), null, new JourneyFilter { Channels = ["pigeon"] })).Answer!;
        (nobody.Customers, nobody.Steps[0].Customers, nobody.Steps[0].Conversion).ShouldBe((0, 0, 0));
    }

    private JourneyStore Store => _server.Get<JourneyStore>();

    private static object Track(string name, int minutes, string? user = null, string? anonymous = null) =>
        new { type = "track", @event = name, userId = user, anonymousId = anonymous, timestamp = Start.AddMinutes(minutes) };

    private Task<Appended> AppendAsync(bool trusted, params object[] events) => AppendAsync(LogKind.Events, trusted, events);

    private async Task<Appended> AppendAsync(LogKind kind, bool trusted, params object[] events)
    {
        var accepted = events.Select(e => new AcceptedEvent(EventKey.Of(7, 1, Encoding.UTF8.GetBytes($"m{_sent++}")), JsonSerializer.SerializeToUtf8Bytes(e, e.GetType()))).ToList();
        var appended = await _server.Get<EventLog>().AppendAsync(
            new LogAppend(1, kind, trusted, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null, accepted), CancellationToken.None);
        appended.Count.ShouldBe(events.Length);
        await Store.WaitUntilVisibleAsync(appended.EndPosition, new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token);
        return appended;
    }

    private string Fingerprint() => JsonSerializer.Serialize(new
    {
        flows = Store.Ask(new FlowsQuestion(false, JourneyFilter.None)).Answer,
        variants = Store.Ask(new VariantsQuestion(false, 1000, JourneyFilter.None)).Answer,
        customers = Store.Customers(new Paging(0, 1000)),
        journeys = Store.Customers(new Paging(0, 1000)).Items.Select(c => Store.Journey(c.Customer, new Paging(0, 1000))),
    });

    private static void FlipOneByte(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = stream.Length / 2;
        var b = stream.ReadByte();
        stream.Position = stream.Length / 2;
        stream.WriteByte((byte)(b ^ 1));
    }

    private static void Truncate(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.SetLength(stream.Length / 3);
    }
}
