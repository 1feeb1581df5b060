namespace Tangent.Collect;

/// <summary>Which touchpoints conversions are due to, by eight models.</summary>
/// <param name="Conversions">Touchpoints whose events are conversions, 1 to 20.</param>
/// <param name="By">What gets the credit.</param>
/// <param name="Lookback">How far back from a conversion its path reaches.</param>
/// <param name="HalfLife">Time in which a touchpoint's weight halves in time decay.</param>
/// <param name="Order">Last touchpoints that are a state of the Markov chain, 1 to 3.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record AttributionQuestion(
    IReadOnlyList<string> Conversions, AttributionUnit By, TimeSpan Lookback, TimeSpan HalfLife, int Order, JourneyFilter Filter)
{
    /// <summary>Name of what stands on the path of a conversion that has nothing before it.</summary>
    public const string Direct = "(direct)";

    /// <summary>Name of the channel or campaign of events that have none.</summary>
    public const string None = "(none)";

    public const int MostConversions = 20;
    public static readonly TimeSpan UsualLookback = TimeSpan.FromDays(90);
    public static readonly TimeSpan UsualHalfLife = TimeSpan.FromDays(7);
}

/// <summary>What gets the credit.</summary>
public enum AttributionUnit
{
    Touchpoint,
    Channel,
    Campaign,
}

/// <summary>The names of the models in the JSON, in the order they are shown in.</summary>
public static class AttributionModel
{
    public const string First = "first";
    public const string Last = "last";
    public const string LastWithSource = "lastWithSource";
    public const string Linear = "linear";
    public const string PositionBased = "positionBased";
    public const string TimeDecay = "timeDecay";
    public const string Markov = "markov";
    public const string Shapley = "shapley";

    public static IReadOnlyList<string> All { get; } = [First, Last, LastWithSource, Linear, PositionBased, TimeDecay, Markov, Shapley];
}

/// <param name="Customers">Customers with any event in the filter; null for paths from a file.</param>
/// <param name="Converters">Customers with a conversion; null for paths from a file.</param>
/// <param name="Conversions">Conversions.</param>
/// <param name="Value">Their value in the reporting currency, or as the file has it.</param>
/// <param name="LostPaths">Paths that no conversion follows within the lookback.</param>
/// <param name="Models">Credits by model, the largest first; in each they sum to the conversions and the value.</param>
/// <param name="Reach">How many paths each touchpoint is on, most conversions first.</param>
/// <param name="Chain">The Markov chain that was solved.</param>
public sealed record AttributionAnswer(
    long? Customers, long? Converters, double Conversions, double Value, double LostPaths,
    IReadOnlyDictionary<string, IReadOnlyList<AttributionCredit>> Models, IReadOnlyList<AttributionReach> Reach, AttributionChain Chain);

/// <param name="Name">Touchpoint, channel or campaign.</param>
/// <param name="Conversions">Conversions due to it.</param>
/// <param name="Value">Value due to it.</param>
/// <param name="RemovalEffect">Only in the Markov model: the share of conversions that is lost without it, 0 to 1.</param>
public sealed record AttributionCredit(
    string Name, double Conversions, double Value,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)] double? RemovalEffect = null);

/// <param name="Name">Touchpoint, channel or campaign.</param>
/// <param name="Converters">Customers with a conversion whose path has it; null for paths from a file.</param>
/// <param name="Conversions">Conversions whose path has it.</param>
/// <param name="LostPaths">Paths without conversion that have it.</param>
public sealed record AttributionReach(string Name, long? Converters, double Conversions, double LostPaths);

/// <param name="Order">Last touchpoints that are a state.</param>
/// <param name="States">States that occur.</param>
/// <param name="Transitions">Different transitions between them.</param>
/// <param name="Residual">By how much the solution misses the equations at most; bounds the error of each probability of conversion.</param>
public sealed record AttributionChain(int Order, int States, int Transitions, double Residual);

/// <summary>The customers with a conversion whose path has something of this name; null: all with a conversion.</summary>
public sealed record AttributionPick(string? Name);

/// <summary>Attribution of the paths of a file: one row for each path, with how often it led to a conversion.</summary>
/// <param name="Separator">Stands between the touchpoints of a path.</param>
/// <param name="Path">Column of the paths; null for the one called <c>path</c>, else the first that is no other.</param>
/// <param name="Conversions">Column of the number of conversions.</param>
/// <param name="Value">Column of the value of these together; null for none.</param>
/// <param name="Lost">Column of the number that led to none; null for none.</param>
/// <param name="Order">Last touchpoints that are a state of the Markov chain, 1 to 3.</param>
public sealed record PathsFileQuestion(string Separator, string? Path, string Conversions, string? Value, string? Lost, int Order);
