using Tangent.Access;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <param name="Id">Number of the map.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">Its state.</param>
/// <param name="Created">False where the map was there and was changed.</param>
/// <param name="Differences">How many places were changed.</param>
/// <param name="Steps">Steps that it has now.</param>
/// <param name="Touchpoints">Names of the touchpoints that were added to the catalogue.</param>
public sealed record MapImported(int Id, string Name, MapState State, bool Created, int Differences, int Steps, IReadOnlyList<string> Touchpoints)
{
    /// <summary>Names of the personas that were added.</summary>
    public IReadOnlyList<string> Personas { get; init; } = [];

    /// <summary>Names of the maps that were added, still empty.</summary>
    public IReadOnlyList<string> Maps { get; init; } = [];
}

/// <summary>Takes a map from a file: missing touchpoints are added to the catalogue; a map of the same name and state gets the file's content, which can be undone.</summary>
internal sealed class MapImport(JourneyMapQueries maps, TouchpointQueries touchpoints, TouchpointCatalogue catalogue, MapLinking linking, MapTreeQueries tree, MapClaims claims)
{
    public static MapFile? TryRead(string text, out MapFileFault? fault)
    {
        fault = new MapFileFault(0, T("Map.File.TooLong", MapYamlReader.LongestFile));
        if (text.Length > MapYamlReader.LongestFile) return null;
        var pasted = MermaidPaste.Of(text);
        var (first, number) = pasted.First;
        fault = MapMermaid.OtherDiagram(first) is { } other ? new MapFileFault(number, T("Map.File.MermaidOther", other)) : null;
        if (fault is not null) return null;
        var file = MapMermaid.IsJourney(first) ? MapMermaid.TryRead(pasted, out fault) : MapYamlReader.TryRead(text, out fault);
        if (file is null || JourneyMap.IsName(file.Name)) return file;
        fault = new MapFileFault(0, T("Map.File.MapName", MapContent.NameLength));
        return null;
    }

    /// <summary>What taking it would do; nothing is done.</summary>
    public async Task<MapImported> TryAsync(MapFile file, CancellationToken ct)
    {
        var there = await maps.NamedAsync(file.Name, file.State, ct);
        var (personas, inside) = await linking.MissingAsync(file, ct);
        return new MapImported(there?.Id ?? 0, file.Name, file.State, there is null, there is null ? 0 : (await DifferencesAsync(there, file, ct)).Count, file.Content.Steps.Count, Missing(file)) { Personas = personas, Maps = inside };
    }

    /// <summary>Why the file cannot be taken, where that is not how it is written.</summary>
    public async Task<MapFileFault?> FaultAsync(MapFile file, CancellationToken ct)
    {
        if (await linking.FaultAsync(file, ct) is { } fault) return file.At(fault);
        var own = await maps.NamedAsync(file.Name, file.State, ct) is { } there ? MapContent.Read(there.Content) : null;
        var after = own is null ? file.Content : After(own, file, Numbered(file));
        return claims.Fault(own ?? MapContent.Empty, after) is { } claim ? file.At(claim with { Part = InFile(file.Content, after, claim.Part) }) : null;
    }

    /// <summary>The id by which the file has a step or a card: both keep its order.</summary>
    private static string? InFile(MapContent file, MapContent after, string? part) =>
        after.Steps.Zip(file.Steps).Where(p => p.First.Id == part).Select(p => p.Second.Id).FirstOrDefault() ?? after.Cards.Zip(file.Cards).Where(p => p.First.Id == part).Select(p => p.Second.Id).FirstOrDefault();

    /// <summary>What the file would change in a map.</summary>
    public async Task<IReadOnlyList<MapDifference>> DifferencesAsync(JourneyMap map, MapFile file, CancellationToken ct)
    {
        string Named(MapStep step) => file.Touchpoints.TryGetValue(step.Id, out var name) ? catalogue.Named(name)?.Name ?? name : "";
        var references = await linking.ReferencesAsync(ct);
        var own = ComparedMap.Of(map, Touchpoint, references);
        return file.IsOutline
            ? MapComparison.Of(own, ComparedMap.Of(MapOutline.Over(own.Content, file.Content, file.Actors), Touchpoint, references), MapLikeness.Ids)
            : MapComparison.Of(own, linking.Compared(file, Named, references));
    }

