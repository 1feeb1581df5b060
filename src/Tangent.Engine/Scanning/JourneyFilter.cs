namespace Tangent.Engine;

/// <summary>
/// Which events count as the journeys of a question. Every question takes it and means the same: an event that does not pass
/// is as if it had never happened; a customer without a passing event is not counted.
/// </summary>
public sealed record JourneyFilter
{
    /// <summary>Everything passes.</summary>
    public static JourneyFilter Everything { get; } = new();

    /// <summary>Events from this time on, in milliseconds since 1970 UTC.</summary>
    public long FromMs { get; init; } = long.MinValue;

    /// <summary>Events before this time.</summary>
    public long ToMs { get; init; } = long.MaxValue;

    /// <summary>Allowed signatures by code (so channels, sources, campaigns, touchpoints); codes beyond its end are not allowed. Null: all.</summary>
    public bool[]? Signatures { get; init; }

    /// <summary>Each must hold.</summary>
    public IReadOnlyList<PropertyCondition> Properties { get; init; } = [];

    /// <summary>Journeys of these customers only. Null: all.</summary>
    public CustomerBitmap? Customers { get; init; }
}

/// <summary>An event's property is one of some codes.</summary>
/// <param name="Column">Property column, from 0.</param>
/// <param name="Allowed">Allowed codes; codes beyond its end are not allowed.</param>
public sealed record PropertyCondition(int Column, bool[] Allowed);
