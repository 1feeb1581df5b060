using System.Globalization;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

/// <summary>People's decisions that customers are one, or that a join was wrong. Each is a record in the event log, so that it holds after every rebuild and can itself be taken back; no event is changed.</summary>
internal sealed class Decisions(EventLog log, JourneyStore journeys, SourceKeys sources, TimeProvider time)
{
    public const int MostCharacters = 500;
    private const int MostCustomers = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public Task<Decided> MergeAsync(MergeRequest request, string by, CancellationToken ct) => WhenCurrentAsync(() => TryMergeAsync(request, by, ct), ct);

    public Task<Decided> SplitAsync(SplitRequest request, string by, CancellationToken ct) => WhenCurrentAsync(() => TrySplitAsync(request, by, ct), ct);

    /// <summary>Takes a split back: what it took apart is one again, exactly as it was.</summary>
    public Task<Decided> RestoreAsync(RestoreRequest request, string by, CancellationToken ct) => WhenCurrentAsync(() => TryRestoreAsync(request, by, ct), ct);

    /// <summary>Says that customers are and stay different: no rule joins them. They may still be merged by hand.</summary>
    public Task<Decided> KeepApartAsync(MergeRequest request, string by, CancellationToken ct) => WhenCurrentAsync(() => TryKeepApartAsync(request, by, ct), ct);

    /// <summary>Joins pairs of identifiers that a rule found equal; those kept apart by somebody stay so.</summary>
    /// <param name="pairs">At most a few thousand.</param>
    /// <param name="rule">Name of the rule.</param>
    /// <param name="reason">Why, without personal data.</param>
    /// <param name="by">Name of the user who had the rule decide; empty where nobody did.</param>
    /// <param name="ct">Ends the waiting, not the decision.</param>
    /// <exception cref="EventLogUnavailableException">The log cannot be written.</exception>
    public Task<Appended> JoinByRuleAsync(IEnumerable<(string One, string Other)> pairs, string rule, string reason, string by, CancellationToken ct) =>
        AppendAsync(LogKind.Merge, [.. pairs.Select(p => new IdentityDecision([p.One, p.Other], 0, reason, by, rule))], ct);

    /// <summary>Takes back what a rule joined at these positions. Nobody said that they are two: the rule, or another, may join them again.</summary>
    /// <exception cref="EventLogUnavailableException">The log cannot be written.</exception>
    public Task<Appended> SplitByRuleAsync(IEnumerable<long> joins, string rule, string reason, CancellationToken ct) =>
        AppendAsync(LogKind.Split, [.. joins.Select(j => new IdentityDecision([], j, reason, Rule: rule))], ct);

    /// <summary>The decisions that concerned a customer.</summary>
    public Asked<CustomerDecisionsAnswer> History(string name, Paging page)
    {
        if (journeys.Named(name) is not { } found) return UnknownCustomer("customer", name);
        var all = journeys.Decisions(found.Customer);
        var rest = page.After is { } after ? all.Where(d => d.Position < long.Parse(after, CultureInfo.InvariantCulture)) : all;
        var some = rest.Skip(Math.Max(0, page.Skip)).Take(page.Take + 1).ToList();
        return new CustomerDecisionsAnswer(journeys.Identity(found.Customer), all.Count, [.. some.Take(page.Take).Select(d => Decision(d.Position, d.CanRestore))],
            some.Count > page.Take ? some[page.Take - 1].Position.ToString(CultureInfo.InvariantCulture) : null);
    }

    /// <summary>What holds a customer together.</summary>
    public Asked<JoinsAnswer> Joins(string name, Paging page)
    {
        if (journeys.Named(name) is not { } found) return UnknownCustomer("customer", name);
        var joins = journeys.Joins(found.Customer);
        var rest = page.After is { } after ? joins.Where(j => j.Position < long.Parse(after, CultureInfo.InvariantCulture)) : joins;
        var take = Math.Clamp(page.Take, 1, 1000);
        IdentityJoin[] some = [.. rest.Skip(Math.Max(0, page.Skip)).Take(take + 1)];
        return new JoinsAnswer(journeys.Identity(found.Customer), joins.Count, [.. some.Take(take).Select(Join)],
            some.Length > take ? some[take - 1].Position.ToString(CultureInfo.InvariantCulture) : null);
    }

