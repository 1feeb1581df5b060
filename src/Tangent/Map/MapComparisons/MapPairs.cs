namespace Tangent.Map;

/// <summary>Which step of one map is which of another.</summary>
internal sealed class MapPairs
{
    private readonly Dictionary<string, string> _fromStages, _toStages;
    private readonly MapLikeness _likeness;

    private MapPairs(IReadOnlyList<(MapStep? From, MapStep? To)> steps, MapContent from, MapContent to, MapLikeness likeness)
    {
        (Steps, _likeness) = (steps, likeness);
        (_fromStages, _toStages) = (from.Stages.ToDictionary(s => s.Id, s => s.Name), to.Stages.ToDictionary(s => s.Id, s => s.Name));
        var order = from.StepsInOrder().Select((s, i) => (s.Id, i)).ToDictionary(p => p.Id, p => p.i);
        var both = steps.Where(p => p is { From: not null, To: not null }).ToDictionary(p => p.To!.Id, p => order[p.From!.Id]);
        var after = to.StepsInOrder().Where(s => both.ContainsKey(s.Id)).ToList();
        var moved = OutOfOrder([.. after.Select(s => both[s.Id])]).ToHashSet();
        Moved = after.Where(s => moved.Contains(both[s.Id])).Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>In the order of the second map; a step that only the first one has stands behind the one it stood behind there.</summary>
    public IReadOnlyList<(MapStep? From, MapStep? To)> Steps { get; }

    /// <summary>Ids, in the second map, of the steps that stand in another order: as few as explain it.</summary>
    public IReadOnlySet<string> Moved { get; }

    public static MapPairs Of(MapContent from, MapContent to, Func<MapStep, string> was, Func<MapStep, string> @is, MapLikeness likeness)
    {
        List<MapStep> before = [.. from.StepsInOrder()], after = [.. to.StepsInOrder()];
        var same = new Dictionary<string, MapStep>(StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        void Pair(Func<MapStep, string> key, Func<MapStep, string> otherKey)
        {
            var free = before.Where(s => !taken.Contains(s.Id) && key(s).Length > 0).GroupBy(key).ToDictionary(g => g.Key, g => new Queue<MapStep>(g));
            foreach (var step in after.Where(s => !same.ContainsKey(s.Id)))
                if (free.TryGetValue(otherKey(step), out var queue) && queue.TryDequeue(out var match))
                {
                    same[step.Id] = match;
                    taken.Add(match.Id);
                }
        }

        if (likeness == MapLikeness.Ids) Pair(s => s.Id, s => s.Id);
        else
        {
            Pair(s => s.Name, s => s.Name);
            Pair(was, @is);
        }

        return new(Aligned(before, after, same, taken), from, to, likeness);
    }

    private static List<(MapStep? From, MapStep? To)> Aligned(List<MapStep> before, List<MapStep> after, Dictionary<string, MapStep> same, HashSet<string> taken)
    {
        List<(MapStep? From, MapStep? To)> pairs = [.. after.Select(s => (same.GetValueOrDefault(s.Id), (MapStep?)s))];
        for (var i = 0; i < before.Count; i++)
        {
            if (taken.Contains(before[i].Id)) continue;
            var behind = i == 0 ? -1 : pairs.FindIndex(p => p.From?.Id == before[i - 1].Id);
            pairs.Insert(behind + 1, (before[i], null));
        }

        return pairs;
    }

    public bool HasOtherStage(MapStep from, MapStep to) => _likeness == MapLikeness.Ids ? from.Stage != to.Stage : _fromStages[from.Stage] != _toStages[to.Stage];

    /// <summary>Name of the step that a step stands behind; empty for the first.</summary>
    public static string Before(MapContent map, MapStep step)
    {
        var steps = map.StepsInOrder().ToList();
        return steps.FindIndex(s => s.Id == step.Id) is > 0 and var at ? steps[at - 1].Name : "";
    }

    /// <summary>The places that are not part of the longest run of rising ones: what must have moved.</summary>
    internal static IEnumerable<int> OutOfOrder(IReadOnlyList<int> places)
    {
        int[] length = new int[places.Count], before = new int[places.Count];
        var best = -1;
        for (var i = 0; i < places.Count; i++)
        {
            (length[i], before[i]) = (1, -1);
            for (var j = 0; j < i; j++)
                if (places[j] < places[i] && length[j] + 1 > length[i]) (length[i], before[i]) = (length[j] + 1, j);
            if (best < 0 || length[i] > length[best]) best = i;
        }

        var stays = new HashSet<int>();
        for (var i = best; i >= 0; i = before[i]) stays.Add(places[i]);
        return places.Where(p => !stays.Contains(p));
    }
}
