namespace Tangent.Collect;

/// <summary>Kinds of rules about a journey; the engine's kinds of the same names define them. <see cref="Exactly"/> is <see cref="Between"/> with one number.</summary>
public enum RuleKind
{
    Starts,
    Ends,
    Absent,
    Contains,
    Exactly,
    Between,
    Response,
    Precedence,
    Succession,
    RespondedExistence,
    And,
    Xor,
    Within,
}

/// <summary>One rule that journeys are held against: typed by people (<see cref="RuleText"/>), or made from a journey map.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Touchpoints">The sets A, B, … of touchpoints by name that it speaks of; an event at any touchpoint of a set counts.</param>
/// <param name="Least">Fewest of exactly and between.</param>
/// <param name="Most">Most of exactly and between; null for any number.</param>
/// <param name="Time">Longest time of within.</param>
public sealed record ConformanceRule(RuleKind Kind, IReadOnlyList<IReadOnlyList<string>> Touchpoints, int Least = 0, int? Most = null, TimeSpan Time = default)
{
    public const int MostSets = 16;
    public const int MostTimes = 1_000_000;

    /// <summary>Fewest and most sets of a kind.</summary>
    public static (int Least, int Most) Sets(RuleKind kind) => kind switch
    {
        RuleKind.Response or RuleKind.Precedence or RuleKind.Succession or RuleKind.RespondedExistence or RuleKind.Within => (2, 2),
        RuleKind.And or RuleKind.Xor => (2, MostSets),
        _ => (1, 1),
    };

    /// <summary>The rule as people write it.</summary>
    public override string ToString() => RuleText.Write(this);
}
