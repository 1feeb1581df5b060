using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Tangent.Data;
using Tangent.Web;

namespace Tangent.Access;

/// <param name="At">UTC.</param>
/// <param name="Kind">change, look (at a customer), signIn or refusal (of signing in).</param>
/// <param name="ActorKind">person, key, local (the data folder's socket, or a demo) or nobody.</param>
/// <param name="Actor">Name at that time.</param>
/// <param name="Method">HTTP method; of a sign-in, its way.</param>
/// <param name="Route">The address with its parameters unnamed.</param>
/// <param name="Target">Numbers and ids in the address.</param>
/// <param name="Status">HTTP status of the answer; 499 where nobody waited for it, and what was asked for may be done or not.</param>
internal sealed record AuditView(long Id, DateTime At, AuditKind Kind, ActorKind ActorKind, string ActorId, string Actor, string Method, string Route, string Target, int Status);

/// <param name="Next">Cursor of the next page; null where this is the last.</param>
internal sealed record AuditListView(int Total, IReadOnlyList<AuditView> Items, string? Next);

/// <param name="From">First day, yyyy-MM-dd.</param>
/// <param name="To">Last day, yyyy-MM-dd.</param>
public sealed record AuditPageModel(IReadOnlyList<AuditRow> Rows, int Total, int Skip, string Actor, string Route, string Kind, string From, string To, string Csv);

public sealed record AuditRow(DateTime At, string Kind, string ActorKind, string Actor, string Method, string Route, string Target);

internal static class AuditEndpoints
{
    private const int OnAPage = 50;
    private const int MostInFile = 100_000;

    public static void MapAudit(this WebApplication app)
    {
        app.MapGet("/access/audit", ShowAsync).RequireAuthorization(Rights.Own).ExcludeFromDescription();
        var api = app.MapGroup("/api/v1/access").RequireAuthorization(Rights.Own).WithTags("Access");
        api.MapGet("/audit", ListAsync).WithSummary("The audit log, the latest entry first: changes, looks at customers, sign-ins. Days are the company's; actor and route are parts of the text.");
        api.MapGet("/audit.csv", CsvAsync).WithSummary("The same as CSV, all of it.").Produces<string>(contentType: "text/csv");
    }

    private static async Task<RazorComponentResult<PageHost>> ShowAsync(
        HttpContext http, AuditQueries audit, IOptionsMonitor<CompanyOptions> company, string? actor, string? route, string? kind, string? from, string? to, int? skip, CancellationToken ct)
    {
        // For a file of the table all of them, as far as a workbook is useful; the button beside the title gives the log without end.
        var (first, most) = http.IsExport() ? (0, MostInFile) : (Math.Max(skip ?? 0, 0), OnAPage);
        // A filter that cannot be read is left out; the form shows what was understood.
        var (read, _) = Read(company.CurrentValue, actor, route, kind, from, to);
        var filter = read ?? new AuditFilter(actor, route, null, null, null);
        var rows = await audit.ListAsync(filter, long.MaxValue, first, most, ct);
        return http.Show<AuditPage>(new AuditPageModel(
            [.. rows.Select(e => new AuditRow(e.AtUtc, e.Kind.ToString(), e.ActorKind.ToString(), e.Actor, e.Method, e.Route, e.Target))], await audit.CountAsync(filter, ct), first,
            actor ?? "", route ?? "", filter.Kind?.ToString() ?? "", filter.FromUtc is null ? "" : from!, filter.ToUtc is null ? "" : to!, "/api/v1/access/audit.csv" + http.Request.QueryString));
    }

    private static async Task<Results<Ok<AuditListView>, ProblemHttpResult>> ListAsync(
        HttpContext http, AuditQueries audit, IOptionsMonitor<CompanyOptions> company, string? actor, string? route, string? kind, string? from, string? to, int? skip, int? take, string? cursor, CancellationToken ct)
    {
        var (filter, problem) = Read(company.CurrentValue, actor, route, kind, from, to);
        if (filter is null) return problem!;
        if (skip is < 0) return Problems.Invalid("skip", "skip is 0 or more.");
        if (CursorPage.Read(http, OnAPage, out var refused) is not { } page) return refused!;
        var before = page.After is { } after ? long.Parse(after, CultureInfo.InvariantCulture) : long.MaxValue;
        var (entries, end) = page.Cut(await audit.ListAsync(filter, before, skip ?? 0, page.Take + 1, ct), e => e.Id.ToString(CultureInfo.InvariantCulture));
        return TypedResults.Ok(new AuditListView(await audit.CountAsync(filter, ct), [.. entries.Select(View)], CursorPage.Next(http, end)));
    }

    private static IResult CsvAsync(
        AuditQueries audit, IOptionsMonitor<CompanyOptions> company, string? actor, string? route, string? kind, string? from, string? to, CancellationToken ct)
    {
        var (filter, problem) = Read(company.CurrentValue, actor, route, kind, from, to);
        return filter is null ? problem! : TypedResults.Stream(stream => WriteAsync(stream, audit.Read(filter), ct), "text/csv; charset=utf-8", "audit.csv");
    }

    private static async Task WriteAsync(Stream stream, IAsyncEnumerable<AuditEntry> entries, CancellationToken ct)
    {
        await using var text = new StreamWriter(stream, new UTF8Encoding(true));
        await text.WriteAsync("id,at,kind,actor_kind,actor_id,actor,method,route,target,status\r\n");
        await foreach (var e in entries.WithCancellation(ct))
        {
            string[] cells = [e.Id.ToString(CultureInfo.InvariantCulture), e.AtUtc.ToString("O", CultureInfo.InvariantCulture), e.Kind.ToString(), e.ActorKind.ToString(), e.ActorId, e.Actor, e.Method, e.Route, e.Target, e.Status.ToString(CultureInfo.InvariantCulture)];
            await text.WriteAsync(string.Join(',', cells.Select(CsvFile.Text)) + "\r\n");
        }
    }

    private static AuditView View(AuditEntry e) => new(e.Id, e.AtUtc, e.Kind, e.ActorKind, e.ActorId, e.Actor, e.Method, e.Route, e.Target, e.Status);

    private static (AuditFilter? Filter, ProblemHttpResult? Problem) Read(CompanyOptions company, string? actor, string? route, string? kind, string? from, string? to)
    {
        AuditKind? of = null;
        if (!string.IsNullOrEmpty(kind))
        {
            if (!Enum.TryParse<AuditKind>(kind, ignoreCase: true, out var named) || !Enum.IsDefined(named)) return (null, Problems.Invalid("kind", $"'{kind}' is not a kind of entry; use change, look, signIn or refusal."));
            of = named;
        }

        DateOnly? Day(string? day) => DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) ? read : null;
        if (!string.IsNullOrEmpty(from) && Day(from) is null) return (null, Problems.Invalid("from", $"'{from}' is not a day; write it as 2026-01-31."));
        if (!string.IsNullOrEmpty(to) && Day(to) is null) return (null, Problems.Invalid("to", $"'{to}' is not a day; write it as 2026-01-31."));
        DateTime? Start(DateOnly? day, int after) => day is { } d && d < DateOnly.MaxValue && d > DateOnly.MinValue.AddDays(1) ? company.Zone().StartOf(d.AddDays(after)) : null;
        return (new AuditFilter(actor?.Trim(), route?.Trim(), of, Start(Day(from), 0), Start(Day(to), 1)), null);
    }
}
