using System.Text.Json;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Map;

namespace Tangent.Analyse;

/// <summary>What a map and the data do not have in common.</summary>
/// <param name="Customers">Customers who were at a touchpoint of the map.</param>
/// <param name="Unseen">Steps bound to a touchpoint that nobody was at; of a narrowed step, with the events that belong to it.</param>
/// <param name="Unmapped">Touchpoints that no step is bound to, those with most of the map's customers first.</param>
public sealed record MapGapsAnswer(long Customers, IReadOnlyList<UnseenStep> Unseen, IReadOnlyList<UnmappedTouchpoint> Unmapped);

/// <param name="Step">Id of the step.</param>
/// <param name="Name">What happens.</param>
/// <param name="Touchpoint">Name of its touchpoint.</param>
/// <param name="Condition">Which of the touchpoint's events belong to it; empty for all.</param>
public sealed record UnseenStep(string Step, string Name, string Touchpoint, string Condition);

/// <param name="Name">The touchpoint, or the name of events that no touchpoint claims.</param>
/// <param name="Id">Its number in the catalogue; null where the catalogue does not have it.</param>
/// <param name="Events">How often, by all customers of the filter.</param>
/// <param name="Customers">How many of the map's customers were there.</param>
/// <param name="Share">These as a share of the map's customers, 0 to 1.</param>
/// <param name="After">Id of the step after which customers usually come there first; null for before all.</param>
/// <param name="AfterName">What happens in that step.</param>
public sealed record UnmappedTouchpoint(string Name, int? Id, long Events, long Customers, double Share, string? After, string? AfterName);

/// <summary>Compares a map with the data.</summary>
internal sealed class MapGaps(LiveMaps live, JourneyStore journeys, JourneyMapQueries maps, TouchpointQueries touchpoints)
{
    /// <summary>So many touchpoints of the map, those that stand first, say where others belong; the rest of the places is for the others.</summary>
    private const int MostAnchors = 40;

    public Asked<MapGapsAnswer> Ask(MapContent content, JourneyFilter filter)
    {
        var bound = live.Bound(content);
        var asked = journeys.Ask(new TouchpointsQuestion(null, filter));
        if (asked.Refusal is { } refusal) return refusal;
        var mapped = bound.Select(b => b.Touchpoint).ToHashSet(StringComparer.OrdinalIgnoreCase);
        List<BoundStep> anchors = [.. bound.DistinctBy(b => b.Touchpoint, StringComparer.OrdinalIgnoreCase).Take(MostAnchors)];
        var others = asked.Answer!.Items.Where(t => !mapped.Contains(t.Name)).OrderByDescending(t => t.Customers).Take(FirstsQuestion.MostTouchpoints - anchors.Count).ToList();
        var firsts = journeys.Ask(new FirstsQuestion([.. anchors.Select(a => a.Touchpoint), .. others.Select(o => o.Name)], anchors.Count, filter));
        if (firsts.Refusal is { } refused) return refused;
        var unseen = live.Unseen(content, filter);
        if (unseen.Refusal is { } not) return not;
        int[] order = [.. Enumerable.Range(0, anchors.Count)];
        var unmapped = others.Select((other, i) => Gap(other, firsts.Answer!.Items[anchors.Count + i], firsts.Answer.Customers, anchors, order));
        return new MapGapsAnswer(
            firsts.Answer!.Customers, [.. unseen.Answer!.Select(b => new UnseenStep(b.Step.Id, b.Step.Name, b.Touchpoint, b.Step.Condition))],
            [.. unmapped.Where(u => u.Customers > 0).OrderByDescending(u => u.Customers).ThenBy(u => u.Name, StringComparer.Ordinal)]);
    }

    /// <summary>Adds a touchpoint as a step where customers usually come to it first, also to the catalogue where that does not have it.</summary>
    /// <returns>Null where there is no such map.</returns>
    public async Task<Asked<JourneyMapModel>?> AddAsync(int map, string touchpoint, JourneyFilter filter, Actor by, CancellationToken ct)
    {
        if (await maps.FindAsync(map, ct) is not { } there) return null;
        var content = MapContent.Read(there.Content);
        var asked = Ask(content, filter);
        if (asked.Refusal is { } refusal) return refusal;
        if (asked.Answer!.Unmapped.FirstOrDefault(u => string.Equals(u.Name, touchpoint, StringComparison.OrdinalIgnoreCase)) is not { } gap)
            return new Refusal("touchpoint", Web.Texts.T("Analyse.LiveMap.NotUnmapped", touchpoint));
        if (!JourneyMap.IsName(gap.Name)) return new Refusal("touchpoint", Web.Texts.T("Analyse.LiveMap.NoName", gap.Name));
        if (gap.Id is null) await touchpoints.AddAsync([new Touchpoint { Name = gap.Name, Online = true }], ct);
        var number = gap.Id ?? (await touchpoints.ListAsync(ct)).First(t => string.Equals(t.Name, gap.Name, StringComparison.Ordinal)).Id;
        if ((await maps.ChangeAsync(map, Addition(content, gap, number), by, ct))?.Refusal is { } refused) return new Refusal("touchpoint", refused.Detail);
        return JourneyMapModel.Of((await maps.FindAsync(map, ct))!);
    }

    private static UnmappedTouchpoint Gap(TouchpointVolume volume, FirstVisits visits, long all, List<BoundStep> anchors, int[] order)
    {
        var place = visits.PlaceAmong(order);
        var after = place == 0 ? null : anchors[place - 1].Step;
        return new UnmappedTouchpoint(volume.Name, volume.Id, volume.Events, visits.Customers, all == 0 ? 0 : (double)visits.Customers / all, after?.Id, after?.Name);
    }

    /// <summary>The step that is added, behind the one it comes after: in its stage, before the next of that stage.</summary>
    private static IReadOnlyList<MapChange> Addition(MapContent content, UnmappedTouchpoint gap, int touchpoint)
    {
        var order = content.StepsInOrder().ToList();
        var after = order.FindIndex(s => s.Id == gap.After);
        var before = order.ElementAtOrDefault(after + 1);
        var stage = after >= 0 ? order[after].Stage : before?.Stage ?? (content.Stages.Count > 0 ? content.Stages[0].Id : null);
        var step = new MapStep("step-" + Guid.NewGuid().ToString("N")[..12], stage ?? "stage-1", gap.Name, touchpoint);
        var added = new MapChange(MapVerb.Add, MapPart.Step, Value: JsonSerializer.SerializeToNode(step, MapContent.Json), Before: before?.Id);
        return stage is not null ? [added] : [new MapChange(MapVerb.Add, MapPart.Stage, Value: JsonSerializer.SerializeToNode(new MapStage("stage-1", Web.Texts.T("Analyse.LiveMap.FirstStage")), MapContent.Json)), added];
    }
}
