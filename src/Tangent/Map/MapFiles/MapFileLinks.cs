using Tangent.Access;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <param name="Name">Name of a map.</param>
/// <param name="State">Its state; null where the file leaves it open.</param>
internal sealed record NamedMap(string Name, MapState? State = null);

/// <summary>What a file names that gets its number where the file is taken.</summary>
/// <param name="Parent">The map that it stands under; null where the file does not say.</param>
/// <param name="Inside">The maps that steps open, by id of the step.</param>
/// <param name="Personas">The personas whose journey it is.</param>
/// <param name="OfCards">The personas that cards are about, by id of the card.</param>
internal sealed record MapFileLinks(NamedMap? Parent, IReadOnlyDictionary<string, NamedMap> Inside, IReadOnlyList<string> Personas, IReadOnlyDictionary<string, IReadOnlyList<string>> OfCards)
{
    public static MapFileLinks None { get; } = new(null, new Dictionary<string, NamedMap>(), [], new Dictionary<string, IReadOnlyList<string>>());

    public IEnumerable<NamedMap> Maps => Inside.Values.Concat(Parent is null ? [] : [Parent]).Distinct();

    public IEnumerable<string> AllPersonas => Personas.Concat(OfCards.Values.SelectMany(n => n)).Distinct(StringComparer.OrdinalIgnoreCase);
}

/// <summary>How a map's file names what the map refers to by numbers.</summary>
internal sealed record MapReferences(IReadOnlyList<MapName> Maps, PersonaCatalogue Personas)
{
    public MapName? Map(int? id) => Maps.FirstOrDefault(m => m.Id == id);

    public IReadOnlyList<string> Names(IReadOnlyList<int>? personas) => [.. (personas ?? []).Select(p => Personas.Find(p)?.Name).OfType<string>()];
}

/// <summary>Gives what a file names its numbers. Personas that are missing are added with their names, maps that are missing empty: their own files fill them, in whatever order they come.</summary>
internal sealed class MapLinking(JourneyMapQueries maps, MapTreeQueries tree, PersonaQueries personas, PersonaCatalogue catalogue)
{
    public async Task<MapReferences> ReferencesAsync(CancellationToken ct) => new(await tree.NamesAsync(ct), catalogue);

    /// <summary>What a file says, as it would be once it is taken.</summary>
    public ComparedMap Compared(MapFile file, Func<MapStep, string> touchpoint, MapReferences references)
    {
        string Name(string persona) => catalogue.Named(persona)?.Name ?? persona;
        string Label(NamedMap? map) => map is null ? "" : ComparedMap.Label(Find(references.Maps, map, file.State) ?? new MapName(0, map.Name, map.State ?? file.State, null));
        return new ComparedMap(file.Content, touchpoint)
        {
            Inside = s => Label(file.Links.Inside.GetValueOrDefault(s.Id)),
            About = c => [.. file.Links.OfCards.GetValueOrDefault(c.Id, []).Select(Name)],
            Personas = [.. file.Links.Personas.Select(Name)],
            Parent = file.Links.Parent is { } parent ? Label(parent) : null,
        };
    }

    /// <summary>Names of the personas and maps that are not there yet.</summary>
    public async Task<(IReadOnlyList<string> Personas, IReadOnlyList<string> Maps)> MissingAsync(MapFile file, CancellationToken ct)
    {
        var all = await tree.NamesAsync(ct);
        return ([.. file.Links.AllPersonas.Where(p => catalogue.Named(p) is null)], [.. file.Links.Maps.Where(m => Find(all, m, file.State) is null).Select(m => m.Name).Distinct()]);
    }

    /// <summary>Why the file cannot be taken: a map would stand under itself, or open itself.</summary>
    public async Task<MapFault?> FaultAsync(MapFile file, CancellationToken ct)
    {
        bool IsItself(NamedMap named) => string.Equals(named.Name, file.Name, StringComparison.OrdinalIgnoreCase) && (named.State ?? file.State) == file.State;
        if (file.Links.Inside.Where(i => IsItself(i.Value)).Select(i => i.Key).FirstOrDefault() is { } step) return new(T("Map.Fault.OwnMap"), step);
        if (file.Links.Parent is not { } parent) return null;
        var all = await tree.NamesAsync(ct);
        var own = Find(all, new NamedMap(file.Name, file.State), file.State);
        var under = IsItself(parent) || (own is not null && Find(all, parent, file.State) is { } above && (above == own || MapTree.Above(all, above.Parent).Contains(own)));
        return under ? new(T("Map.Tree.NotUnder")) : null;
    }

    /// <summary>The map with the numbers of what its file names, and the number of the map it stands under.</summary>
    public async Task<(MapContent Content, int? Parent)> LinkAsync(MapFile file, MapContent content, Actor by, CancellationToken ct)
    {
        foreach (var name in file.Links.AllPersonas.Where(p => catalogue.Named(p) is null).ToList())
            await personas.SaveAsync(new Persona { Name = name, ChangedUtc = DateTime.UtcNow, ChangedBy = by.Name }, ct);
        var all = await tree.NamesAsync(ct);
        foreach (var named in file.Links.Maps)
        {
            if (Find(all, named, file.State) is not null) continue;
            await maps.AddAsync(named.Name, named.State ?? file.State, MapContent.Empty, by, ct);
            all = await tree.NamesAsync(ct);
        }

        int[] Numbers(IReadOnlyList<string> names) => [.. names.Select(n => catalogue.Named(n)?.Id).OfType<int>().Distinct()];
        var linked = content with
        {
            Personas = Numbers(file.Links.Personas),
            Steps = [.. content.Steps.Select(s => file.Links.Inside.TryGetValue(s.Id, out var inside) ? s with { Map = Find(all, inside, file.State)?.Id } : s)],
            Cards = [.. content.Cards.Select(c => file.Links.OfCards.TryGetValue(c.Id, out var of) ? c with { Personas = Numbers(of) } : c)],
        };
        return (linked, file.Links.Parent is { } parent ? Find(all, parent, file.State)?.Id : null);
    }

    /// <summary>Where the file leaves the state open, the map of its own state comes first.</summary>
    private static MapName? Find(IReadOnlyList<MapName> all, NamedMap named, MapState own)
    {
        var same = all.Where(m => string.Equals(m.Name, named.Name, StringComparison.OrdinalIgnoreCase)).ToList();
        return named.State is { } state ? same.Find(m => m.State == state) : same.Find(m => m.State == own) ?? same.FirstOrDefault();
    }
}
