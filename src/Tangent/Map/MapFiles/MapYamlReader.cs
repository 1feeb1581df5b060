using System.Globalization;
using Tangent.Web;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <summary>Reads a map from YAML; docs/map.md has the form. What it does not know it refuses, with the line.</summary>
internal sealed class MapYamlReader
{
    public const int LongestFile = 4_000_000;

    private static readonly string[] TopKeys = ["map", "state", "parent", "description", "persona", "personas", "lanes", "stages", "touchpoints"];
    private const int Deepest = 16;

    private readonly MapFileBuilder _builder = new();
    private readonly List<(MapStep Step, List<(string Name, int Line)> Names)> _branches = [];
    private readonly HashSet<string> _own = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NamedMap> _inside = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _ofCards = new(StringComparer.Ordinal);

    internal sealed class FaultException(MapFileFault fault) : Exception(fault.Detail)
    {
        public FaultException(int line, string detail)
            : this(new MapFileFault(line, detail))
        {
        }

        public MapFileFault Fault { get; } = fault;
    }

    /// <param name="text">The file.</param>
    /// <param name="fault">Why it is no map.</param>
    /// <returns>Null where it is none.</returns>
    public static MapFile? TryRead(string text, out MapFileFault? fault) => TryRead(text, root =>
    {
        var file = new MapYamlReader().Map(root);
        return file.Content.Fault() is { } wrong ? throw new FaultException(file.At(wrong)) : file;
    }, T("Map.File.One"), out fault);

    /// <summary>Reads one document; what is no YAML, and what the reading refuses, is the fault.</summary>
    internal static T? TryRead<T>(string text, Func<YamlNode, T> read, string holds, out MapFileFault? fault)
        where T : class
    {
        fault = null;
        try
        {
            if (text.Length > LongestFile) throw new FaultException(0, Texts.T("Map.File.TooLong", LongestFile));
            RefuseTraps(text);
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            if (yaml.Documents.Count != 1) throw new FaultException(0, holds);
            return read(yaml.Documents[0].RootNode);
        }
        catch (YamlException e)
        {
            // Of a tab the parser says where what it stands in began.
            var tab = e.Message.Contains("tab", StringComparison.OrdinalIgnoreCase) ? Array.FindIndex(text.Split('\n'), l => l.TrimStart() is { Length: > 0 } rest && l[..^rest.Length].Contains('\t')) + 1 : 0;
            fault = tab > 0 ? new MapFileFault(tab, Texts.T("Map.File.NoYaml", Texts.T("Map.File.Tab"))) : new MapFileFault((int)e.Start.Line, Texts.T("Map.File.NoYaml", e.Message));
        }
        catch (FaultException e)
        {
            fault = e.Fault;
        }

        return null;
    }

    /// <summary>Nodes are built by recursion and aliases may stand for thousands of nodes: neither depth nor aliases are needed for a map.</summary>
    private static void RefuseTraps(string text)
    {
        var (parser, depth) = (new Parser(new StringReader(text)), 0);
        while (parser.MoveNext())
        {
            var now = parser.Current!;
            if (now is AnchorAlias) throw new FaultException((int)now.Start.Line, T("Map.File.Alias"));
            if (now is MappingStart or SequenceStart && ++depth > Deepest) throw new FaultException((int)now.Start.Line, T("Map.File.Deep"));
            if (now is MappingEnd or SequenceEnd) depth--;
        }
    }

    private MapFile Map(YamlNode root)
    {
        var map = Mapping(root, T("Map.File.MapBegins"));
        Only(map, TopKeys);
        foreach (var lane in Items(map, "lanes")) Lane(lane);
        foreach (var stage in Items(map, "stages")) Stage(Mapping(stage, T("Map.File.StageBegins")));
        foreach (var (step, names) in _branches)
            _builder.SetNext(step, [.. names.Select(n => _builder.Steps.FirstOrDefault(s => MapWords.NameAmong(s, _builder.Steps) == n.Name)?.Id ?? throw new FaultException(n.Line, T("Map.File.NoStep", n.Name)))]);
        var described = Items(map, "touchpoints").Select(t => Described(Mapping(t, T("Map.File.TouchpointBegins")))).ToList();
        return _builder.Build(Name(map, "map"), Word<MapState>(map, "state") ?? MapState.AsIs, Text(map, "description") ?? "", Text(map, "persona") ?? "", described) with
        {
            Links = new MapFileLinks(Named(map, "parent"), _inside, Personas(map), _ofCards),
        };
    }

