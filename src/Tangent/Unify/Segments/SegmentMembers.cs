using System.Collections;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Data;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <param name="Text">The condition.</param>
/// <param name="Customers">Customers who fulfil it by itself.</param>
/// <param name="Note">What whoever wrote it should know, such as ids that are nobody's; null where there is nothing.</param>
public sealed record ConditionSize(string Text, long Customers, string? Note = null);

/// <param name="Conditions">Each condition by itself.</param>
/// <param name="Customers">Customers in the segment.</param>
/// <param name="Of">Customers there are.</param>
/// <param name="Share">The part of them that is in the segment, 0 to 1.</param>
public sealed record SegmentSize(IReadOnlyList<ConditionSize> Conditions, long Customers, long Of, double Share);

/// <summary>Who belongs to a segment, as of now: every event and trait that is visible counts, whatever period a question looks at.</summary>
internal sealed class SegmentMembers(
    JourneyStore journeys, TraitIndex traits, AccountTraits accounts, IEnumerable<IFindMembers> others, ProfileFeed feed, Sensitivity sensitivity, SegmentCatalogue catalogue, TimeProvider clock, IOptionsMonitor<CompanyOptions> company)
{
    private const int Deepest = 8, MostNamed = 5;

    private const string NumberPrefix = "number:";

    // Whose segments somebody looks at, one customer after the other: asking all of them each time would be a pass over everybody for each page.
    // While events stream in, a page may be some seconds late where asking takes long.
    private static readonly TimeSpan Oldest = TimeSpan.FromSeconds(10), Long = TimeSpan.FromMilliseconds(200), WhileStreaming = TimeSpan.FromSeconds(5);

    private Kept? _kept;

    private sealed record Kept(object All, IReadOnlyList<(string Name, BitArray Members)> Of, long Visible, long Profiles, DateTimeOffset Made, TimeSpan Took);

    /// <summary>The customers of the named segments together.</summary>
    public async Task<Asked<CustomerSet>> OfAsync(IReadOnlyList<string> names, CancellationToken ct)
    {
        var everybody = await traits.EverybodyAsync(ct);
        BitArray? all = null;
        foreach (var name in names)
        {
            var asked = await NamedAsync(name, "segment", everybody, 0, ct);
            if (asked.Refusal is { } refusal) return refusal;
            all = all is null ? asked.Answer! : all.Or(asked.Answer!);
        }

        return new CustomerSet(Numbers(all ?? new BitArray(0)));
    }

    /// <summary>The customers who fulfil all conditions, or any.</summary>
    /// <param name="conditions">The conditions.</param>
    /// <param name="any">One suffices.</param>
    /// <param name="ct">Ends it.</param>
    /// <param name="isSaved">They are those of a saved segment; else of whoever asks.</param>
    public async Task<Asked<CustomerSet>> OfAsync(IReadOnlyList<string> conditions, bool any, CancellationToken ct, bool isSaved = false)
    {
        var asked = await OfAsync(conditions, any, await traits.EverybodyAsync(ct), isSaved ? 1 : 0, null, ct);
        return asked.Refusal is { } refusal ? refusal : new CustomerSet(Numbers(asked.Answer!));
    }

    /// <summary>How many fulfil all conditions, or any, and each by itself.</summary>
    /// <param name="conditions">The conditions.</param>
    /// <param name="any">One suffices.</param>
    /// <param name="ct">Ends it.</param>
    /// <param name="isSaved">They are those of a saved segment; else of whoever asks.</param>
    public async Task<Asked<SegmentSize>> SizeAsync(IReadOnlyList<string> conditions, bool any, CancellationToken ct, bool isSaved = false)
    {
        var everybody = await traits.EverybodyAsync(ct);
        var sizes = new List<ConditionSize>();
        var asked = await OfAsync(conditions, any, everybody, isSaved ? 1 : 0, sizes, ct);
        if (asked.Refusal is { } refusal) return refusal;
        var (size, of) = (Count(asked.Answer!), Count(everybody));
        return new SegmentSize(sizes, size, of, of == 0 ? 0 : (double)size / of);
    }

    /// <summary>Names of the segments a customer is in; those that cannot be asked at present are left out.</summary>
    public async Task<IReadOnlyList<string>> WithAsync(int customer, CancellationToken ct)
    {
        var kept = _kept;
        if (kept is null || !IsCurrent(kept))
        {
            var (visible, profiles, started) = (journeys.Visible, feed.Position, Stopwatch.GetTimestamp());
            var (all, everybody, of) = (catalogue.All, await traits.EverybodyAsync(ct), new List<(string, BitArray)>());
            foreach (var segment in all)
                if ((await OfAsync(segment.Lines, segment.Any, everybody, 1, null, ct)).Answer is { } members) of.Add((segment.Name, members));
            _kept = kept = new Kept(all, of, visible, profiles, clock.GetUtcNow(), Stopwatch.GetElapsedTime(started));
        }

        return [.. kept.Of.Where(s => customer < s.Members.Length && s.Members[customer]).Select(s => s.Name)];
    }

    private bool IsCurrent(Kept kept)
    {
        var age = clock.GetUtcNow() - kept.Made;
        if (!ReferenceEquals(kept.All, catalogue.All) || age > Oldest) return false;
        return (kept.Visible, kept.Profiles) == (journeys.Visible, feed.Position) || (kept.Took > Long && age < WhileStreaming);
    }

    /// <summary>Whether one of the conditions names the segment, itself or by way of others.</summary>
    public bool LeadTo(IReadOnlyList<string> conditions, string name) => LeadTo(conditions, name, 0);

    private bool LeadTo(IReadOnlyList<string> conditions, string name, int depth) => depth <= Deepest && conditions
        .Select(c => SegmentCondition.Read(c).Answer).Where(c => c?.Kind == SegmentConditionKind.Segment).Select(c => c!.Parts[0])
        .Any(named => string.Equals(named, name, StringComparison.OrdinalIgnoreCase) || (catalogue.Find(named) is { } other && LeadTo(other.Lines, name, depth + 1)));

    private async Task<Asked<BitArray>> NamedAsync(string name, string field, BitArray everybody, int depth, CancellationToken ct)
    {
        if (catalogue.Find(name) is not { } segment) return new Refusal(field, T("Unify.Segments.Unknown", name));
        return depth > Deepest ? new Refusal(field, T("Unify.Segments.Circle", name)) : await OfAsync(segment.Lines, segment.Any, everybody, depth + 1, null, ct);
    }

    private async Task<Asked<BitArray>> OfAsync(IReadOnlyList<string> conditions, bool any, BitArray everybody, int depth, List<ConditionSize>? sizes, CancellationToken ct)
    {
        if (conditions.Count is 0 or > Segment.MostConditions) return new Refusal("condition", T("Unify.Segments.ConditionsNeeded", Segment.MostConditions));
        BitArray? all = null;
        foreach (var text in conditions)
        {
            var read = SegmentCondition.Read(text);
            var asked = read.Refusal is { } wrong ? wrong : await OneAsync(read.Answer!, everybody, depth, ct);
            if (asked.Refusal is { } refusal) return refusal with { Field = "condition" };
            // Numbers of who was merged away or erased meanwhile are nobody's.
            var found = asked.Answer!;
            found.Length = everybody.Length;
            found = read.Answer!.Not ? new BitArray(everybody).And(found.Not()) : found.And(everybody);
            sizes?.Add(new ConditionSize(text, Count(found), read.Answer.Kind == SegmentConditionKind.Customers ? Nobodys(read.Answer.Parts, depth) : null));
            all = all is null ? found : any ? all.Or(found) : all.And(found);
        }

        return all!;
    }

    private async Task<Asked<BitArray>> OneAsync(SegmentCondition condition, BitArray everybody, int depth, CancellationToken ct) => condition.Kind switch
    {
        SegmentConditionKind.Did => Did(condition, everybody, depth),
        SegmentConditionKind.Sequence => Reaching(condition.Parts, condition.In ?? TimeSpan.FromDays(3660), JourneyFilter.None, depth),
        SegmentConditionKind.Trait => await OfTraitAsync(condition, depth, ct),
        SegmentConditionKind.Account => await OfAccountAsync(condition, depth, ct),
        SegmentConditionKind.Segment => await NamedAsync(condition.Parts[0], "condition", everybody, depth + 1, ct),
        SegmentConditionKind.Customers => Set(Looked(condition.Parts, depth).SelectMany(l => l.Customers)),
        _ => await OfOtherAsync(condition, ct),
    };

    /// <summary>So often is a funnel of the same step so many times; at most so often is everybody but who did it once more.</summary>
    private Asked<BitArray> Did(SegmentCondition condition, BitArray everybody, int depth)
    {
        var filter = condition.In is { } back ? new JourneyFilter(Since(back)) : JourneyFilter.None;
        Asked<BitArray> Times(int times) => Reaching([.. Enumerable.Repeat(condition.Parts[0], times)], TimeSpan.FromDays(3660), filter, depth);

        var least = condition.Least == 0 ? new BitArray(everybody) : Times(condition.Least);
        if (least.Refusal is not null || condition.Most is not { } most) return least;
        var more = Times(most + 1);
        if (more.Refusal is not null) return more;
        var length = Math.Max(least.Answer!.Length, more.Answer!.Length);
        least.Answer.Length = more.Answer.Length = length;
        return least.Answer.And(more.Answer.Not());
    }

    private Asked<BitArray> Reaching(IReadOnlyList<string> steps, TimeSpan window, JourneyFilter filter, int depth)
    {
        var asked = journeys.Reaching(new FunnelQuestion(steps, window, null, filter) { IsKept = depth > 0 });
        return asked.Refusal is { } refusal ? refusal : Set(asked.Answer!.Numbers);
    }

    /// <summary>Somebody who sees the field wrote a saved segment; who does not see it cannot guess its values by trying conditions.</summary>
    private async Task<Asked<BitArray>> OfTraitAsync(SegmentCondition condition, int depth, CancellationToken ct)
    {
        if (depth == 0 && sensitivity.Now.HidesField(condition.Trait)) return new Refusal("condition", T("Collect.Refusal.Hidden", condition.Trait));
        var asked = await traits.CustomersAsync(condition.Trait, condition.Fits, ct);
        return asked.Refusal is { } refusal ? refusal : Set(asked.Answer!.Numbers);
    }

    private async Task<Asked<BitArray>> OfAccountAsync(SegmentCondition condition, int depth, CancellationToken ct)
    {
        if (depth == 0 && sensitivity.Now.HidesField(condition.Trait)) return new Refusal("condition", T("Collect.Refusal.Hidden", condition.Trait));
        var asked = await accounts.MembersAsync(condition.Trait, condition.Fits, ct);
        return asked.Refusal is { } refusal ? refusal : Set(asked.Answer!.Numbers);
    }

    private async Task<Asked<BitArray>> OfOtherAsync(SegmentCondition condition, CancellationToken ct)
    {
        var asked = await others.Single(o => o.Kind == condition.Kind).FindAsync(condition, condition.In is { } back ? Since(back) : null, ct);
        return asked.Refusal is { } refusal ? refusal : Set(asked.Answer!.Numbers);
    }

    /// <summary>
    /// Each with its customer by <c>user:…</c>, <c>anonymous:…</c> or <c>number:…</c>, or with all who have the id alone; all in one look. Somebody who sees
    /// addresses wrote a saved segment; of who does not see them they name nobody.
    /// </summary>
    private IEnumerable<(string Id, IReadOnlyList<int> Customers)> Looked(IReadOnlyList<string> ids, int depth)
    {
        var masking = depth == 0 ? sensitivity.Now : Masking.None;
        var (numbered, known) = (ids.Where(id => id.StartsWith(NumberPrefix, StringComparison.Ordinal)), ids.Where(id => !id.StartsWith(NumberPrefix, StringComparison.Ordinal)).ToList());
        var found = journeys.FindCustomers([.. known.SelectMany(id => IsPrefixed(id) ? [id, id] : (string[])["user:" + id, "anonymous:" + id])]).Chunk(2);
        return known.Zip(found, (id, two) => (id, (IReadOnlyList<int>)(masking.Shows(id) ? [.. two.Where(number => number >= 0).Distinct()] : [])))
            .Concat(numbered.Select(id => (id, (IReadOnlyList<int>)(journeys.Named(id) is { } named ? [named.Customer] : []))));
    }

    private static bool IsPrefixed(string id) => id.StartsWith("user:", StringComparison.Ordinal) || id.StartsWith("anonymous:", StringComparison.Ordinal);

    private string? Nobodys(IReadOnlyList<string> ids, int depth)
    {
        List<string> nobodys = [.. Looked(ids, depth).Where(l => l.Customers.Count == 0).Select(l => l.Id)];
        return nobodys.Count == 0 ? null : T("Unify.Segments.Nobodys", nobodys.Count, string.Join(", ", nobodys.Take(MostNamed)) + (nobodys.Count > MostNamed ? ", …" : ""));
    }

    /// <summary>The first of so many days, of which today is the last.</summary>
    private DateOnly Since(TimeSpan back) => Today().AddDays(1 - (int)back.TotalDays);

    private DateOnly Today() => company.CurrentValue.Zone().DayOf(clock.GetUtcNow().UtcDateTime);

    private static BitArray Set(IEnumerable<int> numbers)
    {
        var all = numbers as IReadOnlyCollection<int> ?? [.. numbers];
        var bits = new BitArray(all.Count == 0 ? 0 : all.Max() + 1);
        foreach (var number in all) bits.Set(number, true);
        return bits;
    }

    internal static long Count(BitArray bits)
    {
        var words = new int[(bits.Length + 31) / 32];
        bits.CopyTo(words, 0);
        return words.Sum(w => (long)System.Numerics.BitOperations.PopCount((uint)w));
    }

    private static List<int> Numbers(BitArray bits)
    {
        var numbers = new List<int>();
        for (var i = 0; i < bits.Length; i++)
            if (bits[i]) numbers.Add(i);
        return numbers;
    }
}