    /// <summary>While the journeys are far behind the log, who is who is not known.</summary>
    private async Task<Decided> WhenCurrentAsync(Func<Task<Asked<DecisionAnswer>>> decide, CancellationToken ct)
    {
        try
        {
            await journeys.WaitUntilVisibleAsync(log.EndPosition, ct).WaitAsync(Patience, ct);
            var asked = await decide();
            return new Decided(asked.Answer, asked.Refusal);
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            return new Decided(null, NotNow: T("Collect.Refusal.Behind"));
        }
        catch (EventLogUnavailableException e)
        {
            return new Decided(null, NotNow: e.Message);
        }
    }

    private async Task<Asked<DecisionAnswer>> TryMergeAsync(MergeRequest request, string by, CancellationToken ct)
    {
        var names = request.Customers ?? [];
        if (names.Count is < 2 or > MostCustomers) return new Refusal("customers", T("Collect.Refusal.Customers", MostCustomers));
        if (Reason(request.Reason) is not { } reason) return NoReason();
        List<NamedCustomer> named = [];
        foreach (var name in names)
        {
            if (journeys.Named(name ?? "") is not { } found) return UnknownCustomer("customers", name);
            if (named.Find(n => n.Customer == found.Customer) is { } same) return new Refusal("customers", T("Collect.Refusal.SameCustomer", same.Identifier, found.Identifier, found.Customer));
            named.Add(found);
        }

        return await DecideAsync(LogKind.Merge, new IdentityDecision([.. named.Select(n => n.Identifier)], 0, reason, by), [named[0].Identifier], ct);
    }

    private async Task<Asked<DecisionAnswer>> TryKeepApartAsync(MergeRequest request, string by, CancellationToken ct)
    {
        if ((request.Customers ?? []) is not [var one, var other]) return new Refusal("customers", T("Collect.Refusal.TwoCustomers"));
        if (Reason(request.Reason) is not { } reason) return NoReason();
        if (journeys.Named(one ?? "") is not { } first) return UnknownCustomer("customers", one);
        if (journeys.Named(other ?? "") is not { } second) return UnknownCustomer("customers", other);
        if (first.Customer == second.Customer) return new Refusal("customers", T("Collect.Refusal.SameCustomer", first.Identifier, second.Identifier, first.Customer));
        return await DecideAsync(LogKind.Split, new IdentityDecision([first.Identifier, second.Identifier], 0, reason, by, Way: SplitWay.KeptApart), [first.Identifier, second.Identifier], ct);
    }

    private async Task<Asked<DecisionAnswer>> TrySplitAsync(SplitRequest request, string by, CancellationToken ct)
    {
        if (journeys.Named(request.Customer ?? "") is not { } found) return UnknownCustomer("customer", request.Customer);
        if (Reason(request.Reason) is not { } reason) return NoReason();
        var joins = journeys.Joins(found.Customer);
        var identifiers = journeys.Identity(found.Customer).Identifiers;
        if (joins.Count == 0) return new Refusal("join", T("Collect.Refusal.NothingJoined", found.Identifier));
        if (request.Identifiers is { Count: > 0 } apart)
        {
            if (apart.Where(i => !identifiers.Contains(i, StringComparer.Ordinal)).ToList() is [var stranger, ..]) return new Refusal("identifiers", T("Collect.Refusal.NotOfCustomer", stranger, found.Identifier));
            if (!request.Each && identifiers.All(i => apart.Contains(i, StringComparer.Ordinal))) return new Refusal("identifiers", T("Collect.Refusal.AllOfCustomer", found.Identifier));
            return await DecideAsync(LogKind.Split, new IdentityDecision([.. apart.Distinct(StringComparer.Ordinal)], 0, reason, by, Way: request.Each ? SplitWay.Each : SplitWay.Together), identifiers, ct);
        }

        if (request.Each) return await DecideAsync(LogKind.Split, new IdentityDecision(identifiers, 0, reason, by, Way: SplitWay.Each), identifiers, ct);
        if (joins.All(j => j.Position != request.Join)) return new Refusal("join", T(request.Join is null ? "Collect.Refusal.JoinNeeded" : "Collect.Refusal.Join", request.Join, found.Identifier, string.Join(", ", joins.Take(10).Select(j => j.Position))));
        return await DecideAsync(LogKind.Split, new IdentityDecision([], request.Join!.Value, reason, by), identifiers, ct);
    }

