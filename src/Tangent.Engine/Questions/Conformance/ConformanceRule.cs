namespace Tangent.Engine;

/// <summary>
/// Kinds of rules about one journey: e₁ … eₙ in order, each at one touchpoint. A and B are sets of touchpoints, "an A" is an event at one of them.
/// They are the templates of Declare (M. Pesic, W. van der Aalst, DECLARE: Full Support for Loosely-Structured Processes, 2007) read on finite
/// journeys, whose end is the last event there is; <see cref="Within"/> is the timed response of the same family.
/// A rule counts for a journey only where it is applicable: where nothing calls for it, it holds vacuously and says nothing.
/// "Broken at" is the earliest moment from which nothing that could still follow would mend it.
/// </summary>
public enum RuleKind
{
    /// <summary>Init: e₁ is an A. Always applicable. Broken at e₁.</summary>
    Starts,

    /// <summary>End: eₙ is an A. Always applicable. Broken at the end.</summary>
    Ends,

    /// <summary>Absence: there is no A. Always applicable. Broken at the first A.</summary>
    Absent,

    /// <summary>Existence: there is an A. Always applicable. Broken at the end.</summary>
    Contains,

    /// <summary>
    /// Existence and absence with numbers: there are at least <see cref="ConformanceRule.Least"/> and at most <see cref="ConformanceRule.Most"/> A.
    /// Always applicable. Broken at the first A that is one too many, or for too few at the end.
    /// </summary>
    Between,

    /// <summary>Response: each A has a B anywhere after it. Applicable where there is an A. Broken at the end.</summary>
    Response,

    /// <summary>Precedence: each B has an A anywhere before it. Applicable where there is a B. Broken at the first B without.</summary>
    Precedence,

    /// <summary>Succession: response and precedence both. Applicable where there is an A or a B. Broken where the first of the two is.</summary>
    Succession,

    /// <summary>Responded existence: where there is an A there is a B, before or after. Applicable where there is an A. Broken at the end.</summary>
    RespondedExistence,

    /// <summary>Co-existence of two or more: where there is one of A, B, … there are all. Applicable where there is any. Broken at the end.</summary>
    And,

    /// <summary>Exclusive choice of two or more: there is one of A, B, … and no other of them. Always applicable. Broken at the first event of a second one, or for none at the end.</summary>
    Xor,

    /// <summary>
    /// Timed response: each A has a B after it, at most <see cref="ConformanceRule.WithinMs"/> later (exactly as much still counts). Applicable where there is an A.
    /// Broken at the first event after the time has run out, or at the end where no event comes after that.
    /// </summary>
    Within,
}

/// <summary>One rule.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Touchpoints">
/// The sets A, B, … it speaks of: one for starts to between, two for response to responded existence and within, 2 to 16 for and and xor.
/// None is empty, and no touchpoint stands in two of them.
/// </param>
public sealed record ConformanceRule(RuleKind Kind, IReadOnlyList<ushort[]> Touchpoints)
{
    /// <summary>The most sets of a rule.</summary>
    public const int MaxSets = 16;

    /// <summary>Fewest of <see cref="RuleKind.Between"/>, from 0.</summary>
    public int Least { get; init; }

    /// <summary>Most of <see cref="RuleKind.Between"/>, not less than the fewest.</summary>
    public int Most { get; init; } = int.MaxValue;

    /// <summary>Time of <see cref="RuleKind.Within"/> in milliseconds, positive.</summary>
    public long WithinMs { get; init; }

    internal string? Fault()
    {
        var (least, most) = Kind switch
        {
            RuleKind.Response or RuleKind.Precedence or RuleKind.Succession or RuleKind.RespondedExistence or RuleKind.Within => (2, 2),
            RuleKind.And or RuleKind.Xor => (2, MaxSets),
            _ => (1, 1),
        };
        if (Touchpoints.Count < least || Touchpoints.Count > most) return $"A rule of the kind {Kind} has {least} to {most} sets of touchpoints.";
        if (Touchpoints.Any(set => set.Length == 0)) return "A set of touchpoints is empty.";
        if (Touchpoints.SelectMany(set => set.Distinct()).GroupBy(touchpoint => touchpoint).Any(group => group.Count() > 1)) return "A touchpoint stands in two sets.";
        if (Kind == RuleKind.Between && (Least < 0 || Most < Least)) return "The numbers of a rule are turned round or negative.";
        return Kind == RuleKind.Within && WithinMs <= 0 ? "The time of a rule is not positive." : null;
    }
}
