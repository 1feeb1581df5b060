using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

/// <param name="WriteKey">Only for those who may edit.</param>
/// <param name="RetiringKeys">Replaced keys that are still taken; only for those who may edit.</param>
/// <param name="LastReceived">UTC; null before the first event.</param>
/// <param name="Reasons">Why events were not accepted, the most frequent first.</param>
/// <param name="BeforeConsent">What collect.js does before a visitor has agreed.</param>
/// <param name="Rhythm">The last day against what is usual; null where nothing came.</param>
public sealed record SourceLine(
    int Id, string Name, string Kind, string? WriteKey, IReadOnlyList<RetiringKeyLine> RetiringKeys, bool Paused, long Events, long Duplicates, DateTime? LastReceived,
    long Rejected, IReadOnlyList<(string Reason, long Count)> Reasons, string BeforeConsent, SourceRhythm? Rhythm)
{
    internal static SourceLine Of(SourceView s) => new(
        s.Id, s.Name, s.Kind.ToString(), s.WriteKey, [.. s.RetiringKeys.Select(k => new RetiringKeyLine(k.Id, k.Key, k.ValidUntil))], s.Paused, s.Events, s.Duplicates, s.LastReceived, s.Rejected,
        [.. s.RejectedByReason.OrderByDescending(r => r.Value).Select(r => (r.Key.ToString(), r.Value))], s.BeforeConsent.ToString(), s.Rhythm);

    /// <summary>paused, waiting, live (an event within a day) or quiet.</summary>
    internal string State => Paused ? "Paused" : LastReceived is not { } last ? "Waiting" : DateTime.UtcNow - last < TimeSpan.FromDays(1) ? "Live" : "Quiet";

    internal string Mark => State switch { "Live" => "mark-good", "Quiet" or "Paused" => "mark-unsure", _ => "" };
}

public sealed record RetiringKeyLine(int Id, string Key, DateTime ValidUntil);

public sealed record SourcesModel(IReadOnlyList<SourceLine> Sources, string? EnteredName = null, string? EnteredKind = null, string? Error = null);

public sealed record RejectedLine(DateTime Received, string Reason, string Detail, string Body);

/// <param name="Error">Why a change was not made.</param>
public sealed record SourceModel(SourceLine Source, IReadOnlyList<RejectedLine> Rejected, string? Error = null);

/// <summary>Puts together what the pages of sources show.</summary>
internal sealed class SourcePages(SourceQueries sources, RejectionQueries rejections, SourceViews views, Sensitivity sensitivity)
{
    public SourceQueries Sources => sources;

    public async Task<IReadOnlyList<SourceLine>> LinesAsync(ClaimsPrincipal user, CancellationToken ct) =>
        [.. (await views.AllAsync(SourcesEndpoints.MayEdit(user), ct)).Items.Select(SourceLine.Of)];

    /// <summary>The page of one source, with what was wrong with a change of it.</summary>
    public async Task<IResult> ShowAsync(HttpContext http, int id, string? error, CancellationToken ct)
    {
        var line = (await LinesAsync(http.User, ct)).FirstOrDefault(s => s.Id == id);
        if (line is null) return TypedResults.NotFound();
        var latest = await rejections.LatestAsync(id, ct);
        var model = new SourceModel(line, [.. latest.Select(r => new RejectedLine(r.ReceivedUtc, r.Reason.ToString(), sensitivity.Now.Text(r.Detail), sensitivity.Now.Json(r.Body)))], error);
        return http.Show<SourcePage>(model, error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}

internal static class SourcePagesEndpoints
{
    public static void MapSourcePages(this WebApplication app)
    {
        var pages = app.MapGroup("/collect/sources").ExcludeFromDescription();
        pages.MapGet("", ListAsync);
        pages.MapPost("", AddAsync).RequireAuthorization(Rights.Edit);
        pages.MapGet("/{id:int}", (HttpContext http, int id, SourcePages sources, CancellationToken ct) => sources.ShowAsync(http, id, null, ct)).LooksAtCustomer();
    }

    private static async Task<IResult> ListAsync(HttpContext http, SourcePages pages, CancellationToken ct) =>
        http.Show<SourcesPage>(new SourcesModel(await pages.LinesAsync(http.User, ct)));

    private static async Task<IResult> AddAsync(HttpContext http, [FromForm] string? name, [FromForm] string? kind, SourcePages pages, CancellationToken ct)
    {
        var chosen = kind == nameof(SourceKind.Web) ? SourceKind.Web : SourceKind.Server;
        var error = Source.NameProblem(name) is not null ? T("Collect.Sources.NameNeeded", Source.MaxNameLength) : null;
        if (error is null && await pages.Sources.AddAsync(name!.Trim(), chosen, ct) is { } source) return TypedResults.LocalRedirect($"/collect/sources/{source.Id}");
        error ??= T("Collect.Sources.NameTaken", name!.Trim());
        return http.Show<SourcesPage>(new SourcesModel(await pages.LinesAsync(http.User, ct), name, chosen.ToString(), error), StatusCodes.Status422UnprocessableEntity);
    }
}
