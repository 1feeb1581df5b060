namespace Tangent.Engine;

/// <summary>A question's touchpoints and filter, made ready for the scan: what signatures are allowed is folded into the table of touchpoints.</summary>
internal sealed class Lens
{
    private Lens(ushort[] touchpoints, int touchpointCount, JourneyFilter filter, List<(int Column, byte[] Allowed)> conditions)
    {
        TouchpointOfSignature = touchpoints;
        Touchpoints = touchpointCount;
        FromMs = Math.Clamp(filter.FromMs, JourneyEvent.EarliestMs, JourneyEvent.LatestMs);
        ToMs = Math.Clamp(filter.ToMs, FromMs, JourneyEvent.LatestMs);
        HasPeriod = filter.FromMs > JourneyEvent.EarliestMs || filter.ToMs < JourneyEvent.LatestMs;
        Conditions = conditions;
        Customers = filter.Customers?.Words;
    }

    /// <summary>65,536 entries.</summary>
    public ushort[] TouchpointOfSignature { get; }

    /// <summary>Touchpoint codes are below this.</summary>
    public int Touchpoints { get; }

    public long FromMs { get; }
    public long ToMs { get; }
    public bool HasPeriod { get; }

    /// <summary>65,536 entries each, 1 is allowed.</summary>
    public List<(int Column, byte[] Allowed)> Conditions { get; }

    public ulong[]? Customers { get; }

    public static Lens Of(JourneyView view, ushort[] touchpointOfSignature, JourneyFilter filter)
    {
        var table = new ushort[Code.Count];
        table.AsSpan().Fill(Code.None);
        var known = Math.Min(touchpointOfSignature.Length, Code.None);
        touchpointOfSignature.AsSpan(0, known).CopyTo(table);
        var touchpoints = 0;
        for (var signature = 0; signature < known; signature++)
        {
            if (table[signature] == Code.None) continue;
            touchpoints = Math.Max(touchpoints, table[signature] + 1);
            if (filter.Signatures is { } allowed && (signature >= allowed.Length || !allowed[signature])) table[signature] = Code.None;
        }

        var conditions = new List<(int, byte[])>();
        foreach (var condition in filter.Properties)
        {
            if (condition.Column < 0 || condition.Column >= view.PropertyColumns)
                throw new ArgumentException($"There is no property column {condition.Column}.", nameof(filter));
            var allowed = new byte[Code.Count];
            for (var code = 0; code < Math.Min(allowed.Length, condition.Allowed.Length); code++) allowed[code] = condition.Allowed[code] ? (byte)1 : (byte)0;
            conditions.Add((condition.Column, allowed));
        }

        return new Lens(table, touchpoints, filter, conditions);
    }
}
