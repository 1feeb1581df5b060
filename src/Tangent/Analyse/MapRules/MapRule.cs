using System.Text.Json;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>How well customers keep to a map.</summary>
/// <param name="Rules">The rules that the map means, as people write them.</param>
/// <param name="LeftOut">Rules that are more than a question can have.</param>
/// <param name="Answer">What came of them.</param>
public sealed record MapRulesAnswer(IReadOnlyList<string> Rules, int LeftOut, ConformanceAnswer Answer);

/// <summary>The same for the page.</summary>
/// <param name="Question">Address of the page with all about these rules.</param>
/// <param name="Report">Fitness, rules, deviations.</param>
/// <param name="LeftOut">Rules that are more than a question can have.</param>
/// <param name="Numbers">Of each deviation, the rule's number and the touchpoint, as the button sends them.</param>
public sealed record MapRulesReport(string Question, ConformanceReport Report, int LeftOut, IReadOnlyList<(int Rule, string? Touchpoint)> Numbers);

/// <summary>The rules that a map means.</summary>
/// <param name="Rules">The rules.</param>
/// <param name="Steps">Of each rule, the step that it is about.</param>
internal sealed record CompiledMap(IReadOnlyList<ConformanceRule> Rules, IReadOnlyList<MapStep> Steps);

/// <summary>Holds journeys against a map: who is at a step came by one that leads to it, and goes on to one that it leads to.</summary>
internal sealed class MapRules(LiveMaps live, JourneyStore journeys, JourneyMapQueries maps)
{
    /// <summary>
    /// Each touchpoint is followed by one of those that the map has after it (response), and comes after one of those that lead to it (precedence).
    /// A step without a touchpoint is passed through; a touchpoint in several steps is one; conditions of steps are not looked at.
    /// A touchpoint of the as-is map of the same journey that the to-be map has nowhere is to occur no more (absent): such a rule is about the step behind which it stood.
    /// </summary>
    public async Task<CompiledMap> CompileAsync(JourneyMap map, CancellationToken ct)
    {
        var asIs = map.State == MapState.ToBe && await maps.NamedAsync(map.Name, MapState.AsIs, ct) is { } twin ? MapContent.Read(twin.Content) : null;
        return Compile(MapContent.Read(map.Content), asIs);
    }

    private CompiledMap Compile(MapContent content, MapContent? asIs)
    {
        var order = content.StepsInOrder().ToList();
        var bound = live.Bound(content);
        var names = bound.ToDictionary(b => b.Step.Id, b => b.Touchpoint, StringComparer.Ordinal);
        var pairs = bound.SelectMany(b => After(b.Step, order, names, []).Select(to => (From: b.Touchpoint, To: to)))
            .Where(p => !Same(p.From, p.To)).Distinct().ToList();
        List<ConformanceRule> rules = [];
        List<MapStep> steps = [];
        foreach (var step in bound.DistinctBy(b => b.Touchpoint, StringComparer.OrdinalIgnoreCase))
        {
            var (from, to) = (pairs.Where(p => Same(p.To, step.Touchpoint)).Select(p => p.From).ToList(), pairs.Where(p => Same(p.From, step.Touchpoint)).Select(p => p.To).ToList());
            // What comes first can be reached by a loop only: nothing must lead to it.
            if (from.Count > 0 && !Same(step.Touchpoint, bound[0].Touchpoint)) Add(new ConformanceRule(RuleKind.Precedence, [from, [step.Touchpoint]]), step.Step);
            if (to.Count > 0) Add(new ConformanceRule(RuleKind.Response, [[step.Touchpoint], to]), step.Step);
        }

        var place = order.FirstOrDefault();
        // Of a narrowed step only some of the touchpoint's events were to go.
        foreach (var step in asIs is null ? [] : live.Bound(asIs))
        {
            if (bound.Find(b => Same(b.Touchpoint, step.Touchpoint)) is { } stays) place = stays.Step;
            else if (place is not null && step.Step.Condition.Length == 0 && !rules.Exists(r => r.Kind == RuleKind.Absent && Same(r.Touchpoints[0][0], step.Touchpoint))) Add(new ConformanceRule(RuleKind.Absent, [[step.Touchpoint]]), place);
        }

        return new CompiledMap(rules, steps);

        void Add(ConformanceRule rule, MapStep step)
        {
            rules.Add(rule);
            steps.Add(step);
        }
    }

    /// <returns>Null where the map means no rule.</returns>
    private static ConformanceQuestion? Question(CompiledMap compiled, JourneyFilter filter) =>
        compiled.Rules is { Count: > 0 } rules ? new ConformanceQuestion([.. rules.Take(ConformanceQuestion.MostRules)], filter) : null;

