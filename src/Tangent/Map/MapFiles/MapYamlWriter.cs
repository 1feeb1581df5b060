using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Tangent.Map;

/// <summary>Writes a map as YAML that <see cref="MapYamlReader"/> reads as the same map.</summary>
internal sealed class MapYamlWriter
{
    private readonly Emitter _emitter;

    private MapYamlWriter(TextWriter writer) => _emitter = new Emitter(writer, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024));

    public static string Write(JourneyMap map, MapContent content, TouchpointCatalogue catalogue)
    {
        var text = new StringBuilder();
        using var writer = new StringWriter(text, CultureInfo.InvariantCulture) { NewLine = "\n" };
        new MapYamlWriter(writer).Map(map, content, catalogue.Touchpoints.ToDictionary(t => t.Id));
        // The emitter may end with the mark of a document's end; a text's own full stops stay.
        var yaml = text.ToString();
        if (yaml.EndsWith("\n...\n", StringComparison.Ordinal)) yaml = yaml[..^4];
        return yaml.TrimEnd('\n') + "\n";
    }

    private void Map(JourneyMap map, MapContent content, Dictionary<int, Touchpoint> catalogue)
    {
        _emitter.Emit(new StreamStart());
        _emitter.Emit(new DocumentStart());
        Open();
        Pair("map", map.Name);
        Pair("state", MapWords.Of(map.State));
        if (content.Description.Length > 0) Pair("description", content.Description);
        if (content.Persona.Length > 0) Pair("persona", content.Persona);
        Begin("lanes");
        foreach (var lane in content.Lanes) Lane(lane);
        End();
        Begin("stages");
        foreach (var stage in content.Stages) Stage(content, stage, catalogue);
        End();
        Touchpoints(content, catalogue);
        Close();
        _emitter.Emit(new DocumentEnd(isImplicit: true));
        _emitter.Emit(new StreamEnd());
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

    private void Stage(MapContent content, MapStage stage, Dictionary<int, Touchpoint> catalogue)
    {
        Open();
        Pair("stage", stage.Name);
        Begin("steps");
        foreach (var step in content.StepsOf(stage)) Step(content, step, catalogue);
        End();
        Close();
    }

    private void Step(MapContent content, MapStep step, Dictionary<int, Touchpoint> catalogue)
    {
        Open();
        Pair("step", step.Name);
        if (step.Touchpoint is { } number && catalogue.TryGetValue(number, out var touchpoint)) Pair("touchpoint", touchpoint.Name);
        if (step.Emotion is { } emotion) Pair("emotion", emotion.ToString(CultureInfo.InvariantCulture), plain: true);
        if (step.Condition.Length > 0) Pair("when", step.Condition);
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
        if (e == new Evidence())
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
            if (t.Description.Length > 0) Pair("description", t.Description);
            Close();
        }

        End();
    }

    private void Open() => _emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, true, MappingStyle.Block));

    private void Close() => _emitter.Emit(new MappingEnd());

    private void Begin(string key)
    {
        Scalar(key);
        _emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, true, SequenceStyle.Block));
    }

    private void End() => _emitter.Emit(new SequenceEnd());

    private void Pair(string key, string value, bool plain = false)
    {
        Scalar(key);
        if (plain) _emitter.Emit(new Scalar(value));
        else Scalar(value);
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
