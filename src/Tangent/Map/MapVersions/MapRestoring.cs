using System.Text.Json;

namespace Tangent.Map;

/// <summary>The fewest words in which one content of a map is made another: parts that are in both stay the same ones, so that comments, quotes and open editors stay with them.</summary>
internal static class MapRestoring
{
    private static MapContent Head(MapContent content) => content with { Stages = [], Steps = [], Lanes = [], Cards = [] };

    /// <summary>What a file says of a map, its parts with the ids of those of the map that they are, so that comments, quotes and pictures stay with them.</summary>
    /// <param name="own">The map.</param>
    /// <param name="file">What the file says, with ids by place.</param>
    /// <param name="touchpoint">Name of a step's touchpoint.</param>
    public static MapContent Rekeyed(MapContent own, MapContent file, Func<MapStep, string> touchpoint)
    {
        var stages = Alike(own.Stages, file.Stages, s => s.Id, s => s.Name);
        var lanes = Alike(own.Lanes, file.Lanes, l => l.Id, l => (l.Kind, l.Name));
        var steps = MapPairs.Of(own, file, touchpoint, touchpoint, MapLikeness.Names).Steps.Where(p => p.To is not null).ToDictionary(p => p.To!.Id, p => p.From?.Id ?? New("step"), StringComparer.Ordinal);
        var cards = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var cell in file.Cards.GroupBy(c => (Step: steps[c.Step], Lane: lanes[c.Lane])))
        {
            List<MapCard> there = [.. own.Cards.Where(c => (c.Step, c.Lane) == cell.Key)];
            // The same words are the same card; of the others in the cell, one after the other was written anew.
            foreach (var (id, was) in Alike(there, [.. cell], c => c.Id, c => c.Text, elseInOrder: true)) cards[id] = was;
        }

        return file with
        {
            Stages = [.. file.Stages.Select(s => s with { Id = stages[s.Id] })],
            Lanes = [.. file.Lanes.Select(l => l with { Id = lanes[l.Id] })],
            Steps = [.. file.Steps.Select(s => s with { Id = steps[s.Id], Stage = stages[s.Stage], Next = s.Next?.Select(n => steps[n]).ToList() })],
            Cards = [.. file.Cards.Select(c => c with { Id = cards[c.Id], Step = steps[c.Step], Lane = lanes[c.Lane] })],
        };
    }

    /// <summary>By the id of each new part the id of the one it is, or one of its own.</summary>
    internal static Dictionary<string, string> Alike<T, TKey>(IReadOnlyList<T> own, IReadOnlyList<T> file, Func<T, string> id, Func<T, TKey> key, bool elseInOrder = false)
    {
        List<T> free = [.. own];
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        void Take(T part, int at)
        {
            if (at < 0) return;
            found[id(part)] = id(free[at]);
            free.RemoveAt(at);
        }

        foreach (var part in file) Take(part, free.FindIndex(f => EqualityComparer<TKey>.Default.Equals(key(f), key(part))));
        foreach (var part in file.Where(p => elseInOrder && !found.ContainsKey(id(p)))) Take(part, free.Count - 1 < 0 ? -1 : 0);
        foreach (var part in file) found.TryAdd(id(part), New(id(part).Split('-')[0]));
        return found;
    }

    internal static string New(string kind) => $"{kind}-{Guid.CreateVersion7():n}";

    public static IReadOnlyList<MapChange> Changes(MapContent from, MapContent to)
    {
        List<MapChange> changes = [.. MapChange.Between(MapPart.Map, "", Head(from), Head(to)).Select(c => c with { Was = null })];
        Add(MapPart.Stage, from.Stages, to.Stages, s => s.Id);
        Add(MapPart.Lane, from.Lanes, to.Lanes, l => l.Id);
        // Steps name each other as next: they are added without, and told when all are there.
        Add(MapPart.Step, from.Steps, to.Steps, s => s.Id, s => s with { Next = null });
        Add(MapPart.Card, from.Cards, to.Cards, c => c.Id);
        Set(MapPart.Stage, from.Stages, to.Stages, s => s.Id);
        Set(MapPart.Lane, from.Lanes, to.Lanes, l => l.Id);
        Set(MapPart.Step, [.. from.Steps, .. to.Steps.Where(s => from.Steps.All(f => f.Id != s.Id)).Select(s => s with { Next = null })], to.Steps, s => s.Id);
        Set(MapPart.Card, from.Cards, to.Cards, c => c.Id);
        // From the inside outwards: nothing goes that was told to stay.
        Remove(MapPart.Card, from.Cards.Select(c => c.Id), to.Cards.Select(c => c.Id));
        Remove(MapPart.Step, from.Steps.Select(s => s.Id), to.Steps.Select(s => s.Id));
        Remove(MapPart.Lane, from.Lanes.Select(l => l.Id), to.Lanes.Select(l => l.Id));
        Remove(MapPart.Stage, from.Stages.Select(s => s.Id), to.Stages.Select(s => s.Id));
        Place(MapPart.Stage, from.Stages, to.Stages, s => s.Id, _ => "");
        Place(MapPart.Lane, from.Lanes, to.Lanes, l => l.Id, _ => "");
        Place(MapPart.Step, from.Steps, to.Steps, s => s.Id, s => s.Stage);
        Place(MapPart.Card, from.Cards, to.Cards, c => c.Id, c => (c.Step, c.Lane));
        return changes;

        void Add<T>(MapPart part, IReadOnlyList<T> was, IReadOnlyList<T> now, Func<T, string> id, Func<T, T>? first = null)
        {
            var there = was.Select(id).ToHashSet(StringComparer.Ordinal);
            changes.AddRange(now.Where(p => !there.Contains(id(p))).Select(p => new MapChange(MapVerb.Add, part, Value: JsonSerializer.SerializeToNode(first is null ? p : first(p), MapContent.Json))));
        }

        void Set<T>(MapPart part, IReadOnlyList<T> was, IReadOnlyList<T> now, Func<T, string> id)
        {
            var before = was.ToDictionary(id, StringComparer.Ordinal);
            changes.AddRange(now.Where(p => before.ContainsKey(id(p))).SelectMany(p => MapChange.Between(part, id(p), before[id(p)], p)).Select(c => c with { Was = null }));
        }

        void Remove(MapPart part, IEnumerable<string> was, IEnumerable<string> now) => changes.AddRange(was.Except(now).Select(id => new MapChange(MapVerb.Remove, part, id)));

        // Order counts among those that stand together; what comes before the first difference stays where it is.
        void Place<T, TKey>(MapPart part, IReadOnlyList<T> was, IReadOnlyList<T> now, Func<T, string> id, Func<T, TKey> together)
            where TKey : notnull
        {
            var kept = now.Select(id).ToHashSet(StringComparer.Ordinal);
            var before = was.Select(id).Where(kept.Contains).ToList();
            var there = before.ToHashSet(StringComparer.Ordinal);
            var rank = before.Concat(now.Select(id).Where(i => !there.Contains(i))).Select((i, at) => (i, at)).ToDictionary(p => p.i, p => p.at, StringComparer.Ordinal);
            foreach (var group in now.GroupBy(together))
            {
                var wanted = group.Select(id).ToList();
                var same = wanted.Zip(wanted.OrderBy(i => rank[i])).TakeWhile(p => p.First == p.Second).Count();
                changes.AddRange(wanted.Skip(same).Select(i => new MapChange(MapVerb.Move, part, i)));
            }
        }
    }
}