    public Asked<MapRulesAnswer> Ask(CompiledMap compiled, JourneyFilter filter)
    {
        if (Question(compiled, filter) is not { } question) return new Refusal("id", T("Analyse.LiveMap.NoRules"));
        return journeys.Ask(question).Map(answer => new MapRulesAnswer([.. question.Rules.Select(r => r.ToString())], compiled.Rules.Count - question.Rules.Count, answer));
    }

    public MapRulesReport? Report(CompiledMap compiled, JourneyFilter filter, Marks marks)
    {
        if (Question(compiled, filter) is not { } question || journeys.Ask(question).Answer is not { } answer) return null;
        return new MapRulesReport(
            ConformanceAddress.Of(question).ToString(), ConformanceReports.Of(question, answer, marks), compiled.Rules.Count - question.Rules.Count,
            [.. answer.FirstDeviations.Select(d => (d.Number, d.Touchpoint))]);
    }

    /// <summary>Writes a deviation on a to-be map as an opportunity; one that says so already gets the new figures. Its evidence is the share of the customers whom a rule could hold for, in percent, with its interval.</summary>
    /// <returns>Null where there is no such map.</returns>
    public async Task<Asked<JourneyMapModel>?> RecordAsync(int map, int rule, string? touchpoint, JourneyFilter filter, DateOnly today, Actor by, CancellationToken ct)
    {
        if (await maps.FindAsync(map, ct) is not { } there) return null;
        // What happens is no deviation from what happens.
        if (there.State == MapState.AsIs) return new Refusal("id", T("Analyse.LiveMap.AsIsHint"));
        var (content, compiled) = (MapContent.Read(there.Content), await CompileAsync(there, ct));
        var asked = Ask(compiled, filter);
        if (asked.Refusal is { } refusal) return refusal;
        if (asked.Answer!.Answer.FirstDeviations.FirstOrDefault(d => d.Number == rule && string.Equals(d.Touchpoint, touchpoint, StringComparison.OrdinalIgnoreCase)) is not { } deviation)
            return new Refusal("rule", T("Analyse.LiveMap.NoDeviation"));
        var changed = await maps.ChangeAsync(map, Card(content, compiled, deviation, asked.Answer.Answer.Applicable, today), by, ct);
        return changed?.Refusal is { } refused ? new Refusal("rule", refused.Detail) : JourneyMapModel.Of((await maps.FindAsync(map, ct))!);
    }

    private static IReadOnlyList<MapChange> Card(MapContent content, CompiledMap compiled, Deviation deviation, long applicable, DateOnly today)
    {
        var interval = Interval.Wilson(deviation.Customers, applicable);
        static double Percent(double share) => Math.Round(share * 100, 1);
        var rule = compiled.Rules[deviation.Number - 1];
        var evidence = new Evidence(EvidenceKind.Measured, (int)Math.Min(applicable, int.MaxValue), Percent(interval.Low), Percent(interval.High), today);
        var (step, lane) = (compiled.Steps[deviation.Number - 1], content.Lanes.FirstOrDefault(l => l.Kind == LaneKind.Opportunities));
        // The text has no figures: the same deviation has the same words, in whatever language somebody recorded it before.
        var known = PreferencesEndpoints.Languages.Select(language => In(language, Words)).ToHashSet(StringComparer.Ordinal);
        if (lane is not null && content.CardsAt(step, lane).FirstOrDefault(c => known.Contains(c.Text)) is { } there) return MapChange.Between(MapPart.Card, there.Id, there, there with { Evidence = evidence });
        var card = new MapCard("card-" + Guid.NewGuid().ToString("N")[..12], step.Id, lane?.Id ?? "lane-opportunities", Words(), evidence);
        var added = new MapChange(MapVerb.Add, MapPart.Card, Value: JsonSerializer.SerializeToNode(card, MapContent.Json));
        return lane is not null ? [added] : [new MapChange(MapVerb.Add, MapPart.Lane, Value: JsonSerializer.SerializeToNode(new MapLane("lane-opportunities", LaneKind.Opportunities), MapContent.Json)), added];

        string Words()
        {
            var words = T("Analyse.LiveMap.Idea", RuleWords.Of(rule), deviation.Touchpoint ?? T("Analyse.Conformance.AtEnd"));
            return words.Length > MapContent.TextLength ? words[..MapContent.TextLength] : words;
        }
    }

    /// <summary>The touchpoints that may come after a step: of the steps named as next or else of the next column, and through those that have none.</summary>
    private static IEnumerable<string> After(MapStep step, List<MapStep> order, Dictionary<string, string> names, HashSet<string> passed)
    {
        var place = order.IndexOf(step);
        IEnumerable<MapStep> next = step.Next is { Count: > 0 } named ? named.Select(n => order.First(s => s.Id == n)) : order.Skip(place + 1).Take(1);
        foreach (var to in next.Where(n => passed.Add(n.Id)))
        {
            if (names.TryGetValue(to.Id, out var touchpoint)) yield return touchpoint;
            else
                foreach (var further in After(to, order, names, passed)) yield return further;
        }
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
