using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Map;
using Tangent.Measure;

namespace Tangent.Analyse;

/// <summary>As-is and to-be of one journey, step by step.</summary>
/// <param name="Name">Name of the journey.</param>
/// <param name="AsIs">Number of the map of what happens.</param>
/// <param name="ToBe">Number of the map of the target experience.</param>
/// <param name="Steps">The steps of both, in the order of the to-be map; one that it does not have stands where it stood.</param>
public sealed record MapSidesAnswer(string Name, int AsIs, int ToBe, IReadOnlyList<SideStep> Steps);

/// <param name="Change">same, changed, moved, added or removed, seen from the as-is map.</param>
/// <param name="AsIs">The step as it is; null for one that the to-be map adds.</param>
/// <param name="ToBe">The step as it should be; null for one that goes.</param>
/// <param name="Differences">What differs there.</param>
/// <param name="Targets">What the scores of its touchpoint are to reach.</param>
public sealed record SideStep(string Change, SideOfStep? AsIs, SideOfStep? ToBe, IReadOnlyList<MapDifference> Differences, IReadOnlyList<SideTarget> Targets);

/// <param name="Step">Id of the step.</param>
/// <param name="Stage">Name of its stage.</param>
/// <param name="Name">What happens.</param>
/// <param name="Touchpoint">Name of its touchpoint; null where it is bound to none.</param>
/// <param name="Emotion">How customers feel, −2 to 2.</param>
/// <param name="Cards">What stands at the step.</param>
public sealed record SideOfStep(string Step, string Stage, string Name, string? Touchpoint, int? Emotion, IReadOnlyList<SideCard> Cards);

/// <param name="Lane">The lane, as files write it.</param>
/// <param name="Kind">What the lane holds.</param>
/// <param name="Text">What the card says.</param>
/// <param name="Evidence">How it is known.</param>
/// <param name="OnlyHere">The other side does not say so.</param>
public sealed record SideCard(string Lane, LaneKind Kind, string Text, Evidence Evidence, bool OnlyHere);

/// <param name="Metric">nps, csat, ces, rating or review.</param>
/// <param name="Value">What is to be reached.</param>
/// <param name="By">By when; null where no day is set.</param>
/// <param name="Score">The score as it is; null where nobody was asked.</param>
/// <param name="Verdict">reached, missed, notYet (its day has not come), unclear or tooFew; null without a score.</param>
public sealed record SideTarget(string Metric, double Value, DateOnly? By, ScoreFigure? Score, string? Verdict);

/// <summary>Puts the two maps of a journey side by side.</summary>
internal sealed class MapSides(JourneyMapQueries maps, MapImport names, MapLinking linking, TargetBook targets, Scores scores, IOptionsMonitor<CompanyOptions> company)
{
    /// <returns>The as-is and the to-be map that a map is one of; null where there is no other.</returns>
    public async Task<(JourneyMap AsIs, JourneyMap ToBe)?> PairAsync(JourneyMap map, CancellationToken ct)
    {
        if (await maps.NamedAsync(map.Name, map.State == MapState.AsIs ? MapState.ToBe : MapState.AsIs, ct) is not { } other) return null;
        return map.State == MapState.AsIs ? (map, other) : (other, map);
    }

    public async Task<Asked<MapSidesAnswer>> AskAsync(JourneyMap asIs, JourneyMap toBe, JourneyFilter filter, CancellationToken ct)
    {
        var asked = scores.Ask(new ScoresQuestion(null, null, null, null, null, filter) { WithoutVolumes = true });
        if (asked.Refusal is { } refusal) return refusal;
        var scored = asked.Answer!.Items.Where(s => s.TouchpointId is not null).ToLookup(s => s.TouchpointId!.Value);
        var (from, to) = (MapContent.Read(asIs.Content), MapContent.Read(toBe.Content));
        var references = await linking.ReferencesAsync(ct);
        var steps = MapComparison.SideBySide(ComparedMap.Of(from, names.Touchpoint, references), ComparedMap.Of(to, names.Touchpoint, references));
        return new MapSidesAnswer(asIs.Name, asIs.Id, toBe.Id, [.. steps.Select(s => new SideStep(
            Change(s.From, s.To, s.Differences), Side(from, s.From, to, s.To), Side(to, s.To, from, s.From), s.Differences, Targets(s.To?.Touchpoint ?? s.From?.Touchpoint, scored)))]);
    }

    private static string Change(MapStep? from, MapStep? to, IReadOnlyList<MapDifference> differences) =>
        from is null ? "added" : to is null ? "removed" : differences.Any(d => d.Kind == DifferenceKind.Moved) ? "moved" : differences.Count > 0 ? "changed" : "same";

    private SideOfStep? Side(MapContent map, MapStep? step, MapContent other, MapStep? there)
    {
        if (step is null) return null;
        var said = there is null ? [] : other.Lanes.SelectMany(l => other.CardsAt(there, l).Select(c => (MapWords.Of(l), c.Text))).ToHashSet();
        var cards = map.Lanes.SelectMany(l => map.CardsAt(step, l).Select(c => new SideCard(MapWords.Of(l), l.Kind, c.Text, c.Evidence, !said.Contains((MapWords.Of(l), c.Text))))).ToList();
        return new SideOfStep(step.Id, map.Stages.First(s => s.Id == step.Stage).Name, step.Name, names.Touchpoint(step) is { Length: > 0 } at ? at : null, step.Emotion, cards);
    }

    private IReadOnlyList<SideTarget> Targets(int? touchpoint, ILookup<int, Score> scored)
    {
        if (touchpoint is not { } id) return [];
        return [.. Metrics.Scored.Select(m => targets.Find(id, m)).OfType<ScoreTarget>().Select(target =>
        {
            var score = scored[id].FirstOrDefault(s => s.Metric == Metrics.Name(target.Metric))?.Figure;
            return new SideTarget(Metrics.Name(target.Metric), target.Value, target.By, score, score is null ? null : TargetStand.Of(target, score, company.CurrentValue.Zone().DayOf(DateTime.UtcNow)).Verdict);
        })];
    }
}
