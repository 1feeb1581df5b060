using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Data;
using Tangent.Mail;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Operate;

internal sealed record SettingsView(IReadOnlyList<SettingView> Items);

/// <param name="Name">Of a national holiday in the reader's language; of the company's own days, the word for them.</param>
internal sealed record HolidayView(DateOnly Day, string Name);

/// <param name="Start">Minutes since midnight.</param>
/// <param name="End">Minutes since midnight, not included.</param>
internal sealed record WorkingSpanView(DayOfWeek Day, int Start, int End);

internal sealed record CalendarView(string TimeZone, int Year, IReadOnlyList<HolidayView> Holidays, IReadOnlyList<WorkingSpanView> Hours);

/// <param name="WorkingSeconds">Working time of the company between the two moments.</param>
internal sealed record WorkingTimeView(DateTime From, DateTime To, long WorkingSeconds);

internal static class SettingsEndpoints
{
    private static readonly DayOfWeek[] Week = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];

    public static void MapSettings(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/operate").WithTags("Operate");
        api.MapGet("/settings", List).RequireAuthorization(Rights.Own).WithSummary("Settings of the company, of mail and of backups: what holds, and whether the server's own configuration fixes it. Secrets are never shown.");
        api.MapPatch("/settings", ChangeAsync).RequireAuthorization(Rights.Own).WithSummary("Changes settings by their keys, all or none, in force at once; null takes one back to its default.");
        api.MapGet("/calendar", Calendar).WithSummary("The company's working hours and the holidays of a year.");
        api.MapGet("/calendar/working-time", Between).WithSummary("The company's working time between two moments (ISO 8601).");
        var pages = app.MapGroup("/operate/settings").RequireAuthorization(Rights.Own).ExcludeFromDescription();
        pages.MapGet("", Show);
        pages.MapPost("", SaveAsync);
        pages.MapPost("/mail/tests", TestMailAsync);
    }

    public static string HolidayName(Holiday holiday) => T("Operate.Holiday." + holiday.Name);

    private static Ok<SettingsView> List(Settings settings) => TypedResults.Ok(new SettingsView(settings.All()));

    private static async Task<Results<Ok<SettingsView>, ProblemHttpResult>> ChangeAsync([FromBody] Dictionary<string, string?> changes, Settings settings, CancellationToken ct) =>
        await settings.ChangeAsync(changes, ct) is { } refusal ? Problems.Invalid(refusal.Field, refusal.Detail) : TypedResults.Ok(new SettingsView(settings.All()));

    private static Results<Ok<CalendarView>, ProblemHttpResult> Calendar(IOptionsMonitor<CompanyOptions> company, int? year)
    {
        var asked = year ?? DateTime.UtcNow.Year;
        if (asked is < 1900 or > 2199) return Problems.Invalid("year", T("Operate.Problem.Year"));
        var calendar = new BusinessCalendar(company.CurrentValue);
        return TypedResults.Ok(new CalendarView(company.CurrentValue.TimeZone, asked, [.. calendar.HolidaysOf(asked).Select(h => new HolidayView(h.Day, HolidayName(h)))],
            [.. Week.SelectMany(d => calendar.Hours.Of(d).Select(s => new WorkingSpanView(d, s.Start, s.End)))]));
    }

    private static Results<Ok<WorkingTimeView>, ProblemHttpResult> Between(IOptionsMonitor<CompanyOptions> company, DateTimeOffset from, DateTimeOffset to)
    {
        if (to < from) return Problems.Invalid("to", T("Operate.Problem.Order"));
        if (to - from > TimeSpan.FromDays(3660)) return Problems.Invalid("to", T("Operate.Problem.Span"));
        if (from.Year < 1900 || to.Year > 2199) return Problems.Invalid("from", T("Operate.Problem.Year"));
        var worked = new BusinessCalendar(company.CurrentValue).Between(from.UtcDateTime, to.UtcDateTime);
        return TypedResults.Ok(new WorkingTimeView(from.UtcDateTime, to.UtcDateTime, (long)worked.TotalSeconds));
    }

    private static RazorComponentResult<PageHost> Show(HttpContext http, SettingsForms forms, string? saved) =>
        http.Show<SettingsPage>(forms.Model(saved: saved == "1"));

    private static async Task<IResult> SaveAsync(HttpContext http, IFormCollection form, Settings settings, SettingsForms forms, Backups backups, CancellationToken ct)
    {
        var from = form.ContainsKey("returnUrl") ? LocalAddress.Of(form["returnUrl"]) : null;
        if (await settings.ChangeAsync(SettingsForms.Changes(form, settings), ct) is not { } refusal) return TypedResults.LocalRedirect(from ?? "/operate/settings?saved=1");
        var model = forms.Model(new SettingRefused(refusal.Field, refusal.Detail), form);
        return from == BackupsEndpoints.Page
            ? http.Show<BackupsPage>(BackupsEndpoints.Model(backups, model) with { Refusal = T("Operate.Settings.Refused", refusal.Detail) }, StatusCodes.Status422UnprocessableEntity)
            : http.Show<SettingsPage>(model, StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<RazorComponentResult<PageHost>> TestMailAsync(
        HttpContext http, [FromForm] string? to, IOptionsMonitor<MailOptions> mail, IOptionsMonitor<CompanyOptions> company, SettingsForms forms, CancellationToken ct)
    {
        var refusal = Letter.CanGoTo(to) ? await MailEndpoints.SendTestAsync(to!, mail.CurrentValue, company.CurrentValue.Name, ct) : T("Mail.Test.BadAddress");
        return http.Show<SettingsPage>(forms.Model(test: new TestLetterShown(to ?? "", refusal)));
    }
}
