using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Map;
using Tangent.Web;

namespace Tangent.Collect;

/// <param name="Counted">Events that were counted.</param>
public sealed record CountAnswer(int Counted);

/// <summary>How often something happened without consent; nobody is behind these numbers.</summary>
/// <param name="Touchpoint">Touchpoint it counts for now.</param>
/// <param name="Source">Name of the source.</param>
/// <param name="Event">Name of the event, or of the page.</param>
/// <param name="Channel">Channel, or empty.</param>
/// <param name="Path">Page path without query and ids, or empty.</param>
/// <param name="Campaign">Campaign, or empty.</param>
/// <param name="Events">How often.</param>
public sealed record ConsentlessVolume(string Touchpoint, string Source, string Event, string Channel, string Path, string Campaign, long Events);

public sealed record ConsentlessVolumes(long Events, IReadOnlyList<ConsentlessVolume> Items);

/// <param name="Days">How many days back.</param>
public sealed record ConsentlessModel(ConsentlessVolumes Volumes, int Days)
{
    public const int Most = 20;
}

/// <summary>What was counted without consent, at the touchpoints of now.</summary>
internal sealed class ConsentlessViews(ConsentlessQueries queries, ConsentlessCounter counter, SourceKeys sources, TouchpointRules rules, TouchpointCatalogue catalogue)
{
    public async Task<ConsentlessVolumes> VolumesAsync(DateOnly? from, DateOnly? to, CancellationToken ct)
    {
        await counter.FlushAsync(ct);
        var names = catalogue.Touchpoints.ToDictionary(t => t.Id, t => t.Name);
        var items = (await queries.SumsAsync(from, to, ct)).Select(c =>
        {
            var source = sources.TryFind(c.SourceId, out var known) ? known.Name : "";
            var touchpoint = rules.TouchpointOf(new Signature(c.Event, c.Channel, source, c.Path, c.Campaign)) is { } id && names.TryGetValue(id, out var name) ? name : c.Event;
            return new ConsentlessVolume(touchpoint, source, c.Event, c.Channel, c.Path, c.Campaign, c.Count);
        }).OrderByDescending(v => v.Events).ThenBy(v => v.Touchpoint, StringComparer.Ordinal).ToList();
        return new ConsentlessVolumes(items.Sum(i => i.Events), items);
    }
}

/// <summary>Counting without consent: for browsers of visitors who have not agreed, and for whoever else must not say who it was.</summary>
internal static class CountingEndpoints
{
    private const int UsualDays = 30;

    public static void MapCounting(this WebApplication app)
    {
        var call = app.MapGroup("/v1").ByWriteKey().WithTags("Calls").AddEndpointFilter(CallsEndpoints.AllowAnyOriginAsync);
        call.MapPost("/count", CountAsync).WithSummary("Counts page, screen and track calls of a batch without keeping who, when in the day, or from where: no id, time, address or browser is read.")
            .Produces<CountAnswer>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(413);
        call.MapMethods("/count", [HttpMethods.Options], CallsEndpoints.Preflight).ExcludeFromDescription();
        app.MapGet("/collect/counts", ShowAsync).ExcludeFromDescription();
        app.MapGet("/api/v1/collect/counts", VolumesAsync).WithTags("Collect").WithName("CountsWithoutConsent").WithSummary("What was counted without consent in a period, by touchpoint and signature.");
    }

    private static async Task<Results<Ok<ConsentlessVolumes>, ProblemHttpResult>> VolumesAsync(ConsentlessViews views, string? from, string? to, CancellationToken ct)
    {
        foreach (var (name, text) in new[] { ("from", from), ("to", to) })
            if (text is not null && !DateOnly.TryParseExact(text, "yyyy-MM-dd", out _)) return Problems.Invalid(name, "A day is written as 2026-03-31.");
        if (Day(from) > Day(to)) return Problems.Invalid("to", "The last day is before the first.");
        return TypedResults.Ok(await views.VolumesAsync(Day(from), Day(to), ct));
    }

    /// <summary>A fragment; of one touchpoint where the address names it.</summary>
    private static async Task<IResult> ShowAsync(HttpContext http, ConsentlessViews views, TimeProvider time, string? touchpoint, CancellationToken ct)
    {
        var volumes = await views.VolumesAsync(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-UsualDays), null, ct);
        if (touchpoint is not null) volumes = volumes with { Items = [.. volumes.Items.Where(v => v.Touchpoint == touchpoint)] };
        return http.Show<ConsentlessView>(new ConsentlessModel(volumes, UsualDays));
    }

    private static DateOnly? Day(string? text) => text is null ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<IResult> CountAsync(HttpContext http, SourceKeys keys, ApiLimits limits, ConsentlessCounter counter, IOptions<IngestionOptions> options, CancellationToken ct)
    {
        try
        {
            using var body = await RequestBody.ReadAsync(http.Request, options.Value.MaxBatchBytes, ct);
            var key = CallsEndpoints.BasicUser(http.Request);
            var refused = body.Refused.IsNone && key is null ? Envelope.ReadWriteKey(body.Json, out key) : body.Refused;
            if (!refused.IsNone) return CallsEndpoints.Refuse(refused, body.UnknownEncoding);
            if (!keys.TryFind(key, out var source)) return CallsEndpoints.WrongKey(key);
            if (limits.TakeCall(http, source.Id) is { } tooMany) return tooMany;
            if (source.Paused) return CallsEndpoints.Refuse(Ingestion.Paused(), false);
            refused = Envelope.ReadBatch(body.Json, options.Value.MaxBatchEvents, out var batch);
            return refused.IsNone ? TypedResults.Ok(new CountAnswer(counter.Count(source, batch!.Events))) : CallsEndpoints.Refuse(refused, false);
        }
        catch (BadHttpRequestException e)
        {
            return TypedResults.Problem(e.Message, title: "The request cannot be read.", statusCode: e.StatusCode);
        }
    }
}
