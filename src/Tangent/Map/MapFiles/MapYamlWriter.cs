using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Tangent.Map;

/// <summary>Writes a map as YAML that <see cref="MapYamlReader"/> reads as the same map.</summary>
internal sealed class MapYamlWriter
{
    private readonly Emitter _emitter;
    private MapReferences? _references;

    private MapYamlWriter(TextWriter writer) => _emitter = new Emitter(writer, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024));

    /// <param name="map">The map.</param>
    /// <param name="content">What is on it.</param>
    /// <param name="catalogue">The touchpoints it names.</param>
    /// <param name="references">The personas and maps it names; null leaves them out.</param>
    public static string Write(JourneyMap map, MapContent content, TouchpointCatalogue catalogue, MapReferences? references = null) => Write(yaml =>
    {
        yaml._references = references;
        yaml.Map(map, content, catalogue.Touchpoints.ToDictionary(t => t.Id));
    });

    /// <summary>One document.</summary>
    internal static string Write(Action<MapYamlWriter> write)
    {
        var text = new StringBuilder();
        using var writer = new StringWriter(text, CultureInfo.InvariantCulture) { NewLine = "\n" };
        var yaml = new MapYamlWriter(writer);
        yaml._emitter.Emit(new StreamStart());
        yaml._emitter.Emit(new DocumentStart());
        write(yaml);
        yaml._emitter.Emit(new DocumentEnd(isImplicit: true));
        yaml._emitter.Emit(new StreamEnd());
        // The emitter may end with the mark of a document's end; a text's own full stops stay.
        var written = text.ToString();
        if (written.EndsWith("\n...\n", StringComparison.Ordinal)) written = written[..^4];
        return written.TrimEnd('\n') + "\n";
    }

    private void Map(JourneyMap map, MapContent content, Dictionary<int, Touchpoint> catalogue)
    {
        Open();
        Pair("map", map.Name);
        Pair("state", MapWords.Of(map.State));
        Named("parent", map, map.ParentId);
        if (content.Description.Length > 0) Pair("description", content.Description);
        if (content.Persona.Length > 0) Pair("persona", content.Persona);
        List("personas", _references?.Names(content.Personas) ?? []);
        Begin("lanes");
        foreach (var lane in content.Lanes) Lane(lane);
        End();
        Begin("stages");
        foreach (var stage in content.Stages) Stage(map, content, stage, catalogue);
        End();
        Touchpoints(content, catalogue);
        Close();
    }

    /// <summary>Another map by its name, and by its state where that is not the own one.</summary>
    private void Named(string key, JourneyMap own, int? id)
    {
        if (_references?.Map(id) is not { } named) return;
        if (named.State == own.State)
        {
            Pair(key, named.Name);
            return;
        }

        Scalar(key);
        Open();
        Pair("map", named.Name);
        Pair("state", MapWords.Of(named.State));
        Close();
    }

    private void Lane(MapLane lane)
    {
        if (lane.Kind != LaneKind.Free)
        {
            Scalar(MapWords.Of(lane.Kind));
            return;
        }

        Open();
        Pair("name", lane.Name);
        Close();
    }

    private void Stage(JourneyMap map, MapContent content, MapStage stage, Dictionary<int, Touchpoint> catalogue)
    {
        Open();
        Pair("stage", stage.Name);
        Begin("steps");
        foreach (var step in content.StepsOf(stage)) Step(map, content, step, catalogue);
        End();
        Close();
    }

    private void Step(JourneyMap map, MapContent content, MapStep step, Dictionary<int, Touchpoint> catalogue)
    {
        Open();
        Pair("step", step.Name);
        if (step.Touchpoint is { } number && catalogue.TryGetValue(number, out var touchpoint)) Pair("touchpoint", touchpoint.Name);
        if (step.Emotion is { } emotion) Pair("emotion", emotion.ToString(CultureInfo.InvariantCulture), plain: true);
        if (step.Condition.Length > 0) Pair("when", step.Condition);
        Named("map", map, step.Map);
        if (step.Next is { Count: > 0 } next)
        {
            var inOrder = content.StepsInOrder().ToList();
            Begin("next");
            foreach (var id in next) Scalar(MapWords.NameAmong(content.Steps.First(s => s.Id == id), inOrder));
            End();
        }

        foreach (var lane in content.Lanes)
        {
            var cards = content.CardsAt(step, lane).ToList();
            if (cards.Count == 0) continue;
            Begin(MapWords.Of(lane));
            foreach (var card in cards) Card(card);
            End();
        }

        Close();
    }

    private void Card(MapCard card)
    {
        var e = card.Evidence;
        var personas = _references?.Names(card.Personas) ?? [];
        if (e == new Evidence() && card.Shared is null && personas.Count == 0)
        {
            Scalar(card.Text);
            return;
        }

        Open();
        Pair("text", card.Text);
        Pair("evidence", MapWords.Of(e.Kind));
        if (e.Times is { } times) Pair("times", times.ToString(CultureInfo.InvariantCulture), plain: true);
        if (e.Low is { } low) Pair("low", low.ToString("R", CultureInfo.InvariantCulture), plain: true);
        if (e.High is { } high) Pair("high", high.ToString("R", CultureInfo.InvariantCulture), plain: true);
        if (e.Date is { } date) Pair("date", date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), plain: true);
        List("personas", personas);
        if (card.Shared is { } shared) Pair("shared", shared);
        Close();
    }

    /// <summary>Those that the map uses, so that another catalogue can take them over.</summary>
    private void Touchpoints(MapContent content, Dictionary<int, Touchpoint> catalogue)
    {
        var used = content.Steps.Select(s => s.Touchpoint).OfType<int>().Distinct().Where(catalogue.ContainsKey).Select(id => catalogue[id]).ToList();
        if (used.Count == 0) return;
        Begin("touchpoints");
        foreach (var t in used)
        {
            Open();
            Pair("touchpoint", t.Name);
            if (t.Channel.Length > 0) Pair("channel", t.Channel);
            Pair("stage", MapWords.Of(t.Stage));
            Pair("control", MapWords.Of(t.Control));
            Pair("directness", MapWords.Of(t.Directness));
            Pair("online", t.Online ? "true" : "false", plain: true);
            if (t.Owner.Length > 0) Pair("owner", t.Owner);
            if (t.Department.Length > 0) Pair("department", t.Department);
            if (t.CostPerContact is { } cost) Pair("costPerContact", cost.ToString(CultureInfo.InvariantCulture), plain: true);
            if (t.Description.Length > 0) Pair("description", t.Description);
            Close();
        }

        End();
    }

    internal void Open() => _emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, true, MappingStyle.Block));

    internal void Close() => _emitter.Emit(new MappingEnd());

    internal void Begin(string key)
    {
        Scalar(key);
        _emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, true, SequenceStyle.Block));
    }

    internal void End() => _emitter.Emit(new SequenceEnd());

    internal void Pair(string key, string value, bool plain = false)
    {
        Scalar(key);
        if (plain) _emitter.Emit(new Scalar(value));
        else Scalar(value);
    }

    /// <summary>A list of texts; nothing where it is empty.</summary>
    internal void List(string key, IReadOnlyCollection<string> texts)
    {
        if (texts.Count == 0) return;
        Begin(key);
        foreach (var text in texts) Scalar(text);
        End();
    }

    /// <summary>A text that other readers would take for a number, a date or yes and no is written in quotes.</summary>
    private void Scalar(string text)
    {
        var style = text.Contains('\n') ? ScalarStyle.Literal : IsPlain(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted;
        _emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, style, true, true));
    }

    private static bool IsPlain(string text) => text.Length > 0 && char.IsLetter(text[0])
        && text.All(c => char.IsLetterOrDigit(c) || " -_().,;!?/'%&+€".Contains(c)) && text[^1] != ' ' && !text.Contains(" #", StringComparison.Ordinal)
        && text.ToLowerInvariant() is not ("true" or "false" or "yes" or "no" or "on" or "off" or "null" or "y" or "n");
}
