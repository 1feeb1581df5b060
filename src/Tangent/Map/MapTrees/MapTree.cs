using System.Globalization;

namespace Tangent.Map;

/// <param name="Id">Number of the map.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">Its state.</param>
/// <param name="Parent">Number of the map it stands under.</param>
public sealed record MapName(int Id, string Name, MapState State, int? Parent);

/// <param name="Map">The map that tells a step in detail.</param>
/// <param name="Lowest">The lowest emotion that people gave a step of it; null where nobody has said one.</param>
public sealed record SubMap(MapName Map, int? Lowest);

/// <summary>What a map stands among.</summary>
/// <param name="Persona">The persona as whom it is looked at; null for everybody.</param>
/// <param name="Personas">All personas.</param>
/// <param name="Maps">All maps.</param>
/// <param name="Above">The maps it stands under, the topmost first.</param>
/// <param name="Below">The maps that stand under it.</param>
/// <param name="Inside">The maps that its steps open, by number.</param>
/// <param name="Shared">On how many maps a card stands that is on several, by what its cards share.</param>
public sealed record MapAround(
    PersonaMark? Persona, IReadOnlyList<PersonaMark> Personas, IReadOnlyList<MapName> Maps, IReadOnlyList<MapName> Above, IReadOnlyList<MapName> Below, IReadOnlyDictionary<int, SubMap> Inside,
    IReadOnlyDictionary<string, int> Shared);

/// <summary>Maps in the order of their tree.</summary>
internal static class MapTree
{
    /// <summary>Each map behind the one it stands under, with how deep it stands; those of one parent in the order they came.</summary>
    public static IReadOnlyList<(T Map, int Depth)> Order<T>(IReadOnlyList<T> maps, Func<T, int> id, Func<T, int?> parent)
    {
        var known = maps.Select(id).ToHashSet();
        var under = maps.ToLookup(m => parent(m) is { } p && known.Contains(p) ? p : 0);
        var (ordered, waiting) = (new List<(T, int)>(maps.Count), new Stack<(T Map, int Depth)>(under[0].Reverse().Select(m => (m, 0))));
        while (waiting.TryPop(out var next))
        {
            ordered.Add(next);
            foreach (var child in under[id(next.Map)].Reverse()) waiting.Push((child, next.Depth + 1));
        }

        return ordered;
    }

    /// <summary>The maps that one stands under, the topmost first.</summary>
    public static IReadOnlyList<MapName> Above(IReadOnlyList<MapName> maps, int? parent)
    {
        List<MapName> above = [];
        while (parent is { } id && maps.FirstOrDefault(m => m.Id == id) is { } map && !above.Contains(map))
        {
            above.Insert(0, map);
            parent = map.Parent;
        }

        return above;
    }

    /// <summary>Numbers that a form carries, separated by commas.</summary>
    public static int[] Numbers(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)];
}
