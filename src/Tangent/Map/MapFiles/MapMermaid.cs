using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <summary>
/// Mermaid's user journey diagram (https://mermaid.js.org/syntax/userJourney.html): sections are stages, tasks are steps, the score 1 to 5 is
/// the emotion −2 to 2; who takes part in a task is kept in a lane of its own. What it cannot say stays as the map has it (<see cref="MapOutline"/>).
/// </summary>
internal static partial class MapMermaid
{
    /// <summary>Name of the lane of those who take part.</summary>
    public const string Actors = "Mermaid actors";

    /// <summary>Who takes part where the map does not say whose journey it is.</summary>
    public const string Everybody = "Customer";

    /// <summary>Every task has a score: one that nobody has given is drawn as the middle, with this mark among those who take part.</summary>
    private const string Unknown = "emotion unknown";

    private const string Header = "journey", State = "%% state";

    /// <summary>Words with which no task and no section can begin.</summary>
    private static readonly string[] Words = [Header, "title", "section", "accTitle", "accDescr"];

    public static string Write(JourneyMap map, MapContent content)
    {
        var text = new StringBuilder($"{Header}\n    title {Signed(map.Name)}\n");
        if (map.State != MapState.AsIs) text.Append(CultureInfo.InvariantCulture, $"    {State}: {MapWords.Of(map.State)}\n");
        var actors = content.Lanes.FirstOrDefault(l => l.Name == Actors);
        foreach (var stage in content.Stages)
        {
            text.Append(CultureInfo.InvariantCulture, $"    section {Signed(stage.Name)}\n");
            foreach (var step in content.StepsOf(stage))
            {
                List<string> who = [.. actors is null ? [content.Persona.Length > 0 ? content.Persona : Everybody] : content.CardsAt(step, actors).Select(c => c.Text), .. step.Emotion is null ? [Unknown] : Array.Empty<string>()];
                text.Append(CultureInfo.InvariantCulture, $"      {Signed(step.Name)}: {(step.Emotion ?? 0) + 3}{(who.Count > 0 ? ": " + string.Join(", ", who.Select(w => Signed(w).Replace(",", "#44;", StringComparison.Ordinal))) : "")}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>Whether a diagram that begins so is a journey.</summary>
    public static bool IsJourney(string first) => first.StartsWith(Header, StringComparison.Ordinal);

    public static MapFile? TryRead(MermaidPaste pasted, out MapFileFault? fault)
    {
        var (builder, title, state, begun, inStage, number) = (new MapFileBuilder(), pasted.Title, MapState.AsIs, false, false, 0);
        List<(MapStep Step, string[] Who)> tasks = [];
        fault = null;
        foreach (var written in pasted.Lines)
        {
            number++;
            if (Rest(written.Trim(), State) is { } word && MapWords.Read<MapState>(word) is { } said) state = said;
            var line = written.Split("%%")[0].Trim();
            if (line.Length == 0) continue;
            if (!begun)
            {
                if (line != Header) return Refuse(number, T("Map.File.MermaidBegins", Header), out fault);
                begun = true;
            }
            else if (Rest(line, "title") is { } name)
            {
                title = Plain(name);
            }
            else if (Rest(line, "section") is { } stage)
            {
                builder.AddStage(Plain(stage), number);
                inStage = true;
            }
            else if (Rest(line, "accTitle") is null && Rest(line, "accDescr") is null)
            {
                if (!inStage) builder.AddStage(title.Length > 0 ? title : "Journey", number);
                inStage = true;
                if (Task(builder, line, number, tasks) is { } wrong) return Refuse(number, wrong, out fault);
            }
        }

        if (!begun) return Refuse(1, T("Map.File.MermaidBegins", Header), out fault);
        if (title.Length == 0) return Refuse(0, T("Map.File.MermaidTitle"), out fault);
        var file = builder.Build(title, state, "", Persona(builder, tasks), []) with { IsOutline = true, Actors = [.. tasks.SelectMany(t => t.Who.Select(w => (t.Step.Id, w)))] };
        if (file.Content.Fault() is not { } bad) return file;
        fault = file.At(bad);
        return null;
    }

    /// <summary>What another diagram of Mermaid is called in its first line; null where it is none.</summary>
    public static string? OtherDiagram(string line) => Others().Match(line) is { Success: true } found ? found.Value : null;

    /// <summary>A text in one line, as the diagram has it.</summary>
    public static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static string? Task(MapFileBuilder builder, string line, int number, List<(MapStep Step, string[] Who)> tasks)
    {
        if (line.Split(':') is not [var name, var score, .. var actors] || actors.Length > 1) return T("Map.File.MermaidTask", line);
        if (!int.TryParse(score.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var mark) || mark is < 1 or > 5) return T("Map.File.MermaidScore", score.Trim());
        string[] who = [.. actors.SelectMany(a => a.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(Plain)];
        tasks.Add((builder.AddStep(new MapStep("", "", Plain(name.Trim()), Emotion: who.Contains(Unknown) ? null : mark - 3), null, number), [.. who.Where(w => w != Unknown)]));
        return null;
    }

    /// <summary>Of a new map: whose journey it is, where one alone takes part in all tasks; else who takes part becomes a lane.</summary>
    private static string Persona(MapFileBuilder builder, List<(MapStep Step, string[] Who)> tasks)
    {
        if (tasks.Select(t => t.Who is [var alone] ? alone : null).Distinct().ToList() is [{ } one]) return one == Everybody ? "" : one;
        foreach (var (step, who) in tasks)
            foreach (var actor in who) builder.AddCard(step, builder.Lane(LaneKind.Free, Actors), actor, new Evidence());
        return "";
    }

    private static string? Rest(string line, string word) => line.StartsWith(word, StringComparison.Ordinal) && line.Length > word.Length && line[word.Length] is (' ' or '\t' or ':') ? line[(word.Length + 1)..].Trim() : null;

    private static MapFile? Refuse(int line, string detail, out MapFileFault? fault)
    {
        fault = new MapFileFault(line, detail);
        return null;
    }

    /// <summary>The diagram's own signs are written as Mermaid's entities, which it draws as the signs; so is the first letter of a word that is Mermaid's own.</summary>
    private static string Signed(string text)
    {
        var line = string.Concat(OneLine(text).Select(c => c is ':' or ';' or '#' or '%' ? $"#{(int)c};" : $"{c}"));
        return Array.Exists(Words, w => line.StartsWith(w, StringComparison.OrdinalIgnoreCase)) ? $"#{(int)line[0]};{line[1..]}" : line;
    }

    private static string Plain(string text) => Entities().Replace(text, e => WebUtility.HtmlDecode($"&{(char.IsAsciiDigit(e.Groups[1].ValueSpan[0]) ? "#" : "")}{e.Groups[1].Value};"));

    [GeneratedRegex(@"#(\w+);")]
    private static partial Regex Entities();

    [GeneratedRegex(@"^(flowchart|graph|sequenceDiagram|classDiagram|stateDiagram|erDiagram|gantt|pie|quadrantChart|requirementDiagram|gitGraph|mindmap|timeline|sankey|xychart|block|packet|kanban|architecture|C4\w+)\b(?!\s*:)", RegexOptions.IgnoreCase)]
    private static partial Regex Others();
}
