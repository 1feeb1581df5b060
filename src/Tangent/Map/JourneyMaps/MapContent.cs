using System.Text.Json;
using System.Text.Json.Serialization;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <summary>What a lane holds. The touchpoint and the emotion of a step are no lanes: they are the step's own.</summary>
public enum LaneKind
{
    Actions = 0,
    Mindset = 1,
    Motivation = 2,
    Questions = 3,
    PainPoints = 4,
    Gains = 5,
    Expects = 6,
    Delivers = 7,
    Reacts = 8,
    Opportunities = 9,
    Backstage = 10,
    TargetExperience = 11,

    /// <summary>A lane with a name of its own.</summary>
    Free = 12,
}

/// <summary>How a statement is known: somebody thinks so, customers said so, or it was measured.</summary>
public enum EvidenceKind
{
    Assumed = 0,
    Heard = 1,
    Measured = 2,
}

/// <param name="Kind">How it is known.</param>
/// <param name="Times">How often it was heard, or how many were measured.</param>
/// <param name="Low">Lower end of the 95 % interval of what was measured.</param>
/// <param name="High">Upper end.</param>
/// <param name="Date">When it was heard or measured last.</param>
public sealed record Evidence(EvidenceKind Kind = EvidenceKind.Assumed, int? Times = null, double? Low = null, double? High = null, DateOnly? Date = null)
{
    /// <summary>As it is once more people, or fewer, stand behind it; what was measured keeps its n.</summary>
    internal Evidence HeardFrom(int people, DateOnly? day)
    {
        var date = day is null || Date > day ? Date : day;
        if (Kind == EvidenceKind.Measured) return this with { Date = date };
        var times = (Kind == EvidenceKind.Assumed ? 0 : Times ?? 1) + people;
        return times > 0 ? new Evidence(EvidenceKind.Heard, times, Date: date) : new Evidence(EvidenceKind.Assumed, Date: date);
    }

    /// <summary>How old it is on a day; what has no date does not age.</summary>
    internal EvidenceAge Age(DateOnly today, MapOptions limits) => Date is not { } date ? EvidenceAge.Fresh
        : date.AddMonths(limits.OldAfterMonths) <= today ? EvidenceAge.Old : date.AddMonths(limits.AgeingAfterMonths) <= today ? EvidenceAge.Ageing : EvidenceAge.Fresh;
}

/// <summary>Evidence ages: after some months it should be looked at again, later it is old.</summary>
public enum EvidenceAge
{
    Fresh = 0,
    Ageing = 1,
    Old = 2,
}

/// <summary>A part of the journey that holds steps.</summary>
public sealed record MapStage(string Id, string Name);

/// <summary>A column of the map.</summary>
/// <param name="Id">Different from all other ids of the map.</param>
/// <param name="Stage">Id of its stage.</param>
/// <param name="Name">What happens, in the customer's words.</param>
/// <param name="Touchpoint">Number of its touchpoint in the catalogue.</param>
/// <param name="Emotion">How customers feel, −2 to 2; null where nobody has said.</param>
/// <param name="Condition">Which of the touchpoint's events belong to it, as a funnel's step is narrowed; empty for all.</param>
/// <param name="Next">Ids of the steps that may follow, where that is not the next column alone: branches and loops.</param>
public sealed record MapStep(string Id, string Stage, string Name, int? Touchpoint = null, int? Emotion = null, string Condition = "", IReadOnlyList<string>? Next = null)
{
    /// <summary>Number of the map that tells this step in detail; null for none.</summary>
    public int? Map { get; init; }
}

/// <param name="Id">Different from all other ids of the map.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Name">Name of a free lane; empty for the others, whose names are the language's.</param>
public sealed record MapLane(string Id, LaneKind Kind, string Name = "");

/// <summary>A statement in a lane of a step.</summary>
public sealed record MapCard(string Id, string Step, string Lane, string Text, Evidence Evidence)
{
    /// <summary>Numbers of the personas it is about; null for all.</summary>
    public IReadOnlyList<int>? Personas { get; init; }

    /// <summary>Cards with the same word here, on whatever maps, are one: whoever changes one of them changes all. Null for a card of its own.</summary>
    public string? Shared { get; init; }

