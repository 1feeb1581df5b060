using System.Buffers;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <param name="Error">Why one was not removed.</param>
public sealed record SegmentsModel(IReadOnlyList<SegmentRow> Rows, long Customers, string? Error = null);

/// <param name="Size">Null where it cannot be asked any more; <paramref name="Refused"/> says why.</param>
public sealed record SegmentRow(SegmentModel Segment, DateTime ChangedUtc, SegmentSize? Size, string? Refused);

/// <summary>A segment as it is being written.</summary>
/// <param name="Size">What was entered so far comes to; null where nothing was entered or it is refused.</param>
/// <param name="Refused">Why it is.</param>
/// <param name="Error">Why it was not kept.</param>
/// <param name="Offers">Conditions to choose from, by the text that names their kind.</param>
public sealed record SegmentEditModel(SegmentForm Form, SegmentSize? Size, string? Refused, string? Error, IReadOnlyList<string> Touchpoints, IReadOnlyList<string> Segments, ILookup<string, string> Offers);

/// <param name="Items">Names of segments.</param>
public sealed record SegmentChoicesModel(IReadOnlyList<string> Items, string Chosen);

/// <summary>The fields of the form.</summary>
public sealed class SegmentForm
{
    public int Id { get; set; }

    public string? Name { get; set; }

    public string? Conditions { get; set; }

    public bool Any { get; set; }
}

internal static class SegmentPagesEndpoints
{
    private const string Path = "/unify/segments";

    // What means something in a step.
    private static readonly SearchValues<char> Signs = SearchValues.Create("|;,<>=\"&()");

