using Tangent.Collect;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>The customers who may be contacted for a purpose, for segments.</summary>
internal sealed class ConsentMembers(JourneyStore journeys, TraitIndex traits, ConsentPurposes purposes, ContactPoints points, Restrictions restrictions, RestrictedPoints restricted, ConsentFeed feed, IServiceScopeFactory scopes) : IFindMembers
{
    private sealed record Standing(StandingConsent? Whole, StandingConsent? Topic);

    public SegmentConditionKind Kind => SegmentConditionKind.Consent;

    public async Task<Asked<CustomerSet>> FindAsync(SegmentCondition condition, DateOnly? since, CancellationToken ct)
    {
        var (purpose, topic, kind) = (condition.Parts[0], condition.Parts[1], Enum.Parse<ContactKind>(condition.Parts[2], ignoreCase: true));
        if (purposes.Find(purpose) is not { } known) return new Refusal("condition", T("Unify.Consents.UnknownPurpose", purpose, string.Join(", ", purposes.All.Select(p => p.Key))));
        if (!feed.IsCurrent) await Task.WhenAny(feed.WaitUntilCurrentAsync(ct), Task.Delay(Consents.Patience, ct));
        if (!feed.IsCurrent) return new Refusal("condition", T("Unify.Consents.Reason.NotReadYet"));
        await using var scope = scopes.CreateAsyncScope();
        var queries = scope.ServiceProvider.GetRequiredService<ConsentQueries>();
        if (topic.Length > 0 && !await ConsentViews.IsTopicAsync(queries, known, topic, ct)) return ConsentViews.UnknownTopic("condition", known, topic);
        var said = await queries.OfPurposeAsync(kind, known.Key, topic, ct);
        var standing = said.GroupBy(c => c.Point).ToDictionary(g => g.Key, g => new Standing(g.FirstOrDefault(c => c.Topic.Length == 0), g.FirstOrDefault(c => c.Topic == topic && topic.Length > 0)));
        bool May(Standing? of) => Consents.Decide(known.Enforcement, of?.Whole, of?.Topic).May;
        var restrictedPoints = await restricted.AllAsync(ct);
        bool MayBe(string value) => Point(kind, value) is { } point && points.IdOf(point) is var id && !restrictedPoints.Contains(id) && May(standing.GetValueOrDefault(id));
        var all = kind == ContactKind.Tracking ? await ByIdentifierAsync(standing.Values, May, ct) : await ByTraitsAsync(kind, MayBe, ct);
        // Whose processing is restricted is not contacted, whatever was agreed.
        if (all.Answer is not { } set || restrictions.Customers() is not { Count: > 0 } customers) return all;
        return new CustomerSet([.. set.Numbers.Where(n => !customers.Contains(n))]);
    }

    /// <summary>The customers of whom one value of the traits that hold such contact points fits.</summary>
    private async Task<Asked<CustomerSet>> ByTraitsAsync(ContactKind kind, Func<string, bool> fits, CancellationToken ct)
    {
        if (kind == ContactKind.Email) return await traits.CustomersAsync("email", fits, ct);
        Asked<CustomerSet>? all = null;
        await traits.ReadAsync(ContactPoints.PhoneTraits, ct);
        foreach (var trait in ContactPoints.PhoneTraits)
        {
            var asked = await traits.CustomersAsync(trait, fits, ct);
            if (asked.Answer is { } more) all = all?.Answer is { } some ? new CustomerSet([.. some.Numbers.Union(more.Numbers)]) : asked;
            else all ??= asked;
        }

        return all!;
    }

    private ContactPoint? Point(ContactKind kind, string value) => kind == ContactKind.Email ? ContactPoints.Email(value) : points.Phone(value);

    /// <summary>Following a customer needs that no identifier of hers says no, and where it must be given, that one says yes.</summary>
    private async Task<Asked<CustomerSet>> ByIdentifierAsync(IReadOnlyCollection<Standing> standing, Func<Standing?, bool> may, CancellationToken ct)
    {
        var known = standing.Where(s => (s.Topic ?? s.Whole)!.Key.Length > 0).ToList();
        var numbers = journeys.FindCustomers([.. known.Select(s => (s.Topic ?? s.Whole)!.Key)]);
        var (yes, no) = (new HashSet<int>(), new HashSet<int>());
        foreach (var (i, said) in known.Index())
            if (numbers[i] >= 0) (may(said) ? yes : no).Add(numbers[i]);
        yes.ExceptWith(no);
        if (!may(null)) return new CustomerSet(yes);
        var everybody = await traits.EverybodyAsync(ct);
        return new CustomerSet([.. Enumerable.Range(0, everybody.Length).Where(n => everybody[n] && !no.Contains(n))]);
    }
}