    /// <summary>Whether it is about a persona; what is of personas that have gone since is of everybody.</summary>
    /// <param name="persona">Number of the persona.</param>
    /// <param name="isThere">Whether there is a persona of a number.</param>
    public bool IsAbout(int persona, Func<int, bool> isThere) => Personas is not { Count: > 0 } of || of.Contains(persona) || !of.Any(isThere);
}

/// <summary>All that a map shows, in its order.</summary>
public sealed record MapContent
{
    public const int NameLength = 120, TextLength = 2000, MostSteps = 400, MostStages = 40, MostLanes = 40, MostCards = 8000, MostPersonas = 50;

    /// <summary>A text as it is kept: browsers send each line break as two characters.</summary>
    internal static string Plain(string? text) => (text ?? "").Replace("\r\n", "\n", StringComparison.Ordinal).Trim();

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>What a new map shows of lanes.</summary>
    public static readonly LaneKind[] UsualLanes = [LaneKind.Actions, LaneKind.Questions, LaneKind.PainPoints, LaneKind.Expects, LaneKind.Delivers, LaneKind.Opportunities, LaneKind.Backstage];

    public string Description { get; init; } = "";

    /// <summary>Whose journey it is.</summary>
    public string Persona { get; init; } = "";

    /// <summary>Numbers of the personas whose journey it is.</summary>
    public IReadOnlyList<int> Personas { get; init; } = [];

    public IReadOnlyList<MapStage> Stages { get; init; } = [];

    /// <summary>All steps; those of one stage stand in this order.</summary>
    public IReadOnlyList<MapStep> Steps { get; init; } = [];

    public IReadOnlyList<MapLane> Lanes { get; init; } = [];

    public IReadOnlyList<MapCard> Cards { get; init; } = [];

    /// <summary>A map of the usual lanes in which nothing stands yet.</summary>
    public static MapContent Empty => new() { Lanes = [.. UsualLanes.Select(l => new MapLane("lane-" + JsonNamingPolicy.KebabCaseLower.ConvertName(l.ToString()), l))] };

    public static MapContent Read(string json) => JsonSerializer.Deserialize<MapContent>(json, Json)!;

    public string Write() => JsonSerializer.Serialize(this, Json);

    public IEnumerable<MapStep> StepsOf(MapStage stage) => Steps.Where(s => s.Stage == stage.Id);

    public IEnumerable<MapCard> CardsAt(MapStep step, MapLane lane) => Cards.Where(c => c.Step == step.Id && c.Lane == lane.Id);

    /// <summary>The columns from left to right.</summary>
    public IEnumerable<MapStep> StepsInOrder() => Stages.SelectMany(StepsOf);

    /// <summary>Where a step leads, where it says so, and whether that is back to itself or to a step before it: branches and loops.</summary>
    public IReadOnlyList<(MapStep Step, bool IsBack)> NextOf(MapStep step)
    {
        if (step.Next is not { Count: > 0 } next) return [];
        var order = StepsInOrder().ToList();
        var place = order.FindIndex(s => s.Id == step.Id);
        return [.. next.Select(id => order.FindIndex(s => s.Id == id)).Where(at => at >= 0).Select(at => (order[at], at <= place))];
    }