    public static void MapSegmentPages(this WebApplication app)
    {
        var pages = app.MapGroup(Path).ExcludeFromDescription();
        app.MapGet("/unify/customers/{number:int}/segments", ShowOfCustomerAsync).LooksAtCustomer().ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapGet("/choices", (HttpContext http, SegmentCatalogue catalogue, string? chosen) => http.Show<SegmentChoices>(new SegmentChoicesModel([.. catalogue.All.Select(s => s.Name)], chosen ?? "")));
        pages.MapGet("/new", NewAsync);
        pages.MapGet("/{id:int}", EditAsync);
        pages.MapPost("/size", TryAsync).OnlyReads();
        pages.MapPost("", SaveAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/{id:int}/removal", RemoveAsync).RequireAuthorization(Rights.Edit);
    }

    private static Task<IResult> ShowAsync(HttpContext http, SegmentQueries segments, SegmentMembers members, CancellationToken ct) => ListAsync(http, null, segments, members, ct);

    private static async Task<IResult> ListAsync(HttpContext http, string? error, SegmentQueries segments, SegmentMembers members, CancellationToken ct)
    {
        var rows = new List<SegmentRow>();
        foreach (var segment in await segments.ListAsync(ct))
        {
            var size = await members.SizeAsync(segment.Lines, segment.Any, ct, isSaved: true);
            rows.Add(new SegmentRow(SegmentModel.Of(segment), segment.ChangedUtc, size.Answer, size.Refusal?.Detail));
        }

        return http.Show<SegmentsPage>(new SegmentsModel(rows, rows.Count == 0 ? 0 : rows.Max(r => r.Size?.Of ?? 0), error), error is null ? StatusCodes.Status200OK : StatusCodes.Status409Conflict, Path);
    }

    private static async Task<IResult> ShowOfCustomerAsync(int number, HttpContext http, SegmentMembers members, JourneyStore journeys, CancellationToken ct) =>
        journeys.Journey(number, new Paging(0, 1)) is { } journey
            ? http.Show<SegmentsOfCustomer>(new SegmentsOfCustomerAnswer(await members.WithAsync(journey.Line.Customer, ct)))
            : TypedResults.NotFound();

    /// <summary>A new segment; conditions in the address are tried, so that a size can be sent as a link.</summary>
    private static Task<IResult> NewAsync(HttpContext http, [FromQuery] string[]? condition, bool? any, SegmentMembers members, SegmentCatalogue catalogue, JourneyStore journeys, CancellationToken ct) =>
        FormAsync(http, new SegmentForm { Conditions = string.Join('\n', condition ?? []), Any = any ?? false }, null, members, catalogue, journeys, ct);

    private static async Task<IResult> EditAsync(int id, HttpContext http, SegmentQueries segments, SegmentMembers members, SegmentCatalogue catalogue, JourneyStore journeys, CancellationToken ct) =>
        await segments.FindAsync(id, ct) is { } segment
            ? await FormAsync(http, new SegmentForm { Id = id, Name = segment.Name, Conditions = segment.Conditions, Any = segment.Any }, null, members, catalogue, journeys, ct, isSaved: true)
            : TypedResults.NotFound();

    private static async Task<IResult> FormAsync(HttpContext http, SegmentForm form, string? error, SegmentMembers members, SegmentCatalogue catalogue, JourneyStore journeys, CancellationToken ct, bool isSaved = false)
    {
        var lines = Segment.Split(form.Conditions);
        var size = lines.Count == 0 ? null : await members.SizeAsync(lines, form.Any, ct, isSaved);
        // What stopped the keeping says the same where it is one of the conditions.
        var refused = error is null ? size?.Refusal?.Detail : null;
        // Whoever types is told the size alone.
        if (http.WantsFragment()) return Shown([], Enumerable.Empty<(string, string)>().ToLookup(o => o.Item1, o => o.Item2));
        IReadOnlyList<string> segments = [.. catalogue.All.Where(s => s.Id != form.Id).Select(s => s.Name)];
        var traits = await TraitsEndpoints.ChoicesAsync(http.RequestServices.GetRequiredService<ProfileQueries>(), http.RequestServices.GetRequiredService<Sensitivity>().Now, ct);
        var offers = journeys.TouchpointNames().Select(t => ("Unify.Segments.Offer.Touchpoints", $"did: {Step(t)}"))
            .Concat(traits.Select(t => ("Unify.Segments.Offer.Traits", SegmentCondition.OfChoice(t))))
            .Concat(segments.Select(s => ("Unify.Segments.Offer.Segments", $"segment: {s}"))).ToLookup(o => o.Item1, o => o.Item2);
        return Shown(segments, offers);

        // What is half typed is no failure of the request that asks for its size.
        IResult Shown(IReadOnlyList<string> others, ILookup<string, string> offered) => http.Show<SegmentPage>(
            new SegmentEditModel(form, size?.Answer, refused, error, journeys.TouchpointNames(), others, offered),
            error is null && (refused is null || http.WantsFragment()) ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
            form.Id == 0 ? Path + "/new" : $"{Path}/{form.Id}");
    }

    /// <summary>A touchpoint as steps name it: signs that mean something there stand in quotation marks.</summary>
    private static string Step(string touchpoint) => touchpoint.AsSpan().IndexOfAny(Signs) < 0 ? touchpoint : $"\"{touchpoint.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>What was entered so far, with its size; nothing is kept.</summary>
    private static Task<IResult> TryAsync(HttpContext http, [FromForm] SegmentForm form, SegmentMembers members, SegmentCatalogue catalogue, JourneyStore journeys, CancellationToken ct) =>
        FormAsync(http, form, null, members, catalogue, journeys, ct);

    private static async Task<IResult> SaveAsync(
        HttpContext http, [FromForm] SegmentForm form, SegmentQueries segments, SegmentMembers members, SegmentCatalogue catalogue, JourneyStore journeys, CancellationToken ct)
    {
        var segment = form.Id == 0 ? new Segment() : await segments.FindAsync(form.Id, ct);
        if (segment is null) return TypedResults.NotFound();
        var refusal = await SegmentsEndpoints.KeepAsync(http, segment, new SegmentModel(form.Id, form.Name, Segment.Split(form.Conditions), form.Any), segments, members, ct);
        return refusal is null ? TypedResults.LocalRedirect(Path) : await FormAsync(http, form, refusal.Detail, members, catalogue, journeys, ct);
    }

    // Taking the form, though it is empty but for its token, makes the framework check that.
    private static async Task<IResult> RemoveAsync(int id, HttpContext http, IFormCollection form, SegmentQueries segments, IEnumerable<INameSegments> naming, SegmentMembers members, CancellationToken ct)
    {
        if (await segments.FindAsync(id, ct) is not { } segment) return TypedResults.NotFound();
        return await SegmentsEndpoints.RemoveUnlessNamedAsync(segment, segments, naming, ct) is { } used ? await ListAsync(http, used, segments, members, ct) : TypedResults.LocalRedirect(Path);
    }
}
