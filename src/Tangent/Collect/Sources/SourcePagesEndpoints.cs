using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

/// <param name="WriteKey">Only for those who may edit.</param>
/// <param name="LastReceived">UTC; null before the first event.</param>
/// <param name="Reasons">Why events were not accepted, the most frequent first.</param>
public sealed record SourceLine(
    int Id, string Name, string Kind, string? WriteKey, long Events, long Duplicates, DateTime? LastReceived, long Rejected, IReadOnlyList<(string Reason, long Count)> Reasons)
{
    internal static SourceLine Of(SourceView s) => new(
        s.Id, s.Name, s.Kind.ToString(), s.WriteKey, s.Events, s.Duplicates, s.LastReceived, s.Rejected,
        [.. s.RejectedByReason.OrderByDescending(r => r.Value).Select(r => (r.Key.ToString(), r.Value))]);

    /// <summary>waiting, live (an event within a day) or quiet.</summary>
    internal string State => LastReceived is not { } last ? "Waiting" : DateTime.UtcNow - last < TimeSpan.FromDays(1) ? "Live" : "Quiet";

    internal string Mark => State switch { "Live" => "mark-good", "Quiet" => "mark-unsure", _ => "" };
}

public sealed record SourcesModel(IReadOnlyList<SourceLine> Sources, string? EnteredName = null, string? EnteredKind = null, string? Error = null);

public sealed record RejectedLine(DateTime Received, string Reason, string Detail, string Body);

public sealed record SourceModel(SourceLine Source, IReadOnlyList<RejectedLine> Rejected);

internal static class SourcePagesEndpoints
{
    public static void MapSourcePages(this WebApplication app)
    {
        var pages = app.MapGroup("/collect/sources").ExcludeFromDescription();
        pages.MapGet("", ListAsync);
        pages.MapPost("", AddAsync).RequireAuthorization(Rights.Edit);
        pages.MapGet("/{id:int}", ShowAsync);
    }

    private static async Task<RazorComponentResult<PageHost>> ListAsync(
        HttpContext http, SourceQueries sources, RejectionQueries rejections, RejectionJournal journal, EventLog log, CancellationToken ct) =>
        http.Show<SourcesPage>(new SourcesModel(await LinesAsync(http.User, sources, rejections, journal, log, ct)));

    private static async Task<IResult> AddAsync(
        HttpContext http, [FromForm] string? name, [FromForm] string? kind, SourceQueries sources, RejectionQueries rejections, RejectionJournal journal, EventLog log,
        CancellationToken ct)
    {
        var chosen = kind == nameof(SourceKind.Web) ? SourceKind.Web : SourceKind.Server;
        var error = Source.NameProblem(name) is not null ? T("Collect.Sources.NameNeeded", Source.MaxNameLength) : null;
        if (error is null && await sources.AddAsync(name!.Trim(), chosen, ct) is { } source) return TypedResults.LocalRedirect($"/collect/sources/{source.Id}");
        error ??= T("Collect.Sources.NameTaken", name!.Trim());
        var lines = await LinesAsync(http.User, sources, rejections, journal, log, ct);
        return http.Show<SourcesPage>(new SourcesModel(lines, name, chosen.ToString(), error), StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, int id, SourceQueries sources, RejectionQueries rejections, RejectionJournal journal, EventLog log, CancellationToken ct)
    {
        var line = (await LinesAsync(http.User, sources, rejections, journal, log, ct)).FirstOrDefault(s => s.Id == id);
        if (line is null) return TypedResults.NotFound();
        var latest = await rejections.LatestAsync(id, ct);
        return http.Show<SourcePage>(new SourceModel(line, [.. latest.Select(r => new RejectedLine(r.ReceivedUtc, r.Reason.ToString(), r.Detail, r.Body))]));
    }

    private static async Task<IReadOnlyList<SourceLine>> LinesAsync(
        ClaimsPrincipal user, SourceQueries sources, RejectionQueries rejections, RejectionJournal journal, EventLog log, CancellationToken ct)
    {
        await journal.FlushAsync(ct);
        var mayEdit = user.IsInRole(nameof(Role.Editor)) || user.IsInRole(nameof(Role.Owner));
        return [.. (await SourcesEndpoints.ViewAsync(sources, rejections, log, mayEdit, ct)).Items.Select(SourceLine.Of)];
    }
}
