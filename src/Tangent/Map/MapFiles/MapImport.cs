using Tangent.Access;

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
internal sealed class MapImport(JourneyMapQueries maps, TouchpointQueries touchpoints, TouchpointCatalogue catalogue, MapLinking linking, MapTreeQueries tree)
{
    public static MapFile? TryRead(string text, out MapFileFault? fault)
    {
        fault = new MapFileFault(0, $"A map's file has at most {MapYamlReader.LongestFile} characters.");
        if (text.Length > MapYamlReader.LongestFile) return null;
        var file = text.TrimStart().StartsWith("journey", StringComparison.Ordinal) ? MapMermaid.TryRead(text, out fault) : MapYamlReader.TryRead(text, out fault);
        if (file is null || JourneyMap.IsName(file.Name)) return file;
        fault = new MapFileFault(0, $"The map's name has 1 to {MapContent.NameLength} characters in one line.");
        return null;
    }

    /// <summary>What taking it would do; nothing is done.</summary>
    public async Task<MapImported> TryAsync(MapFile file, CancellationToken ct)
    {
        var there = await maps.NamedAsync(file.Name, file.State, ct);
        var (personas, inside) = await linking.MissingAsync(file, ct);
        return new MapImported(there?.Id ?? 0, file.Name, file.State, there is null, there is null ? 0 : (await DifferencesAsync(there, file, ct)).Count, file.Content.Steps.Count, Missing(file)) { Personas = personas, Maps = inside };
    }

    /// <summary>What the file would change in a map.</summary>
    public async Task<IReadOnlyList<MapDifference>> DifferencesAsync(JourneyMap map, MapFile file, CancellationToken ct)
    {
        string Named(MapStep step) => file.Touchpoints.TryGetValue(step.Id, out var name) ? catalogue.Named(name)?.Name ?? name : "";
        var references = await linking.ReferencesAsync(ct);
        return MapComparison.Of(ComparedMap.Of(map, Touchpoint, references), linking.Compared(file, Named, references));
    }

    /// <returns>The refusal where somebody made a map of this name just now, or what others did meanwhile does not go together with it.</returns>
    public async Task<(MapImported? Imported, MapRefusal? Refusal)> TakeAsync(MapFile file, Actor by, CancellationToken ct)
    {
        if (await linking.FaultAsync(file, ct) is { } fault) return (null, new MapRefusal(fault));
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
                : (null, new MapRefusal($"Somebody made a map '{file.Name}' just now.", IsConflict: true));
        var differences = (await DifferencesAsync(there, file, ct)).Count;
        if ((await maps.ChangeAsync(there.Id, now => MapRestoring.Changes(now, MapRestoring.Rekeyed(now, content, Touchpoint)), by, ct))?.Refusal is { } refusal) return (null, refusal);
        return (new MapImported(there.Id, there.Name, there.State, false, differences, content.Steps.Count, added), null);
    }

    /// <summary>The file's map, its steps with the numbers of those touchpoints that the catalogue has.</summary>
    public MapContent Numbered(MapFile file) => file.Content with
    {
        Steps = [.. file.Content.Steps.Select(s => file.Touchpoints.TryGetValue(s.Id, out var name) && catalogue.Named(name) is { } there ? s with { Touchpoint = there.Id } : s)],
    };

    public string Touchpoint(MapStep step) => catalogue.Touchpoints.FirstOrDefault(t => t.Id == step.Touchpoint)?.Name ?? "";

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
