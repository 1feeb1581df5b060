using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>
/// Up to 64 lists of rules made ready for the scan: a bit for each list, set in the mark of an event that one of its rules means.
/// Where the rules tell signatures of one touchpoint apart, signatures with the same marks become a class, and the scan translates
/// signatures to classes instead of touchpoints. Only codes with conditions on properties read property columns.
/// </summary>
internal sealed unsafe class EventMarks
{
    public const int Most = 64;

    private readonly ulong[] always;
    private readonly Conditional[]?[] sometimes;

    /// <param name="view">The view, which says how many property columns there are.</param>
    /// <param name="touchpointOfSignature">Says which signatures are part of journeys at all.</param>
    /// <param name="lists">List b is bit b.</param>
    public EventMarks(JourneyView view, ushort[] touchpointOfSignature, IReadOnlyList<IReadOnlyList<EventRule>> lists)
    {
        if (lists.Count > Most) throw new ArgumentException($"There are more than {Most} lists of rules.", nameof(lists));
        var all = lists.SelectMany((rules, bit) => rules.Select(rule => (Rule: rule, Bit: bit))).ToArray();
        foreach (var condition in all.SelectMany(item => item.Rule.Properties))
            if (condition.Column < 0 || condition.Column >= view.PropertyColumns) throw new ArgumentException($"There is no property column {condition.Column}.", nameof(lists));
        var known = Math.Min(touchpointOfSignature.Length, Code.None);
        var meanings = new Meaning?[known];
        for (var signature = 0; signature < known; signature++)
            if (touchpointOfSignature[signature] != Code.None) meanings[signature] = MeaningOf(signature, all);
        // What the scan knows of the table of touchpoints is kept from question to question; classes of this question's own are worth it only where they are needed.
        (OfSignature, var ofCode) = ByTouchpoint(touchpointOfSignature, meanings) is { } same ? (touchpointOfSignature, same) : ByClass(meanings);

        var conditionals = all.Select(item => Ready(item.Rule, item.Bit)).ToArray();
        always = [.. ofCode.Select(meaning => meaning.Always)];
        sometimes = [.. ofCode.Select(meaning => meaning.Sometimes.Length == 0 ? null : meaning.Sometimes.Select(index => conditionals[index]).ToArray())];
        IsPassing = !ReferenceEquals(OfSignature, touchpointOfSignature);
        AreOfSignatures = Array.TrueForAll(sometimes, item => item is null);
    }

    /// <summary>The code of each signature, to be used as touchpoints of the scan: its touchpoint, or its class; what is no part of journeys stays so.</summary>
    public ushort[] OfSignature { get; }

    /// <summary>The codes are classes of this question's own, not to be remembered.</summary>
    public bool IsPassing { get; }

    /// <summary>No mark depends on a property.</summary>
    public bool AreOfSignatures { get; }

    /// <summary>The codes that have a bit for every event; only where <see cref="AreOfSignatures"/>.</summary>
    public ushort[] CodesWith(int bit) => [.. Enumerable.Range(0, always.Length).Where(code => (always[code] >> bit & 1) != 0).Select(code => (ushort)code)];

    /// <summary>The mark of an event.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Of(in JourneyBatch batch, int at)
    {
        var code = batch.Touchpoints[at];
        return sometimes[code] is { } conditionals ? always[code] | Tested(batch, at, conditionals) : always[code];
    }

    private static ulong Tested(in JourneyBatch batch, int at, Conditional[] conditionals)
    {
        var mark = 0UL;
        var row = batch.Row(at);
        foreach (var conditional in conditionals)
        {
            if ((mark & conditional.Bit) != 0) continue;
            var holds = true;
            foreach (var (column, allowed) in conditional.Conditions)
            {
                var code = batch.Segment.Property(column)[row];
                holds &= code < allowed.Length && allowed[code];
            }

            if (holds) mark |= conditional.Bit;
        }

        return mark;
    }

    private static Meaning MeaningOf(int signature, (EventRule Rule, int Bit)[] all)
    {
        var mark = 0UL;
        var tests = new List<int>();
        for (var index = 0; index < all.Length; index++)
        {
            var (rule, bit) = all[index];
            if (rule.Signatures is { } allowed && (signature >= allowed.Length || !allowed[signature])) continue;
            if (rule.Properties.Count == 0) mark |= 1UL << bit;
            else tests.Add(index);
        }

        tests.RemoveAll(index => (mark >> all[index].Bit & 1) != 0);
        return new Meaning(mark, [.. tests]);
    }

    /// <summary>What each touchpoint means; null where signatures of a touchpoint differ.</summary>
    private static Meaning[]? ByTouchpoint(ushort[] touchpointOfSignature, Meaning?[] meanings)
    {
        var codes = 0;
        for (var signature = 0; signature < meanings.Length; signature++)
            if (meanings[signature] is not null) codes = Math.Max(codes, touchpointOfSignature[signature] + 1);
        var ofTouchpoint = new Meaning[codes];
        Array.Fill(ofTouchpoint, Meaning.Nothing);
        for (var signature = 0; signature < meanings.Length; signature++)
        {
            if (meanings[signature] is not { } meaning) continue;
            ref var known = ref ofTouchpoint[touchpointOfSignature[signature]];
            if (ReferenceEquals(known, Meaning.Nothing)) known = meaning;
            else if (!known.Equals(meaning)) return null;
        }

        return ofTouchpoint;
    }

    private static (ushort[] OfSignature, Meaning[] Meanings) ByClass(Meaning?[] meanings)
    {
        var classOf = new ushort[meanings.Length];
        var classes = new Dictionary<Meaning, ushort>();
        for (var signature = 0; signature < meanings.Length; signature++)
        {
            var code = Code.None;
            if (meanings[signature] is { } meaning && !classes.TryGetValue(meaning, out code)) classes.Add(meaning, code = (ushort)classes.Count);
            classOf[signature] = meanings[signature] is null ? Code.None : code;
        }

        return (classOf, [.. classes.OrderBy(pair => pair.Value).Select(pair => pair.Key)]);
    }

    private static Conditional Ready(EventRule rule, int bit) => new(1UL << bit, [.. rule.Properties.Select(condition => (condition.Column, condition.Allowed))]);

    private sealed record Conditional(ulong Bit, (int Column, bool[] Allowed)[] Conditions);

    /// <summary>What events of a signature are marked with: always, and by which rules if their properties are so.</summary>
    private sealed record Meaning(ulong Always, int[] Sometimes)
    {
        public static Meaning Nothing { get; } = new(0, []);

        public bool Equals(Meaning? other) => other is not null && Always == other.Always && Sometimes.AsSpan().SequenceEqual(other.Sometimes);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.Add(Always);
            foreach (var index in Sometimes) hash.Add(index);
            return hash.ToHashCode();
        }
    }
}
