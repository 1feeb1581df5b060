using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>A segment as the API shows and takes it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">What people call it; filters name it by this.</param>
/// <param name="Conditions">Conditions such as <c>did 2.. in 90d: Order</c>.</param>
/// <param name="Any">One condition suffices; otherwise all must hold.</param>
/// <param name="By">Who wrote it last.</param>
public sealed record SegmentModel(int Id, string? Name, IReadOnlyList<string>? Conditions, bool Any = false, string By = "")
{
    internal static SegmentModel Of(Segment s) => new(s.Id, s.Name, s.Lines, s.Any, s.By);
}

/// <param name="Items">Names of the segments that a customer is in.</param>
public sealed record SegmentsOfCustomerAnswer(IReadOnlyList<string> Items);

public sealed record SegmentsAnswer(IReadOnlyList<SegmentModel> Items);

/// <summary>Which segment is asked about: one by name, or conditions that are tried.</summary>
internal sealed record SegmentAsked([FromQuery(Name = "name")] string? Name, [FromQuery(Name = "condition")] string[]? Condition, [FromQuery(Name = "any")] bool? Any);

internal static class SegmentsEndpoints
{
    private const int MostNamed = 10;

    public static void MapSegments(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/unify/segments").WithTags("Unify");
        api.MapGet("", List).WithName("ListSegments").WithSummary("The segments, by name.");
        app.MapGet("/api/v1/unify/customers/{number:int}/segments", OfCustomerAsync).LooksAtCustomer().WithTags("Unify").WithName("SegmentsOfCustomer").WithSummary("The segments a customer is in now.");
        api.MapGet("/size", SizeAsync).WithName("SizeOfSegment").WithSummary("How many customers are in a segment (name), or would be (condition, repeated; any=true where one suffices), and in each of its conditions.");
        api.MapGet("/customers", CustomersAsync).LooksAtCustomer().WithName("CustomersOfSegment").WithSummary("The customers in a segment, or who would be; asked like its size.");
        api.MapPost("", AddAsync).RequireAuthorization(Rights.Edit).WithName("AddSegment").WithSummary("Adds a segment. What conditions can say: see Segments.");
        api.MapPut("/{id:int}", ChangeAsync).RequireAuthorization(Rights.Edit).WithName("ChangeSegment").WithSummary("Changes a segment; whatever filters by it follows at once, and whatever names it follows a new name.");
        api.MapDelete("/{id:int}", RemoveAsync).RequireAuthorization(Rights.Edit).WithName("RemoveSegment").ProducesProblem(409).WithSummary("Removes a segment that no other segment and no shared view names.");
    }

    private static async Task<Results<Ok<SegmentsOfCustomerAnswer>, ProblemHttpResult>> OfCustomerAsync(int number, SegmentMembers members, JourneyStore journeys, CancellationToken ct) =>
        journeys.Journey(number, new Paging(0, 1)) is { } journey
            ? TypedResults.Ok(new SegmentsOfCustomerAnswer(await members.WithAsync(journey.Line.Customer, ct)))
            : Problems.NotFound($"There is no customer {number}.");

    private static Ok<SegmentsAnswer> List(SegmentCatalogue catalogue) => TypedResults.Ok(new SegmentsAnswer([.. catalogue.All.Select(SegmentModel.Of)]));

    private static async Task<Results<Ok<SegmentSize>, ProblemHttpResult>> SizeAsync([AsParameters] SegmentAsked asked, SegmentCatalogue catalogue, SegmentMembers members, CancellationToken ct)
    {
        if (Wanted(asked, catalogue, out var refusal) is not var (conditions, any)) return Refused(refusal!);
        var size = await members.SizeAsync(conditions, any, ct, asked.Name is { Length: > 0 });
        return size.Refusal is { } wrong ? Refused(wrong) : TypedResults.Ok(size.Answer!);
    }

    private static async Task<Results<Ok<CustomersListAnswer>, ProblemHttpResult>> CustomersAsync(
        [AsParameters] SegmentAsked asked, HttpContext http, int? take, string? cursor, SegmentCatalogue catalogue, SegmentMembers members, CustomerSearch customers, CancellationToken ct)
    {
        if (Wanted(asked, catalogue, out var refusal) is not var (conditions, any)) return Refused(refusal!);
        if (CursorPage.Read(http, 50, out var wrongPage) is not { } page) return wrongPage!;
        var set = await members.OfAsync(conditions, any, ct, asked.Name is { Length: > 0 });
        if (set.Refusal is { } wrong) return Refused(wrong);
        var listed = await customers.ListAsync(null, set.Answer, new Paging(0, page.Take, page.After), ct);
        return TypedResults.Ok(listed with { Next = CursorPage.Next(http, listed.Next) });
    }

