using System.Numerics;

namespace Tangent.Engine;

/// <summary>A funnel of rules made ready: marks are bits 0 … for the steps, then one for each exclusion, then one for what is ignored.</summary>
internal sealed class RuleFunnelPlan
{
    private readonly EventMarks marks;

    public RuleFunnelPlan(RuleFunnelQuestion question, JourneyView view)
    {
        if (question.Steps.Count is 0 or > RuleFunnelQuestion.MaxSteps) throw new ArgumentException($"A funnel has 1 to {RuleFunnelQuestion.MaxSteps} steps.", nameof(question));
        if (question.WindowMs <= 0) throw new ArgumentException("The window is not positive.", nameof(question));
        if (question.Exclusions.Count > RuleFunnelQuestion.MaxExclusions) throw new ArgumentException($"A funnel has at most {RuleFunnelQuestion.MaxExclusions} exclusions.", nameof(question));
        Steps = question.Steps.Count;
        foreach (var exclusion in question.Exclusions)
            if (exclusion.After < 0 || exclusion.Before >= Steps || exclusion.Before <= exclusion.After)
                throw new ArgumentException("An exclusion lies between two steps of the funnel.", nameof(question));
        Order = question.Order;
        // Longer than all times the engine takes, and far from overflow.
        WindowMs = Math.Min(question.WindowMs, 1L << 50);
        marks = new EventMarks(view, question.TouchpointOfSignature, [.. question.Steps, .. question.Exclusions.Select(exclusion => exclusion.Events), question.Ignored]);
        Lens = Lens.Of(view, marks.OfSignature, question.Filter, isPassing: marks.IsPassing);
        StepBits = (1UL << Steps) - 1;
        IgnoredBit = 1UL << (Steps + question.Exclusions.Count);
        ExclusionBits = (IgnoredBit - 1) & ~StepBits;
        Covered = [.. question.Exclusions.Select(exclusion => Between(exclusion.After, exclusion.Before))];
        Inner = [.. question.Exclusions.Select(exclusion => Between(exclusion.After + 1, exclusion.Before))];
        Breakdown = question.Breakdown;
        if (Breakdown is { Column: { } column } && (column < 0 || column >= view.PropertyColumns)) throw new ArgumentException($"There is no property column {column}.", nameof(question));
        if (Breakdown is { Touch: FunnelTouch.Step, Step: var step } && (step < 0 || step >= Steps)) throw new ArgumentException("The breakdown is by a step that is not there.", nameof(question));
        Groups = GroupsOf(Breakdown);
        Buckets = question.TrendBoundsMs is { } bounds ? new Buckets(bounds) : null;
    }

    public int Steps { get; }
    public FunnelOrder Order { get; }
    public long WindowMs { get; }
    public EventMarks Marks => marks;
    public Lens Lens { get; }
    public ulong StepBits { get; }
    public ulong ExclusionBits { get; }
    public ulong IgnoredBit { get; }

    /// <summary>By exclusion: the steps that are reached while it can end an attempt, bit 0 for step 0.</summary>
    public ulong[] Covered { get; }

    /// <summary>The same without the step it begins at.</summary>
    public ulong[] Inner { get; }

    public FunnelBreakdown? Breakdown { get; }

    /// <summary>Number of groups; the last is "none".</summary>
    public int Groups { get; }

    public Buckets? Buckets { get; }

    /// <summary>The same question for the faster kernel, where it is no more than plain.</summary>
    public FunnelQuestion? Plain(RuleFunnelQuestion question)
    {
        if (Order != FunnelOrder.Ordered || ExclusionBits != 0 || question.Ignored.Count > 0 || !marks.AreOfSignatures || Buckets is not null || question.Histogram) return null;
        if (Breakdown is not null and not { OfSignature: not null, Touch: FunnelTouch.First }) return null;
        return new FunnelQuestion
        {
            TouchpointOfSignature = marks.OfSignature,
            Filter = question.Filter,
            Steps = [.. Enumerable.Range(0, Steps).Select(marks.CodesWith)],
            WindowMs = WindowMs,
            GroupOfSignature = Breakdown?.OfSignature,
        };
    }

    public int GroupIndex(ushort group) => group >= Groups - 1 ? Groups - 1 : group;

    /// <summary>The group of a journey.</summary>
    public unsafe int GroupOf(in JourneyBatch batch, int run, RuleFunnelMatch match, int deepest)
    {
        if (Breakdown is null) return 0;
        if (Breakdown.OfCustomer is { } ofCustomer)
        {
            var customer = batch.Customers[run];
            return customer < ofCustomer.Length ? GroupIndex(ofCustomer[customer]) : Groups - 1;
        }

        if (Breakdown.Touch == FunnelTouch.Step && deepest <= Breakdown.Step) return Groups - 1;
        var at = Breakdown.Touch switch
        {
            FunnelTouch.First => batch.Starts[run],
            FunnelTouch.Last => batch.Starts[run + 1] - 1,
            _ => match.At(Breakdown.Step + 1),
        };
        var row = batch.Row(at);
        if (Breakdown.Column is { } column) return batch.Segment.Property(column)[row];
        var signature = batch.Segment.Signatures[row];
        return signature < Breakdown.OfSignature!.Length ? GroupIndex(Breakdown.OfSignature[signature]) : Groups - 1;
    }

    /// <summary>The bucket in which an attempt began; -1 where there is none or it is outside all.</summary>
    public int BucketOf(long enteredMs) => Buckets is { } buckets && enteredMs >= buckets.FirstMs && enteredMs < buckets.EndMs ? buckets.Of(enteredMs, out _) : -1;

    /// <summary>The union of what is said by exclusion, over the exclusions of a mark.</summary>
    public ulong OfExclusions(ulong mark, ulong[] byExclusion)
    {
        var union = 0UL;
        for (var bits = mark & ExclusionBits; bits != 0; bits &= bits - 1) union |= byExclusion[BitOperations.TrailingZeroCount(bits) - Steps];
        return union;
    }

    private static ulong Between(int from, int to) => (1UL << to) - (1UL << from);

    private static int GroupsOf(FunnelBreakdown? breakdown)
    {
        if (breakdown is null) return 1;
        if ((breakdown.OfSignature is null ? 0 : 1) + (breakdown.Column is null ? 0 : 1) + (breakdown.OfCustomer is null ? 0 : 1) != 1)
            throw new ArgumentException("A breakdown is by signature, by property or by customer.", nameof(breakdown));
        if (breakdown.Column is not null) return Code.Count;
        var groups = 1;
        foreach (var group in breakdown.OfSignature ?? breakdown.OfCustomer!)
            if (group != Code.None) groups = Math.Max(groups, group + 2);
        return groups;
    }
}
