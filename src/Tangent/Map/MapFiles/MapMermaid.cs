using System.Globalization;
using System.Text;

namespace Tangent.Map;

/// <summary>
/// Mermaid's user journey diagram (https://mermaid.js.org/syntax/userJourney.html): sections are stages, tasks are steps, the score 1 to 5 is
/// the emotion −2 to 2. It has no touchpoints and no lanes; who takes part in a task is kept in a lane of its own.
/// </summary>
internal static class MapMermaid
{
    private const string Header = "journey", Actors = "Mermaid actors";

    public static string Write(JourneyMap map, MapContent content)
    {
        var text = new StringBuilder($"{Header}\n    title {Plain(map.Name)}\n");
        var actors = content.Lanes.FirstOrDefault(l => l.Name == Actors);
        var usual = content.Persona.Length > 0 ? Plain(content.Persona) : "Customer";
        foreach (var stage in content.Stages)
        {
            text.Append(CultureInfo.InvariantCulture, $"    section {Plain(stage.Name)}\n");
            foreach (var step in content.StepsOf(stage))
            {
                var who = actors is null ? [] : content.CardsAt(step, actors).Select(c => Plain(c.Text).Replace(',', ' ')).ToList();
                text.Append(CultureInfo.InvariantCulture, $"      {Plain(step.Name)}: {(step.Emotion ?? 0) + 3}: {(who.Count > 0 ? string.Join(", ", who) : usual)}\n");
            }
        }

        return text.ToString();
    }

    public static MapFile? TryRead(string text, out MapFileFault? fault)
    {
        var (builder, title, begun, inStage, number) = (new MapFileBuilder(), "", false, false, 0);
        fault = null;
        foreach (var written in text.Split('\n'))
        {
            number++;
            var line = written.Split("%%")[0].Trim();
            if (line.Length == 0) continue;
            if (!begun)
            {
                if (line != Header) return Refuse(number, $"A Mermaid journey begins with '{Header}'.", out fault);
                begun = true;
            }
            else if (Rest(line, "title") is { } name)
            {
                title = name;
            }
            else if (Rest(line, "section") is { } stage)
            {
                builder.AddStage(stage);
                inStage = true;
            }
            else if (Rest(line, "accTitle") is null && Rest(line, "accDescr") is null)
            {
                if (!inStage) builder.AddStage(title.Length > 0 ? title : "Journey");
                inStage = true;
                if (Task(builder, line) is { } wrong) return Refuse(number, wrong, out fault);
            }
        }

        if (!begun) return Refuse(1, $"A Mermaid journey begins with '{Header}'.", out fault);
        if (title.Length == 0) return Refuse(0, "The journey has no title, which is the map's name.", out fault);
        var file = builder.Build(title, MapState.AsIs, "", "", []);
        return file.Content.Fault() is { } bad ? Refuse(0, bad, out fault) : file;
    }

    private static string? Task(MapFileBuilder builder, string line)
    {
        if (line.Split(':') is not [var name, var score, .. var actors] || actors.Length > 1) return $"A task is written 'name: score: who', not '{line}'.";
        if (!int.TryParse(score.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var mark) || mark is < 1 or > 5) return $"The score is 1 to 5, not '{score.Trim()}'.";
        var step = builder.AddStep(new MapStep("", "", name.Trim(), Emotion: mark - 3), null);
        foreach (var actor in actors.SelectMany(a => a.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
            builder.AddCard(step, builder.Lane(LaneKind.Free, Actors), actor, new Evidence());
        return null;
    }

    private static string? Rest(string line, string word) => line.StartsWith(word, StringComparison.Ordinal) && line.Length > word.Length && line[word.Length] is (' ' or '\t' or ':') ? line[(word.Length + 1)..].Trim() : null;

    private static MapFile? Refuse(int line, string detail, out MapFileFault? fault)
    {
        fault = new MapFileFault(line, detail);
        return null;
    }

    /// <summary>The diagram's own signs cannot stand in a name.</summary>
    private static string Plain(string text) => string.Join(' ', text.Replace(':', ' ').Replace(';', ' ').Replace('#', ' ').Replace('%', ' ').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
