using System.Text.Json.Nodes;

namespace Tangent.Map;

/// <summary>Steps of maps go over to the touchpoint that theirs is merged into: an edit in the history of each map.</summary>
internal sealed class MergedSteps(JourneyMapQueries maps, MapWatchers watchers) : IFollowMerges
{
    private readonly List<JourneyMap> _changed = [];

    public async Task<string?> FollowAsync(TouchpointMerge merge, CancellationToken ct)
    {
        foreach (var map in await maps.ListAsync(ct))
        {
            if (MapContent.Read(map.Content).Steps.All(s => s.Touchpoint != merge.From.Id)) continue;
            var changed = await maps.ChangeAsync(map.Id, content => [.. content.Steps.Where(s => s.Touchpoint == merge.From.Id)
                .Select(s => new MapChange(MapVerb.Set, MapPart.Step, s.Id, "touchpoint", JsonValue.Create(merge.Into.Id)))], merge.By, ct);
            if (changed?.Refusal is { } refusal) return $"{map.Name}: {refusal.Detail}";
            if (changed?.Map is { } now) _changed.Add(now);
        }

        return null;
    }

    /// <summary>Told again: the edits spoke of their versions before others could read them.</summary>
    public Task RefreshAsync(CancellationToken ct)
    {
        foreach (var map in _changed) watchers.Changed(map.Id, map.Version);
        return Task.CompletedTask;
    }
}
