using Tangent.Collect;

namespace Tangent.Analyse;

/// <summary>Which experiences explain an outcome. Drivers are found by correlation: they are where to look first, not proof of a cause.</summary>
/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="Outcomes">Outcomes that were explained.</param>
/// <param name="Of">Customers whose they are.</param>
/// <param name="Open">Outcomes that cannot be judged yet.</param>
/// <param name="OneOf">One of so many customers was looked at; 1: all.</param>
/// <param name="Mean">Mean of the outcome: of the score, or the share that came so.</param>
/// <param name="RSquared">Share of the outcome's variance that all experiences explain.</param>
/// <param name="RSquaredOfDrivers">Share that the drivers explain; their weights sum to it.</param>
/// <param name="Tested">Experiences tested.</param>
/// <param name="TooFew">There are under 200 outcomes, or no experience that 30 of them had and 30 had not: nothing is said.</param>
/// <param name="Items">Drivers first, by their weight; then the others, the likeliest first.</param>
/// <param name="Along">Experiences that cannot be told from another.</param>
/// <param name="Factors">What good and bad answers at each touchpoint do to the outcome (penalty-reward contrast analysis), those that weigh most first.</param>
public sealed record DriversAnswer(
    long Customers, long Outcomes, long Of, long Open, int OneOf, double Mean, double RSquared, double RSquaredOfDrivers, int Tested, bool TooFew,
    IReadOnlyList<Driver> Items, IReadOnlyList<GoesAlong> Along, IReadOnlyList<Factor> Factors)
{
    /// <summary>What the answers measure whose score was explained; null where the outcome is none, or a score that no answer has.</summary>
    public string? Metric { get; init; }

    /// <summary>What these answers are of: company, any, or a touchpoint; null without a metric.</summary>
    public string? About { get; init; }
}

/// <param name="Key">Names it where its customers are picked.</param>
/// <param name="Experience">What was lived through.</param>
/// <param name="Customers">Customers with an outcome after it.</param>
/// <param name="With">Outcomes after it.</param>
/// <param name="Without">Outcomes without it.</param>
/// <param name="MeanWith">Mean outcome after it.</param>
/// <param name="MeanWithout">Mean outcome without it.</param>
/// <param name="Effect">How much better or worse the outcome is with it while all other experiences are held fixed.</param>
/// <param name="Low">Lower end of the effect's 95 % interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="P">How likely so large an effect is by accident, where there is none.</param>
/// <param name="Q">The same with as many tests as there were in mind (Benjamini and Hochberg).</param>
/// <param name="IsDriver">Named as a driver: of all that are named, at most 5 % are expected to be accidents.</param>
/// <param name="Weight">Its part of R²; null where it is no driver.</param>
/// <param name="WeightLow">Lower end of the weight's 95 % interval.</param>
/// <param name="WeightHigh">Upper end.</param>
/// <param name="Inflation">Variance inflation: 1 where it goes along with no other; at 5 its effect is hard to tell from theirs.</param>
public sealed record Driver(
    string Key, LivedExperience Experience, long Customers, long With, long Without, double MeanWith, double MeanWithout, double Effect, double Low, double High, double P, double Q, bool IsDriver,
    double? Weight, double? WeightLow, double? WeightHigh, double Inflation);

/// <param name="Key">An experience that is not tested by itself.</param>
/// <param name="Experience">What was lived through.</param>
/// <param name="With">The experience whose customers are nearly the same.</param>
public sealed record GoesAlong(string Key, LivedExperience Experience, LivedExperience With);