    /// <summary>What is wrong with it; null where it can be kept.</summary>
    internal MapFault? Fault()
    {
        if (IsIncomplete()) return new(T("Map.Fault.Incomplete"));
        if (Lanes.Any(l => !Enum.IsDefined(l.Kind)) || Cards.Any(c => !Enum.IsDefined(c.Evidence.Kind))) return new(T("Map.Fault.Kind"));
        if (Stages.Count > MostStages || Steps.Count > MostSteps || Lanes.Count > MostLanes || Cards.Count > MostCards) return new(T("Map.Fault.TooMany", MostStages, MostSteps, MostLanes, MostCards));
        var (stages, steps, lanes) = (Ids(Stages.Select(s => s.Id)), Ids(Steps.Select(s => s.Id)), Ids(Lanes.Select(l => l.Id)));
        if (stages is null || steps is null || lanes is null || Ids(Cards.Select(c => c.Id)) is null) return new(T("Map.Fault.Ids"));
        if (Stages.Select(s => (s.Id, s.Name)).Concat(Steps.Select(s => (s.Id, s.Name))).Concat(Lanes.Where(l => l.Kind == LaneKind.Free).Select(l => (l.Id, l.Name))).FirstOrDefault(n => !JourneyMap.IsName(n.Name)) is ({ } id, { } name)) return new(T("Map.Fault.Name", name, NameLength), id);
        if (Lanes.Where(l => l.Kind != LaneKind.Free).GroupBy(l => l.Kind).Any(g => g.Count() > 1)) return new(T("Map.Fault.LaneTwice"));
        if (Lanes.Where(l => l.Kind == LaneKind.Free).FirstOrDefault(l => MapWords.IsTaken(l.Name)) is { } taken) return new(T("Map.Fault.LaneTaken", taken.Name));
        if (Lanes.Where(l => l.Kind == LaneKind.Free).GroupBy(l => l.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice) return new(T("Map.Fault.LaneNameTwice", twice.Key));
        if (Persona.Length > NameLength || Description.Length > TextLength) return new(T("Map.Fault.About", NameLength, TextLength));
        if (Steps.FirstOrDefault(s => !stages.Contains(s.Stage)) is { } lost) return new(T("Map.Fault.NoStage", lost.Name), lost.Id);
        if (Steps.FirstOrDefault(s => s.Emotion is < -2 or > 2) is { } felt) return new(T("Map.Fault.Emotion", felt.Name), felt.Id);
        if (Steps.FirstOrDefault(s => s.Condition.Length > TextLength) is { } narrowed) return new(T("Map.Fault.ConditionLength", narrowed.Name, TextLength), narrowed.Id);
        if (Steps.FirstOrDefault(s => s.Next?.Any(n => !steps.Contains(n)) == true) is { } branch) return new(T("Map.Fault.Next", branch.Name), branch.Id);
        if (Cards.FirstOrDefault(c => !steps.Contains(c.Step) || !lanes.Contains(c.Lane)) is { } card) return new(T("Map.Fault.CardPlace", Short(card.Text)), card.Id);
        if (Cards.FirstOrDefault(c => c.Text.Trim().Length is 0 or > TextLength) is { } text) return new(T("Map.Fault.CardText", TextLength, Short(text.Text)), text.Id);
        if (Personas.Count > MostPersonas || Cards.Any(c => c.Personas?.Count > MostPersonas)) return new(T("Map.Fault.Personas", MostPersonas));
        if (Cards.FirstOrDefault(c => c.Shared is { } shared && !IsId(shared)) is { } odd) return new(T("Map.Fault.Shared", Short(odd.Text)), odd.Id);
        return Cards.Select(FaultOf).FirstOrDefault(f => f is not null);
    }

    /// <summary>A request may leave out what must be there.</summary>
    private bool IsIncomplete() =>
        Description is null || Persona is null || Personas is null || Stages is null || Steps is null || Lanes is null || Cards is null
        || Stages.Any(s => s?.Id is null || s.Name is null) || Steps.Any(s => s?.Id is null || s.Stage is null || s.Name is null || s.Condition is null || s.Next?.Any(n => n is null) == true)
        || Lanes.Any(l => l?.Id is null || l.Name is null) || Cards.Any(c => c?.Id is null || c.Step is null || c.Lane is null || c.Text is null || c.Evidence is null);

    private static MapFault? FaultOf(MapCard card)
    {
        var e = card.Evidence;
        if (e.Kind == EvidenceKind.Assumed && (e.Times, e.Low, e.High) != (null, null, null)) return new(T("Map.Fault.Assumed", Short(card.Text)), card.Id);
        if (e.Times is < 1) return new(T("Map.Fault.Once", Short(card.Text)), card.Id);
        return e.Low > e.High ? new(T("Map.Fault.Interval", Short(card.Text)), card.Id) : null;
    }

    internal static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;

    private static HashSet<string>? Ids(IEnumerable<string> ids)
    {
        HashSet<string> all = new(StringComparer.Ordinal);
        foreach (var id in ids)
            if (!IsId(id) || !all.Add(id)) return null;
        return all;
    }

    private static bool IsId(string id) => id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
