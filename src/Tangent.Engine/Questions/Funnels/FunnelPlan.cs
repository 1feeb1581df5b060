using System.Numerics;

namespace Tangent.Engine;

/// <summary>A funnel question made ready: which steps a touchpoint serves, as bits.</summary>
internal sealed class FunnelPlan
{
    public FunnelPlan(FunnelQuestion question)
    {
        if (question.Steps.Count is 0 or > FunnelQuestion.MaxSteps) throw new ArgumentException($"A funnel has 1 to {FunnelQuestion.MaxSteps} steps.", nameof(question));
        if (question.WindowMs <= 0) throw new ArgumentException("The window is not positive.", nameof(question));
        Steps = question.Steps.Count;
        // Longer than all times the engine takes, and far from overflow.
        WindowMs = Math.Min(question.WindowMs, FunnelDepths.LongestWindowMs);
        StepsOfTouchpoint = new ulong[Code.Count];
        for (var step = 0; step < Steps; step++)
            foreach (var touchpoint in question.Steps[step])
                if (touchpoint != Code.None) StepsOfTouchpoint[touchpoint] |= 1UL << step;
        StepOfTouchpoint = OneStepEach();
        Relevant = [.. question.Steps.SelectMany(step => step).Where(touchpoint => touchpoint != Code.None).Distinct()];
        IsRelevant = Array.ConvertAll(StepsOfTouchpoint, serves => serves != 0 ? (byte)1 : (byte)0);
        OnlyCustomers = question.OnlyCustomers;
        GroupOfSignature = question.GroupOfSignature;
        Groups = 1;
        foreach (var group in GroupOfSignature ?? [])
            if (group != Code.None) Groups = Math.Max(Groups, group + 2);
    }

    public int Steps { get; }
    public long WindowMs { get; }
    public ulong[] StepsOfTouchpoint { get; }

    /// <summary>The number from 1 of the one step that a touchpoint serves, 0 for none; null where a touchpoint serves several.</summary>
    public byte[]? StepOfTouchpoint { get; }

    /// <summary>Touchpoints of any step.</summary>
    public ushort[] Relevant { get; }

    /// <summary>The same, 1 by touchpoint.</summary>
    public byte[] IsRelevant { get; }

    public bool OnlyCustomers { get; }

    public ushort[]? GroupOfSignature { get; }

    /// <summary>Number of groups; the last is "none".</summary>
    public int Groups { get; }

    public int GroupIndex(ushort group) => group >= Groups - 1 ? Groups - 1 : group;

    private byte[]? OneStepEach()
    {
        var only = new byte[Code.Count];
        for (var touchpoint = 0; touchpoint < only.Length; touchpoint++)
        {
            var serves = StepsOfTouchpoint[touchpoint];
            if (BitOperations.PopCount(serves) > 1) return null;
            only[touchpoint] = (byte)(64 - BitOperations.LeadingZeroCount(serves));
        }

        return only;
    }

    public unsafe int GroupOf(in JourneyBatch batch, int first)
    {
        if (GroupOfSignature is null) return 0;
        var signature = batch.Segment.Signatures[batch.Row(first)];
        return signature < GroupOfSignature.Length ? GroupIndex(GroupOfSignature[signature]) : Groups - 1;
    }
}
