namespace Tangent.Collect;

/// <summary>How well journeys keep to rules. A journey's fitness is 1 − violated ÷ applicable rules; one to which no rule is applicable has none.</summary>
/// <param name="Rules">1 to 64.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record ConformanceQuestion(IReadOnlyList<ConformanceRule> Rules, JourneyFilter Filter)
{
    public const int MostRules = 64;
}

/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="Applicable">Those with an applicable rule, who have a fitness.</param>
/// <param name="Fitness">Mean of their fitness, 0 to 1; null where there are none.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end of its 95 % interval.</param>
/// <param name="Rules">Those that most customers violate first.</param>
/// <param name="FirstDeviations">Where customers first leave the rules, the most customers first; who violates a rule is in one of them.</param>
/// <param name="FitnessHistogram">Customers by fitness, in tenths; the last bin is a fitness of 1.</param>
public sealed record ConformanceAnswer(
    long Customers, long Applicable, double? Fitness, double? Low, double? High,
    IReadOnlyList<RuleFigures> Rules, IReadOnlyList<Deviation> FirstDeviations, IReadOnlyList<FitnessBin> FitnessHistogram);

/// <param name="Number">Position in the question, from 1.</param>
/// <param name="Rule">The rule as people write it.</param>
/// <param name="Applicable">Customers to whom it is applicable.</param>
/// <param name="Violated">Those of them who violate it.</param>
/// <param name="Share">Violated ÷ applicable; null where it is applicable to nobody.</param>
/// <param name="Low">Lower end of the share's 95 % interval (Wilson).</param>
/// <param name="High">Upper end of the share's 95 % interval.</param>
public sealed record RuleFigures(int Number, string Rule, long Applicable, long Violated, double? Share, double? Low, double? High);

/// <param name="Number">The rule that is broken first, by its position in the question.</param>
/// <param name="Rule">The same rule as people write it.</param>
/// <param name="Touchpoint">Touchpoint of the event that breaks it; null for the end of the journey.</param>
/// <param name="Customers">Customers whose first deviation this is.</param>
/// <param name="Share">Their share of the customers with an applicable rule.</param>
public sealed record Deviation(int Number, string Rule, string? Touchpoint, long Customers, double Share);

/// <param name="From">Fitness from here on.</param>
/// <param name="To">Below this; of the last bin, up to this.</param>
/// <param name="Customers">Customers.</param>
public sealed record FitnessBin(double From, double To, long Customers);

/// <summary>Journeys one by one, by customer number.</summary>
/// <param name="Total">How many there are.</param>
/// <param name="Items">The requested page of them.</param>
/// <param name="Next">What the next page comes after; null where there is none.</param>
public sealed record JourneysAnswer(long Total, IReadOnlyList<JourneyFitness> Items, string? Next = null);

/// <param name="Customer">Number of the customer, or of the account where accounts are counted.</param>
/// <param name="Id">The identifier people know it by.</param>
/// <param name="Fitness">1 − violated ÷ applicable; null where no rule is applicable.</param>
/// <param name="Applicable">Applicable rules, by position in the question.</param>
/// <param name="Violated">Violated rules, by position in the question.</param>
/// <param name="FirstDeviation">Null where no rule is violated.</param>
public sealed record JourneyFitness(
    int Customer, string Id, double? Fitness, IReadOnlyList<int> Applicable, IReadOnlyList<int> Violated, JourneyDeviation? FirstDeviation);

/// <param name="Number">The rule that is broken first, by its position in the question.</param>
/// <param name="Rule">The same rule as people write it.</param>
/// <param name="Touchpoint">Touchpoint of the event that breaks it; null for the end of the journey.</param>
/// <param name="At">Time of that event, or of the journey's last event, UTC.</param>
public sealed record JourneyDeviation(int Number, string Rule, string? Touchpoint, DateTime At);

/// <summary>The customers behind a number of a conformance answer; every condition given must hold.</summary>
/// <param name="Outcome">What became of the rule, or of all rules where none is named.</param>
/// <param name="Number">Position of the rule in the question, from 1.</param>
/// <param name="Touchpoint">Of a first deviation: the event that breaks the rule is here.</param>
/// <param name="AtEnd">Of a first deviation: it is at the end of the journey.</param>
/// <param name="Bin">Bin of the histogram, from 0.</param>
public sealed record ConformancePick(RuleOutcome Outcome, int? Number = null, string? Touchpoint = null, bool AtEnd = false, int? Bin = null);

public enum RuleOutcome
{
    /// <summary>The rule is applicable.</summary>
    Applicable,

    /// <summary>It is applicable and kept; without a rule named: all applicable ones are.</summary>
    Satisfied,

    /// <summary>It is violated.</summary>
    Violated,

    /// <summary>It is the first one violated.</summary>
    First,

    /// <summary>It is not applicable; without a rule named: none is.</summary>
    NotApplicable,
}