    /// <summary>A map by its name, or by <c>map: NAME</c> and <c>state: STATE</c> where that is another one than the file's own.</summary>
    private static NamedMap? Named(YamlMappingNode node, string key)
    {
        if (!node.Children.TryGetValue(key, out var named)) return null;
        if (named is not YamlMappingNode other) return new NamedMap(Name(node, key));
        Only(other, ["map", "state"]);
        return new NamedMap(Name(other, "map"), Word<MapState>(other, "state"));
    }

    private static List<string> Personas(YamlMappingNode node) =>
        [.. Items(node, "personas").Select(p => p is YamlScalarNode { Value: { } name } && name.Trim().Length is > 0 and <= Persona.NameLength && !name.Any(char.IsControl) ? name.Trim() : throw Fault(p, T("Map.File.PersonaNames")))];

    private void Lane(YamlNode node)
    {
        if (node is YamlScalarNode word)
        {
            _builder.Lane(MapWords.Read<LaneKind>(word.Value ?? "") is { } kind and not LaneKind.Free ? kind : throw Fault(node, T("Map.File.NoLane", word.Value, Kinds)));
            return;
        }

        var name = Name(Mapping(node, T("Map.File.LaneForm")), "name");
        if (MapWords.IsTaken(name) || !_own.Add(name)) throw Fault(node, T("Map.File.Taken", name));
        _builder.Lane(LaneKind.Free, name);
    }

    private static string Kinds => MapWords.List<LaneKind>(k => k != LaneKind.Free);

    private void Stage(YamlMappingNode stage)
    {
        Only(stage, ["stage", "steps"]);
        _builder.AddStage(Name(stage, "stage"), Line(stage));
        foreach (var step in Items(stage, "steps")) Step(Mapping(step, T("Map.File.StepBegins")));
    }

    private void Step(YamlMappingNode node)
    {
        int? emotion = null;
        if (Text(node, "emotion") is { } felt) emotion = int.TryParse(felt, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var e) && e is >= -2 and <= 2 ? e : throw Fault(node["emotion"], T("Map.File.Emotion", felt));
        var step = _builder.AddStep(new MapStep("", "", Name(node, "step"), Emotion: emotion, Condition: Text(node, "when") ?? ""), Optional(node, "touchpoint"), Line(node.Children.TryGetValue("when", out var when) ? when : node));
        if (Named(node, "map") is { } inside) _inside[step.Id] = inside;
        var next = Items(node, "next").Select(n => (n is YamlScalarNode { Value: { } name } ? name : throw Fault(n, T("Map.File.NextNames")), Line(n))).ToList();
        if (next.Count > 0) _branches.Add((step, next));
        foreach (var (key, cards) in node.Children)
        {
            if (key is not YamlScalarNode { Value: { } word }) throw Fault(key, T("Map.File.Key"));
            if (MapWords.StepFields.Contains(word)) continue;
            var lane = MapWords.Read<LaneKind>(word) is { } kind and not LaneKind.Free ? _builder.Lane(kind) : Own(word, key);
            foreach (var card in cards is YamlSequenceNode list ? list.Children : [cards]) Card(step, lane, card);
        }
    }

    private MapLane Own(string word, YamlNode key)
    {
        if (!_own.Contains(word)) throw Fault(key, T("Map.File.NoField", word, string.Join(", ", MapWords.StepFields), Kinds));
        return _builder.Lane(LaneKind.Free, word);
    }

