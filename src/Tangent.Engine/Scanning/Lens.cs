namespace Tangent.Engine;

/// <summary>A question's touchpoints and filter, made ready for the scan.</summary>
internal sealed class Lens
{
    private Lens(bool isPassing, ushort[] touchpoints, int touchpointCount, JourneyFilter filter, List<(int Column, AllowedCodes Allowed)> conditions)
    {
        IsPassing = isPassing;
        TouchpointOfSignature = touchpoints;
        Touchpoints = touchpointCount;
        FromMs = Math.Clamp(filter.FromMs, JourneyEvent.EarliestMs, JourneyEvent.LatestMs);
        ToMs = Math.Clamp(filter.ToMs, FromMs, JourneyEvent.LatestMs);
        HasPeriod = filter.FromMs > JourneyEvent.EarliestMs || filter.ToMs < JourneyEvent.LatestMs;
        Conditions = conditions;
        Customers = filter.Customers?.Words;
        Signatures = filter.Signatures is null ? null : new AllowedCodes(filter.Signatures);
        TakesOut = HasPeriod || Conditions.Count > 0 || Signatures is not null;
    }

    /// <summary>The table of touchpoints was made for this question alone: nothing is to be remembered of it.</summary>
    public bool IsPassing { get; }

    /// <summary>65,536 entries, never changed.</summary>
    public ushort[] TouchpointOfSignature { get; }

    /// <summary>Touchpoint codes are below this.</summary>
    public int Touchpoints { get; }

    public long FromMs { get; }
    public long ToMs { get; }
    public bool HasPeriod { get; }

    public List<(int Column, AllowedCodes Allowed)> Conditions { get; }

    /// <summary>Null where all are allowed.</summary>
    public AllowedCodes? Signatures { get; }

    /// <summary>Whether single events may be taken out.</summary>
    public bool TakesOut { get; }

    public ulong[]? Customers { get; }

    /// <summary>Whether of immediate repeats of a touchpoint only the first stays.</summary>
    public bool CollapseRepeats { get; private init; }

    public static Lens Of(JourneyView view, ushort[] touchpointOfSignature, JourneyFilter filter, bool collapseRepeats = false, bool isPassing = false)
    {
        var table = new ushort[Code.Count];
        table.AsSpan().Fill(Code.None);
        var known = Math.Min(touchpointOfSignature.Length, Code.None);
        touchpointOfSignature.AsSpan(0, known).CopyTo(table);
        var touchpoints = 0;
        for (var signature = 0; signature < known; signature++)
        {
            if (table[signature] != Code.None) touchpoints = Math.Max(touchpoints, table[signature] + 1);
        }

        var conditions = new List<(int, AllowedCodes)>();
        foreach (var condition in filter.Properties)
        {
            if (condition.Column < 0 || condition.Column >= view.PropertyColumns)
                throw new ArgumentException($"There is no property column {condition.Column}.", nameof(filter));
            conditions.Add((condition.Column, new AllowedCodes(condition.Allowed)));
        }

        return new Lens(isPassing, table, touchpoints, filter, conditions) { CollapseRepeats = collapseRepeats };
    }
}
