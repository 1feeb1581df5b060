using System.Globalization;
using System.Text.Json;

namespace Tangent.Map;

/// <summary>The fields of a stage, a step, a lane or a card as a form has them.</summary>
public sealed class MapPartForm
{
    /// <summary>Stands for the id of a part that is added.</summary>
    internal const string New = "new";

    public string? Name { get; set; }

    public string? Stage { get; set; }

    public int? Touchpoint { get; set; }

    public int? Emotion { get; set; }

    public string? Condition { get; set; }

    public string[]? Next { get; set; }

    /// <summary>Number of the map that a step opens.</summary>
    public int? Map { get; set; }

    /// <summary>Numbers of the personas that a card is about; none for all.</summary>
    public int[]? Personas { get; set; }

    public LaneKind Kind { get; set; } = LaneKind.Free;

    public string? Step { get; set; }

    public string? Lane { get; set; }

    public string? Text { get; set; }

    public EvidenceKind Evidence { get; set; }

    public string? Times { get; set; }

    public string? Low { get; set; }

    public string? High { get; set; }

    public DateOnly? Date { get; set; }

    /// <summary>The part as the editor saw it, as JSON; empty for a new one.</summary>
    public string? Was { get; set; }

    /// <summary>Id of what a new part comes to stand before; empty for the end.</summary>
    public string? Before { get; set; }

    internal static MapPart? PartOf(string word) => MapWords.Read<MapPart>(word) is { } part and not MapPart.Map ? part : null;

    /// <returns>Null where the map has no such part.</returns>
    internal static MapPartForm? Stored(MapContent content, MapPart kind, string id) => kind switch
    {
        MapPart.Stage => content.Stages.FirstOrDefault(s => s.Id == id) is { } s ? Of(s) : null,
        MapPart.Step => content.Steps.FirstOrDefault(s => s.Id == id) is { } s ? Of(s) : null,
        MapPart.Lane => content.Lanes.FirstOrDefault(l => l.Id == id) is { } l ? Of(l) : null,
        _ => content.Cards.FirstOrDefault(c => c.Id == id) is { } c ? Of(c) : null,
    };

    internal static MapPartForm Of(MapStage s) => new() { Name = s.Name, Was = Json(s) };

    internal static MapPartForm Of(MapStep s) => new() { Name = s.Name, Stage = s.Stage, Touchpoint = s.Touchpoint, Emotion = s.Emotion, Condition = s.Condition, Next = [.. s.Next ?? []], Map = s.Map, Was = Json(s) };

    internal static MapPartForm Of(MapLane l) => new() { Name = l.Name, Kind = l.Kind, Was = Json(l) };

    internal static MapPartForm Of(MapCard c) => new()
    {
        Step = c.Step,
        Lane = c.Lane,
        Text = c.Text,
        Evidence = c.Evidence.Kind,
        Times = c.Evidence.Times?.ToString(CultureInfo.CurrentCulture),
        Low = c.Evidence.Low?.ToString("R", CultureInfo.CurrentCulture),
        High = c.Evidence.High?.ToString("R", CultureInfo.CurrentCulture),
        Date = c.Evidence.Date,
        Personas = [.. c.Personas ?? []],
        Was = Json(c),
    };

    /// <summary>An editor on the board shows some fields only: the others stay as the editor saw them.</summary>
    /// <returns>False where what was seen cannot be read.</returns>
    internal bool FillFromWas(MapPart part)
    {
        try
        {
            switch (part)
            {
                case MapPart.Step when Seen<MapStep>() is { } s:
                    (Stage, Touchpoint, Condition, Next, Map) = (s.Stage, s.Touchpoint, s.Condition, [.. s.Next ?? []], s.Map);
                    return true;
                case MapPart.Card when Seen<MapCard>() is { } c:
                    var all = Of(c);
                    (Step, Lane, Times, Low, High, Date, Personas) = (all.Step, all.Lane, all.Times, all.Low, all.High, all.Date, all.Personas);
                    return true;
                case MapPart.Stage: return Seen<MapStage>() is not null;
                case MapPart.Lane: return Seen<MapLane>() is not null;
                default: return false;
            }
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private T? Seen<T>() => JsonSerializer.Deserialize<T>(string.IsNullOrEmpty(Was) ? "null" : Was, MapContent.Json);

    /// <summary>What stands in the fields of an editor on the board, in a few words.</summary>
    internal string Words() => Text ?? (Emotion is { } felt ? $"{Name} ({felt:+0;−0;0})" : Name ?? "");

    /// <summary>The changes that the form asks for.</summary>
    /// <param name="part">What kind of part.</param>
    /// <param name="id">Its id; a new part gets it.</param>
    internal IReadOnlyList<MapChange> Changes(MapPart part, string id) => part switch
    {
        MapPart.Stage => Changes(part, id, new MapStage(id, Line(Name))),
        MapPart.Step => Changes(part, id, new MapStep(id, Stage ?? "", Line(Name), Touchpoint, Emotion, Line(Condition), Next is { Length: > 0 } ? Next : null) { Map = Map }),
        MapPart.Lane => Changes(part, id, new MapLane(id, Kind, Kind == LaneKind.Free ? Line(Name) : "")),
        _ => Changes(part, id, new MapCard(id, Step ?? "", Lane ?? "", MapContent.Plain(Text), Proof()) { Personas = Personas is { Length: > 0 } ? Personas : null }),
    };

    private IReadOnlyList<MapChange> Changes<T>(MapPart part, string id, T now)
    {
        if (string.IsNullOrEmpty(Was)) return [new MapChange(MapVerb.Add, part, Value: JsonSerializer.SerializeToNode(now, MapContent.Json), Before: string.IsNullOrEmpty(Before) ? null : Before)];
        try
        {
            // What a card shares has buttons of its own.
            return JsonSerializer.Deserialize<T>(Was, MapContent.Json) is { } was ? MapChange.Between(part, id, was, now is MapCard card ? (T)(object)(card with { Shared = (was as MapCard)?.Shared }) : now) : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>What is assumed has no numbers. What is new as heard was so once, unless said; that of an old card is for its editor to say.</summary>
    private Evidence Proof() => Evidence switch
    {
        EvidenceKind.Assumed => new Evidence(EvidenceKind.Assumed, Date: Date),
        EvidenceKind.Heard => new Evidence(EvidenceKind.Heard, (int?)Number(Times) ?? (WasKind() == EvidenceKind.Heard ? null : 1), Date: Date),
        var kind => new Evidence(kind, (int?)Number(Times), Number(Low), Number(High), Date),
    };

    /// <summary>How the card was known when the editor saw it; null for a new one.</summary>
    internal EvidenceKind? WasKind()
    {
        try
        {
            return Seen<MapCard>()?.Evidence.Kind;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Which number cannot be read; null where all can.</summary>
    internal string? Wrong() => Evidence == EvidenceKind.Assumed ? null : new[] { Times, Low, High }.FirstOrDefault(n => !string.IsNullOrWhiteSpace(n) && Number(n) is null)
        ?? (Number(Times) is { } times && times % 1 != 0 ? Times : null);

    /// <summary>With the decimal mark of the language or a point, without marks of thousands: 1.5 is never fifteen.</summary>
    private static double? Number(string? text) =>
        (double.TryParse(text, NumberStyles.Float, CultureInfo.CurrentCulture, out var number) || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number)) && Math.Abs(number) < 1e9 ? number : null;

    private static string Line(string? text) => (text ?? "").Trim();

    private static string Json<T>(T part) => JsonSerializer.Serialize(part, MapContent.Json);
}
