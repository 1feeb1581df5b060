using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Map;

/// <summary>What a map is written as.</summary>
public enum MapFormat
{
    Yaml = 0,
    Mermaid = 1,
    Csv = 2,
    Svg = 3,
    Pdf = 4,
}

/// <param name="File">A map as YAML, or a Mermaid journey.</param>
/// <param name="DryRun">Say only what would be done.</param>
public sealed record MapFileBody(string? File, bool DryRun = false);

public sealed record MapDifferences(IReadOnlyList<MapDifference> Items);

internal static class MapFilesEndpoints
{
    public static void MapMapFiles(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/map/journey-maps").WithTags("Map");
        api.MapGet("/{id:int}/file", ExportAsync).WithName("ExportJourneyMap").Produces<string>(200, "text/plain").ProducesProblem(404)
            .WithSummary("A journey map as a file: yaml (all of it), mermaid (stages, steps, emotion), csv (a line for each card), svg (a picture) or pdf (A3 pages); the last three also as a persona sees it.");
        api.MapPost("/imports", ImportAsync).RequireAuthorization(Rights.Edit).WithName("ImportJourneyMap")
            .WithSummary("Takes a journey map from YAML or Mermaid: all of it or nothing. Touchpoints that are missing in the catalogue are added; a map of the same name and state is changed, which can be undone. Mermaid says only stages, steps, their order and emotions: all else of a map stays.");
        api.MapGet("/{id:int}/differences", DifferencesAsync).WithName("CompareJourneyMaps").WithSummary("What differs between this journey map and another one (with), or between two versions of it (fromVersion and toVersion; without the latter, the map as it is now): added, removed, moved, changed.");
        api.MapPost("/{id:int}/differences", FromFileAsync).WithName("CompareJourneyMapWithFile").WithSummary("What a file (YAML or Mermaid) would change in this journey map; nothing is changed.");
    }

    private static async Task<IResult> ExportAsync(int id, [FromQuery(Name = "as")] string? format, int? persona, JourneyMapQueries maps, MapImport import, MapPictures pictures, PhotoQueries photos, MapLinking linking, TouchpointCatalogue catalogue, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } map) return Problems.NotFound($"There is no journey map {id}.");
        if (MapWords.Read<MapFormat>(format ?? "yaml") is not { } wanted) return Problems.Invalid("as", $"A map is written as {MapWords.List<MapFormat>()}.");
        var (content, references) = (MapContent.Read(map.Content), await linking.ReferencesAsync(ct));
        if (persona is { } number)
        {
            // These are taken back from their files: what is left out there would be removed.
            if (wanted is MapFormat.Yaml or MapFormat.Mermaid) return Problems.Invalid("persona", "As a persona sees it, a map is written as csv, svg or pdf.");
            if (references.Personas.Find(number) is not { } seen) return Problems.Invalid("persona", $"There is no persona {number}.");
            content = references.Personas.SeenAs(seen, content);
        }

        var drawn = wanted is MapFormat.Svg or MapFormat.Pdf ? await photos.DrawnAsync(id, ct) : null;
        return Written(map, content, wanted, () => MapYamlWriter.Write(map, content, catalogue, references), import.Touchpoint, () => pictures.Of(map, content) with { Photos = drawn });
    }

    /// <summary>The map as a file that a browser keeps.</summary>
    internal static IResult Written(JourneyMap map, MapContent content, MapFormat format, Func<string> yaml, Func<MapStep, string> touchpoint, Func<SheetMap> picture) => format switch
    {
        MapFormat.Yaml => Download(map, yaml(), "application/yaml", "yaml"),
        MapFormat.Mermaid => Download(map, MapMermaid.Write(map, content), "text/plain", "mmd"),
        MapFormat.Csv => Download(map, MapCsv.Write(content, touchpoint), "text/csv", "csv"),
        MapFormat.Svg => Download(map, MapSvg.Write(picture()), MapPictures.SvgType, "svg"),
        _ => TypedResults.File(MapPdf.Write(picture()), MapPictures.PdfType, FileName(map, "pdf")),
    };

    private static FileContentHttpResult Download(JourneyMap map, string text, string type, string ending) =>
        TypedResults.File(Encoding.UTF8.GetBytes(text), type + "; charset=utf-8", FileName(map, ending));

    private static string FileName(JourneyMap map, string ending) => $"{string.Concat(map.Name.Select(c => char.IsLetterOrDigit(c) ? c : '-'))}-{MapWords.Of(map.State)}.{ending}";

    private static async Task<Results<Ok<MapImported>, ProblemHttpResult>> ImportAsync(MapFileBody body, HttpContext http, MapImport import, CancellationToken ct)
    {
        if (MapImport.TryRead(body.File ?? "", out var fault) is not { } file) return Problems.Invalid("file", fault!.ToString());
        if (body.DryRun) return await import.FaultAsync(file, ct) is { } wrong ? Problems.Invalid("file", wrong.ToString()) : TypedResults.Ok(await import.TryAsync(file, ct));
        var (imported, refusal) = await import.TakeAsync(file, Actor.Of(http.User), ct);
        return imported is not null ? TypedResults.Ok(imported) : refusal!.IsConflict ? Problems.Conflict(refusal.Detail) : Problems.Invalid("file", refusal.Detail);
    }

    private static async Task<Results<Ok<MapDifferences>, ProblemHttpResult>> DifferencesAsync(int id, int? with, int? fromVersion, int? toVersion, JourneyMapQueries maps, MapVersions versions, MapImport import, MapLinking linking, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } one) return Problems.NotFound($"There is no journey map {id}.");
        if (with is null == fromVersion is null || (toVersion is not null && fromVersion is null)) return Problems.Invalid("with", "Say what is compared: with, another map; or fromVersion, a version, and toVersion, another one, or nothing for the map as it is now.");
        if (with is null)
        {
            if (await versions.AtAsync(one, fromVersion, ct) is not { } before) return Problems.Invalid("fromVersion", $"The journey map {id} has no version {fromVersion}.");
            return await versions.AtAsync(one, toVersion, ct) is { } after ? TypedResults.Ok(new MapDifferences(await versions.CompareAsync(before, after, ct))) : Problems.Invalid("toVersion", $"The journey map {id} has no version {toVersion}.");
        }

        if (await maps.FindAsync(with.Value, ct) is not { } other) return Problems.Invalid("with", $"There is no journey map {with}.");
        var references = await linking.ReferencesAsync(ct);
        return TypedResults.Ok(new MapDifferences(MapComparison.Of(ComparedMap.Of(one, import.Touchpoint, references), ComparedMap.Of(other, import.Touchpoint, references))));
    }

    private static async Task<Results<Ok<MapDifferences>, ProblemHttpResult>> FromFileAsync(int id, MapFileBody body, JourneyMapQueries maps, MapImport import, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } map) return Problems.NotFound($"There is no journey map {id}.");
        if (MapImport.TryRead(body.File ?? "", out var fault) is not { } file) return Problems.Invalid("file", fault!.ToString());
        return TypedResults.Ok(new MapDifferences(await import.DifferencesAsync(map, file, ct)));
    }
}