    /// <returns>The refusal where somebody made a map of this name just now, or what others did meanwhile does not go together with it.</returns>
    public async Task<(MapImported? Imported, MapRefusal? Refusal)> TakeAsync(MapFile file, Actor by, CancellationToken ct)
    {
        if (await FaultAsync(file, ct) is { } fault) return (null, new MapRefusal(fault.ToString()));
        var (personas, inside) = await linking.MissingAsync(file, ct);
        var added = await AddMissingAsync(file, ct);
        var (content, parent) = await linking.LinkAsync(file, Numbered(file), by, ct);
        var (imported, refusal) = await KeepAsync(file, content, added, by, ct);
        if (imported is not null && parent is not null) refusal = await tree.SetParentAsync(imported.Id, parent, by, ct) is { } lost ? new MapRefusal(lost, IsConflict: true) : null;
        return refusal is null ? (imported! with { Personas = personas, Maps = inside }, null) : (null, refusal);
    }

    private async Task<(MapImported? Imported, MapRefusal? Refusal)> KeepAsync(MapFile file, MapContent content, IReadOnlyList<string> added, Actor by, CancellationToken ct)
    {
        if (await maps.NamedAsync(file.Name, file.State, ct) is not { } there)
            return await maps.AddAsync(file.Name, file.State, content, by, ct) is { } map
                ? (new MapImported(map.Id, map.Name, map.State, true, 0, content.Steps.Count, added), null)
                : (null, new MapRefusal(T("Map.File.JustNow", file.Name), IsConflict: true));
        var differences = (await DifferencesAsync(there, file, ct)).Count;
        if ((await maps.ChangeAsync(there.Id, now => MapRestoring.Changes(now, After(now, file, content)), by, ct))?.Refusal is { } refusal) return (null, refusal);
        return (new MapImported(there.Id, there.Name, there.State, false, differences, content.Steps.Count, added), null);
    }

    /// <summary>What a map is once the file is taken.</summary>
    private MapContent After(MapContent now, MapFile file, MapContent content) => file.IsOutline ? MapOutline.Over(now, content, file.Actors) : MapRestoring.Rekeyed(now, content, Touchpoint);

    /// <summary>The file's map, its steps with the numbers of those touchpoints that the catalogue has.</summary>
    public MapContent Numbered(MapFile file) => file.Content with
    {
        Steps = [.. file.Content.Steps.Select(s => file.Touchpoints.TryGetValue(s.Id, out var name) && catalogue.Named(name) is { } there ? s with { Touchpoint = there.Id } : s)],
    };

    /// <summary>Name of a step's touchpoint. Versions keep the number of one that was merged since: it is the one that stayed.</summary>
    public string Touchpoint(MapStep step) => step.Touchpoint is { } id ? catalogue.Find(id)?.Name ?? "" : "";

    /// <summary>Adds those touchpoints of the file that the catalogue does not have; their names.</summary>
    public async Task<IReadOnlyList<string>> AddMissingAsync(MapFile file, CancellationToken ct)
    {
        var missing = Missing(file);
        if (missing.Count == 0) return [];
        await touchpoints.AddAsync(missing.Select(n => file.Described.FirstOrDefault(t => string.Equals(t.Name, n, StringComparison.OrdinalIgnoreCase)) ?? new Touchpoint { Name = n, Online = true }), ct);
        return missing;
    }

    /// <summary>Touchpoints of the file that the catalogue does not have.</summary>
    public List<string> Missing(MapFile file) =>
        [.. file.Touchpoints.Values.Concat(file.Described.Select(t => t.Name)).Distinct(StringComparer.OrdinalIgnoreCase).Where(n => catalogue.Named(n) is null)];
}