    private async Task<Asked<DecisionAnswer>> TryRestoreAsync(RestoreRequest request, string by, CancellationToken ct)
    {
        if (journeys.Named(request.Customer ?? "") is not { } found) return UnknownCustomer("customer", request.Customer);
        if (Reason(request.Reason) is not { } reason) return NoReason();
        if (!journeys.Decisions(found.Customer).Any(d => d.CanRestore && d.Position == request.Split)) return new Refusal("split", T("Collect.Refusal.Split", request.Split, found.Identifier));
        return await DecideAsync(LogKind.Merge, new IdentityDecision([], request.Split!.Value, reason, by), [found.Identifier], ct);
    }

    private CustomerDecision Decision(long position, bool canRestore)
    {
        // What the log lacks, the journeys were not made from.
        var (row, decision) = (log.FindRow(position)!, IdentityDecision.Of(log.Find(position)!.Value.Span));
        var takesBack = decision.TakesBack;
        var kind = row.Kind == LogKind.Merge ? takesBack ? DecisionKind.Restore : DecisionKind.Merge : decision.Way == SplitWay.KeptApart ? DecisionKind.KeptApart : DecisionKind.Split;
        return new CustomerDecision(
            position, kind, decision.Identifiers, takesBack ? decision.Position : null, DateTimeOffset.FromUnixTimeMilliseconds(row.ReceivedAtMs).UtcDateTime,
            decision.By, decision.Rule, decision.Reason, canRestore);
    }

    private CustomerJoin Join(IdentityJoin join)
    {
        // What the log lacks, the journeys were not made from.
        var row = log.FindRow(join.Position)!;
        var json = log.Find(join.Position)!.Value;
        var decision = row.Kind == LogKind.Merge ? IdentityDecision.Of(json.Span) : null;
        var collected = new CollectedEvent();
        var atMs = decision is null && collected.Read(json, row.ReceivedAtMs, row.SentAtMs, out _, row.Kind) ? collected.TimestampMs : row.ReceivedAtMs;
        return new CustomerJoin(
            join.Position, join.Identifiers, decision is not null ? decision.Rule.Length > 0 ? JoinKind.Rule : JoinKind.Merge : join.IsStated ? JoinKind.Alias : JoinKind.SeenTogether,
            DateTimeOffset.FromUnixTimeMilliseconds(atMs).UtcDateTime, sources.TryFind(row.SourceId, out var source) ? source.Name : "",
            decision is { Rule.Length: > 0, By.Length: 0 } ? decision.Rule : decision?.By ?? "", decision?.Reason ?? "", decision?.Rule ?? "");
    }

    /// <param name="kind">Merge or split.</param>
    /// <param name="decision">What the log keeps.</param>
    /// <param name="concerned">Identifiers whose customers the answer shows.</param>
    /// <param name="ct">Ends the waiting, not the decision.</param>
    private async Task<DecisionAnswer> DecideAsync(LogKind kind, IdentityDecision decision, IReadOnlyList<string> concerned, CancellationToken ct)
    {
        var appended = await AppendAsync(kind, [decision], ct);
        await journeys.WaitUntilVisibleAsync(appended.EndPosition, ct);
        var customers = journeys.FindCustomers(concerned).Distinct();
        return new DecisionAnswer(appended.EndPosition - 1, [.. customers.Select(journeys.Identity)]);
    }

    private Task<Appended> AppendAsync(LogKind kind, IReadOnlyList<IdentityDecision> decisions, CancellationToken ct) => log.AppendAsync(new LogAppend(
        0, kind, true, time.GetUtcNow().ToUnixTimeMilliseconds(), null,
        [.. decisions.Select(d => new AcceptedEvent(0, d.ToJson()))]), ct);

    private static string? Reason(string? reason) => reason?.Trim() is { Length: > 0 and <= MostCharacters } given ? given : null;

    private static Refusal NoReason() => new("reason", T("Collect.Refusal.Reason", MostCharacters));

    private static Refusal UnknownCustomer(string field, string? name) => new(field, T("Collect.Refusal.NoCustomer", name));
}