    private static async Task<Results<Created<SegmentModel>, ProblemHttpResult>> AddAsync(HttpContext http, SegmentModel body, SegmentQueries segments, SegmentMembers members, CancellationToken ct)
    {
        var segment = new Segment();
        return await KeepAsync(http, segment, body, segments, members, ct) is { } refused ? Refused(refused) : TypedResults.Created($"/api/v1/unify/segments/{segment.Id}", SegmentModel.Of(segment));
    }

    private static async Task<Results<Ok<SegmentModel>, ProblemHttpResult>> ChangeAsync(int id, HttpContext http, SegmentModel body, SegmentQueries segments, SegmentMembers members, CancellationToken ct)
    {
        if (await segments.FindAsync(id, ct) is not { } segment) return Problems.NotFound($"There is no segment {id}.");
        return await KeepAsync(http, segment, body, segments, members, ct) is { } refused ? Refused(refused) : TypedResults.Ok(SegmentModel.Of(segment));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(int id, SegmentQueries segments, IEnumerable<INameSegments> naming, CancellationToken ct)
    {
        if (await segments.FindAsync(id, ct) is not { } segment) return Problems.NotFound($"There is no segment {id}.");
        return await RemoveUnlessNamedAsync(segment, segments, naming, ct) is { } used ? Problems.Conflict(used) : TypedResults.NoContent();
    }

    /// <summary>Removes a segment that nothing names.</summary>
    /// <returns>What names it.</returns>
    public static async Task<string?> RemoveUnlessNamedAsync(Segment segment, SegmentQueries segments, IEnumerable<INameSegments> naming, CancellationToken ct)
    {
        var uses = new List<string>();
        foreach (var one in naming) uses.AddRange(await one.NamingAsync(segment.Name, ct));
        if (uses.Count > 0) return T("Unify.Segments.InUse", segment.Name, string.Join(", ", uses.Take(MostNamed)) + (uses.Count > MostNamed ? ", …" : ""));
        await segments.RemoveAsync(segment, ct);
        return null;
    }

    /// <summary>Checks and keeps a segment.</summary>
    /// <returns>Why it is not kept.</returns>
    public static async Task<Refusal?> KeepAsync(HttpContext http, Segment segment, SegmentModel body, SegmentQueries segments, SegmentMembers members, CancellationToken ct)
    {
        if (Segment.WrongName(body.Name) is { } wrong) return new Refusal("name", wrong);
        IReadOnlyList<string> conditions = [.. (body.Conditions ?? []).Select(c => c?.ReplaceLineEndings(" ").Trim() ?? "").Where(c => c.Length > 0)];
        // What cannot be answered now is not kept: it would refuse every question that filters by it.
        if ((await members.SizeAsync(conditions, body.Any, ct)).Refusal is { } refusal) return refusal;
        if (segment.Id != 0 && members.LeadTo(conditions, segment.Name)) return new Refusal("condition", T("Unify.Segments.Circle", segment.Name));
        var before = segment.Name;
        (segment.Name, segment.Any, segment.Conditions) = (body.Name!.Trim(), body.Any, string.Join('\n', conditions));
        (segment.By, segment.ChangedUtc) = (http.Page().UserName ?? "", DateTime.UtcNow);
        return await segments.SaveAsync(segment, before, http.RequestServices.GetServices<INameSegments>(), ct) ? null : new Refusal("name", T("Unify.Segments.NameTaken", segment.Name));
    }

    private static (IReadOnlyList<string> Conditions, bool Any)? Wanted(SegmentAsked asked, SegmentCatalogue catalogue, out Refusal? refusal)
    {
        refusal = null;
        if (asked.Name is not { Length: > 0 } name) return (asked.Condition ?? [], asked.Any ?? false);
        if (catalogue.Find(name) is { } segment) return (segment.Lines, segment.Any);
        refusal = new Refusal("name", T("Unify.Segments.Unknown", name));
        return null;
    }

    private static ProblemHttpResult Refused(Refusal refusal) => Problems.Invalid(refusal.Field, refusal.Detail);
}
