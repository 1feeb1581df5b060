using Tangent.Web;

namespace Tangent.Map;

/// <summary>What a file says of a map, before touchpoints have their numbers.</summary>
/// <param name="Name">Name of the journey.</param>
/// <param name="State">As-is or to-be.</param>
/// <param name="Content">The map; its steps have no touchpoint yet.</param>
/// <param name="Touchpoints">Names of the touchpoints, by id of the step.</param>
/// <param name="Described">Touchpoints that the file describes, for those that are not in the catalogue.</param>
internal sealed record MapFile(string Name, MapState State, MapContent Content, IReadOnlyDictionary<string, string> Touchpoints, IReadOnlyList<Touchpoint> Described)
{
    public MapFileLinks Links { get; init; } = MapFileLinks.None;

    /// <summary>In which line a stage, a step or a card stands, by its id.</summary>
    public IReadOnlyDictionary<string, int> Lines { get; init; } = new Dictionary<string, int>();

    /// <summary>It says only stages, steps, their order and emotions: all else of a map that is there stays.</summary>
    public bool IsOutline { get; init; }

    /// <summary>Who takes part in which step of an outline, as it is written; in a new map that is the persona where one alone takes part in all, else a lane.</summary>
    public IReadOnlyList<(string Step, string Name)> Actors { get; init; } = [];

    /// <summary>A fault with the line of what it is about.</summary>
    public MapFileFault At(MapFault fault) => new(fault.Part is { } part ? Lines.GetValueOrDefault(part) : 0, fault.Detail);
}

/// <summary>A file that cannot be read as a map.</summary>
/// <param name="Line">Where, counted from 1; 0 where it is no matter of a line.</param>
/// <param name="Detail">What is wrong.</param>
internal sealed record MapFileFault(int Line, string Detail)
{
    public override string ToString() => Line > 0 ? Texts.T("Map.File.Line", Line, Detail) : Detail;
}

/// <summary>Steps and cards get ids by their place, so that a file read twice is the same map.</summary>
internal sealed class MapFileBuilder
{
    private readonly List<MapStage> _stages = [];
    private readonly List<MapStep> _steps = [];
    private readonly List<MapLane> _lanes = [];
    private readonly List<MapCard> _cards = [];
    private readonly Dictionary<string, string> _touchpoints = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    public IReadOnlyList<MapStep> Steps => _steps;

    public void AddStage(string name, int line = 0)
    {
        _stages.Add(new MapStage($"stage-{_stages.Count + 1}", name));
        _lines[_stages[^1].Id] = line;
    }

    public MapStep AddStep(MapStep step, string? touchpoint, int line = 0)
    {
        var placed = step with { Id = $"step-{_steps.Count + 1}", Stage = _stages[^1].Id };
        _steps.Add(placed);
        _lines[placed.Id] = line;
        if (touchpoint is not null) _touchpoints[placed.Id] = touchpoint;
        return placed;
    }

    /// <summary>The lane, which is added where it is not there yet.</summary>
    public MapLane Lane(LaneKind kind, string name = "")
    {
        if (_lanes.Find(l => l.Kind == kind && l.Name == name) is { } there) return there;
        var lane = new MapLane(kind == LaneKind.Free ? $"lane-{_lanes.Count + 1}" : "lane-" + MapWords.Of(kind), kind, name);
        _lanes.Add(lane);
        return lane;
    }

    public MapCard AddCard(MapStep step, MapLane lane, string text, Evidence evidence, string? shared = null, int line = 0)
    {
        var card = new MapCard($"card-{_cards.Count + 1}", step.Id, lane.Id, text, evidence) { Shared = shared };
        _cards.Add(card);
        _lines[card.Id] = line;
        return card;
    }

    public void SetNext(MapStep step, IReadOnlyList<string> next) => _steps[_steps.FindIndex(s => s.Id == step.Id)] = step with { Next = next };

    public MapFile Build(string name, MapState state, string description, string persona, IReadOnlyList<Touchpoint> described)
    {
        foreach (var lane in MapContent.UsualLanes.Where(_ => _lanes.Count == 0).ToList()) Lane(lane);
        return new MapFile(name, state, new MapContent { Description = description, Persona = persona, Stages = _stages, Steps = _steps, Lanes = _lanes, Cards = _cards }, _touchpoints, described) { Lines = _lines };
    }
}

/// <summary>How lanes, states and the like are written in files.</summary>
internal static class MapWords
{
    public static string Of(Enum value) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>The fields of a step; no own lane is named so.</summary>
    public static readonly string[] StepFields = ["step", "touchpoint", "emotion", "when", "next", "map"];

    /// <summary>Whether a word stands for a field or a lane already.</summary>
    public static bool IsTaken(string name) => StepFields.Contains(name, StringComparer.OrdinalIgnoreCase) || Read<LaneKind>(name) is not null;

    /// <summary>The name by which other steps refer to a step; those of one name are counted.</summary>
    public static string NameAmong(MapStep step, IReadOnlyList<MapStep> steps)
    {
        var same = steps.Where(s => s.Name == step.Name).ToList();
        return same.Count == 1 ? step.Name : $"{step.Name} #{same.FindIndex(s => s.Id == step.Id) + 1}";
    }

    public static string Of(MapLane lane) => lane.Kind == LaneKind.Free ? lane.Name : Of(lane.Kind);

    public static T? Read<T>(string word)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if (string.Equals(Of(value), word.Trim(), StringComparison.OrdinalIgnoreCase)) return value;
        return null;
    }

    public static string List<T>(Func<T, bool>? which = null)
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Where(which ?? (_ => true)).Select(v => Of(v)));
}
