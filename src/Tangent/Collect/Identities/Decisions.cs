using System.Globalization;
using System.Text.Json;
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

    private async Task<Asked<DecisionAnswer>> TrySplitAsync(SplitRequest request, string by, CancellationToken ct)
    {
        if (journeys.Named(request.Customer ?? "") is not { } found) return UnknownCustomer("customer", request.Customer);
        if (Reason(request.Reason) is not { } reason) return NoReason();
        var joins = journeys.Joins(found.Customer);
        if (joins.All(j => j.Position != request.Join))
            return new Refusal("join", joins.Count == 0 ? T("Collect.Refusal.NothingJoined", found.Identifier) : T("Collect.Refusal.Join", request.Join, found.Identifier, string.Join(", ", joins.Take(10).Select(j => j.Position))));
        return await DecideAsync(LogKind.Split, new IdentityDecision([], request.Join!.Value, reason, by), journeys.Identity(found.Customer).Identifiers, ct);
    }

    private CustomerJoin Join(IdentityJoin join)
    {
        // What the log lacks, the journeys were not made from.
        var row = log.FindRow(join.Position)!;
        var json = log.Find(join.Position)!.Value;
        var decision = row.Kind == LogKind.Merge ? JsonSerializer.Deserialize(json.Span, DecisionJson.Default.IdentityDecision) : null;
        var collected = new CollectedEvent();
        var atMs = decision is null && collected.Read(json, row.ReceivedAtMs, row.SentAtMs, out _, row.Kind) ? collected.TimestampMs : row.ReceivedAtMs;
        return new CustomerJoin(
            join.Position, join.Identifiers, decision is not null ? JoinKind.Merge : join.IsStated ? JoinKind.Alias : JoinKind.SeenTogether,
            DateTimeOffset.FromUnixTimeMilliseconds(atMs).UtcDateTime, sources.TryFind(row.SourceId, out var source) ? source.Name : "",
            decision?.By ?? "", decision?.Reason ?? "");
    }

    /// <param name="kind">Merge or split.</param>
    /// <param name="decision">What the log keeps.</param>
    /// <param name="concerned">Identifiers whose customers the answer shows.</param>
    /// <param name="ct">Ends the waiting, not the decision.</param>
    private async Task<DecisionAnswer> DecideAsync(LogKind kind, IdentityDecision decision, IReadOnlyList<string> concerned, CancellationToken ct)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(decision, DecisionJson.Default.IdentityDecision);
        var appended = await log.AppendAsync(new LogAppend(0, kind, true, time.GetUtcNow().ToUnixTimeMilliseconds(), null, [new AcceptedEvent(0, json)]), ct);
        await journeys.WaitUntilVisibleAsync(appended.EndPosition, ct);
        var customers = concerned.Select(i => journeys.Named(i)!.Customer).Distinct();
        return new DecisionAnswer(appended.EndPosition - 1, [.. customers.Select(journeys.Identity)]);
    }

    private static string? Reason(string? reason) => reason?.Trim() is { Length: > 0 and <= MostCharacters } given ? given : null;

    private static Refusal NoReason() => new("reason", T("Collect.Refusal.Reason", MostCharacters));

    private static Refusal UnknownCustomer(string field, string? name) => new(field, T("Collect.Refusal.NoCustomer", name));
}