    private void Card(MapStep step, MapLane lane, YamlNode node)
    {
        if (node is YamlScalarNode { Value: { } text })
        {
            if (text.Trim().Length == 0) throw Fault(node, T("Map.File.CardEmpty"));
            _builder.AddCard(step, lane, text.Trim(), new Evidence(), line: Line(node));
            return;
        }

        var card = Mapping(node, T("Map.File.CardForm"));
        Only(card, ["text", "evidence", "times", "low", "high", "date", "personas", "shared"]);
        var evidence = new Evidence(Word<EvidenceKind>(card, "evidence") ?? EvidenceKind.Assumed, (int?)Number(card, "times", whole: true), Number(card, "low"), Number(card, "high"), Date(card));
        var added = _builder.AddCard(step, lane, Name(card, "text", MapContent.TextLength), evidence, Optional(card, "shared"), Line(node));
        if (Personas(card) is { Count: > 0 } personas) _ofCards[added.Id] = personas;
    }

    private static Touchpoint Described(YamlMappingNode node)
    {
        Only(node, ["touchpoint", "channel", "stage", "control", "directness", "online", "owner", "department", "costPerContact", "description"]);
        return new Touchpoint
        {
            Name = Name(node, "touchpoint"),
            Channel = Text(node, "channel") ?? "",
            Stage = Word<LifeCycleStage>(node, "stage") ?? LifeCycleStage.Awareness,
            Control = Word<Control>(node, "control") ?? Control.Owned,
            Directness = Word<Directness>(node, "directness") ?? Directness.Direct,
            Online = Text(node, "online") switch { null or "true" => true, "false" => false, var other => throw Fault(node["online"], T("Map.File.Online", other)) },
            Owner = Text(node, "owner") ?? "",
            Department = Optional(node, "department") ?? "",
            CostPerContact = Number(node, "costPerContact") is { } cost ? cost >= 0 ? (decimal)cost : throw Fault(node["costPerContact"], T("Map.File.Cost")) : null,
            Description = Text(node, "description") ?? "",
        };
    }

    private static DateOnly? Date(YamlMappingNode node) => Text(node, "date") is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : throw Fault(node["date"], T("Map.File.Day", text));

    private static double? Number(YamlMappingNode node, string key, bool whole = false) => Text(node, key) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && Math.Abs(number) < 1e9 && (!whole || number % 1 == 0) ? number
        : throw Fault(node[key], whole ? T("Map.File.WholeNumber", text) : T("Map.File.Number", text));

    internal static T? Word<T>(YamlMappingNode node, string key)
        where T : struct, Enum =>
        Text(node, key) is not { } text ? null : MapWords.Read<T>(text) ?? throw Fault(node[key], Texts.T("Map.File.Word", key, MapWords.List<T>(), text));

    internal static string Name(YamlMappingNode node, string key, int longest = MapContent.NameLength) =>
        Text(node, key)?.Trim() is { Length: > 0 } name && name.Length <= longest && (longest > MapContent.NameLength || !name.Any(char.IsControl)) ? name
            : throw Fault(node, T("Map.File.Missing", key, longest));

    private static string? Optional(YamlMappingNode node, string key) => node.Children.ContainsKey(key) ? Name(node, key) : null;

    internal static string? Text(YamlMappingNode node, string key)
    {
        if (!node.Children.TryGetValue(key, out var value)) return null;
        return value is YamlScalarNode scalar ? scalar.Value : throw Fault(value, T("Map.File.Single", key));
    }

    internal static IEnumerable<YamlNode> Items(YamlMappingNode node, string key)
    {
        if (!node.Children.TryGetValue(key, out var value) || value is YamlScalarNode { Value: null or "" }) return [];
        return value is YamlSequenceNode list ? list.Children : throw Fault(value, T("Map.File.List", key));
    }

    internal static YamlMappingNode Mapping(YamlNode node, string wanted) => node as YamlMappingNode ?? throw Fault(node, wanted);

    internal static void Only(YamlMappingNode node, string[] keys)
    {
        foreach (var key in node.Children.Keys)
            if (key is not YamlScalarNode { Value: { } word } || !keys.Contains(word)) throw Fault(key, T("Map.File.Only", key, string.Join(", ", keys)));
    }

    internal static FaultException Fault(YamlNode node, string detail) => new(Line(node), detail);

    private static int Line(YamlNode node) => (int)node.Start.Line;
}
