using Tangent.Access;

namespace Tangent.Map;

/// <param name="Template">Key of the template.</param>
/// <param name="Language">Language of its texts.</param>
/// <param name="Map">Number of the map; null where only touchpoints were taken.</param>
/// <param name="Name">Name of the map.</param>
/// <param name="Created">False where the map was there already: it is left as it is.</param>
/// <param name="Touchpoints">Names of the touchpoints that were added to the catalogue.</param>
public sealed record TemplateTaken(string Template, string Language, int? Map, string Name, bool Created, IReadOnlyList<string> Touchpoints);

/// <summary>Makes maps and touchpoints from templates. Taken twice, also in another language, a template makes nothing twice, and what people wrote stays.</summary>
internal sealed class MapTemplates(MapImport import, JourneyMapQueries maps, TouchpointCatalogue catalogue)
{
    /// <summary>The template's map, in which touchpoints that the catalogue has under their name in another language keep that name.</summary>
    public MapFile FileOf(MapTemplate template, string language)
    {
        var file = template.Read(language);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var other in MapTemplate.Languages.Where(l => l != language).Select(l => template.Read(l).Described))
            foreach (var (here, there) in file.Described.Zip(other))
                if (catalogue.Named(here.Name) is null && catalogue.Named(there.Name) is not null) names.TryAdd(here.Name, there.Name);
        foreach (var touchpoint in file.Described) touchpoint.Name = names.GetValueOrDefault(touchpoint.Name, touchpoint.Name);
        return file with { Touchpoints = file.Touchpoints.ToDictionary(t => t.Key, t => names.GetValueOrDefault(t.Value, t.Value)) };
    }

    /// <summary>The map among these that was made from it, in whatever language.</summary>
    public static JourneyMap? MadeFrom(MapTemplate template, IReadOnlyList<JourneyMap> all)
    {
        var names = MapTemplate.Languages.Select(l => template.Read(l).Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return all.FirstOrDefault(m => m.State == MapState.AsIs && names.Contains(m.Name));
    }

    /// <returns>The refusal where somebody made a map of this name just now.</returns>
    public async Task<(TemplateTaken? Taken, MapRefusal? Refusal)> TakeAsync(MapTemplate template, string language, bool touchpointsOnly, bool dryRun, Actor by, CancellationToken ct)
    {
        var file = FileOf(template, language);
        var there = touchpointsOnly ? null : MadeFrom(template, await maps.ListAsync(ct));
        var creates = !touchpointsOnly && there is null;
        if (dryRun) return (new TemplateTaken(template.Key, language, there?.Id, there?.Name ?? file.Name, creates, import.Missing(file)), null);
        if (!creates) return (new TemplateTaken(template.Key, language, there?.Id, there?.Name ?? file.Name, false, await import.AddMissingAsync(file, ct)), null);
        var (imported, refusal) = await import.TakeAsync(file, by, ct);
        return (imported is null ? null : new TemplateTaken(template.Key, language, imported.Id, imported.Name, true, imported.Touchpoints), refusal);
    }
}
