using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>How long kinds of data are kept: set, seen before it holds, and carried out at once where nobody wants to wait for the night.</summary>
internal static class RetentionPeriodsEndpoints
{
    private const string Path = "/unify/retention";
    private const string Field = "days.";

    public static void MapRetentionPeriods(this WebApplication app)
    {
        var pages = app.MapGroup(Path).RequireAuthorization(Rights.Own).ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapPost("", SaveAsync);
        pages.MapPost("/preview", PreviewAsync).OnlyReads();
        pages.MapPost("/runs", RunByFormAsync);
        var api = app.MapGroup("/api/v1/unify/retention").RequireAuthorization(Rights.Own).WithTags("Privacy");
        api.MapGet("", GetAsync).WithName("GetRetention").WithSummary("How long each kind of data is kept and what is older; periods looks at others than those in force.");
        api.MapPut("", PutAsync).WithName("SetRetention").WithSummary("Sets retention periods. What is older goes the next night; 0 keeps a kind without end.");
        api.MapPost("/runs", RunAsync).WithName("RunRetention").ProducesProblem(409).WithSummary("Lets go at once of what is older than its period. It cannot be taken back.");
    }

    private static async Task<Results<Ok<RetentionPeriodsAnswer>, ProblemHttpResult>> GetAsync(string? periods, Retention retention, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(periods)) return TypedResults.Ok(await AnswerAsync(retention, retention.Periods, ct));
        if (RetentionPeriods.Read(periods) is not { } read) return Problems.Invalid("periods", T("Unify.Retention.Wrong", RetentionPeriods.MostDays));
        return Unknown(read.Keys, retention) is { } refusal ? Problems.Invalid("periods", refusal.Detail) : TypedResults.Ok(await AnswerAsync(retention, read, ct));
    }

    private static async Task<Results<Ok<RetentionPeriodsAnswer>, ProblemHttpResult>> PutAsync(RetentionBody body, Retention retention, Settings settings, CancellationToken ct) =>
        await KeepAsync(body.Periods ?? new Dictionary<string, int>(), retention, settings, ct) is { } refusal
            ? Problems.Invalid("periods", refusal.Detail) : TypedResults.Ok(await AnswerAsync(retention, retention.Periods, ct));

    private static async Task<Results<Ok<RetentionRun>, ProblemHttpResult>> RunAsync(HttpContext http, Retention retention) =>
        await retention.RunAsync(Actor.Of(http.User), http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping) is { } run
            ? TypedResults.Ok(run) : TypedResults.Problem(T("Unify.Retention.Running"), statusCode: StatusCodes.Status409Conflict);

    private static async Task<IResult> ShowAsync(HttpContext http, Retention retention, Settings settings, IOptionsMonitor<RetentionOptions> options, CancellationToken ct) =>
        Page(http, await AnswerAsync(retention, retention.Periods, ct), settings, options, isPreview: false, null);

    private static async Task<IResult> PreviewAsync(HttpContext http, IFormCollection form, Retention retention, Settings settings, IOptionsMonitor<RetentionOptions> options, CancellationToken ct)
    {
        var (periods, refusal) = Read(form);
        return Page(http, await AnswerAsync(retention, refusal is null ? periods : retention.Periods, ct), settings, options, isPreview: refusal is null, refusal?.Detail);
    }

    private static async Task<IResult> SaveAsync(HttpContext http, IFormCollection form, Retention retention, Settings settings, IOptionsMonitor<RetentionOptions> options, CancellationToken ct)
    {
        var (periods, refusal) = Read(form);
        if ((refusal ?? await KeepAsync(periods, retention, settings, ct)) is not { } refused) return TypedResults.LocalRedirect(Path + "?saved");
        return Page(http, await AnswerAsync(retention, retention.Periods, ct), settings, options, isPreview: false, refused.Detail);
    }

    // Taking the form, though it is empty but for its token, makes the framework check that.
    private static async Task<IResult> RunByFormAsync(HttpContext http, IFormCollection form, Retention retention)
    {
        await retention.RunAsync(Actor.Of(http.User), http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        return TypedResults.LocalRedirect(Path);
    }

    private static async Task<RetentionPeriodsAnswer> AnswerAsync(Retention retention, IReadOnlyDictionary<string, int> periods, CancellationToken ct) =>
        new(await retention.PreviewAsync(periods, ct), retention.Now, await retention.LastAsync(ct));

    private static RazorComponentResult<PageHost> Page(HttpContext http, RetentionPeriodsAnswer answer, Settings settings, IOptionsMonitor<RetentionOptions> options, bool isPreview, string? error) => http.Show<RetentionPage>(
        new RetentionPageModel(answer, isPreview, http.Request.Query.ContainsKey("saved"), settings.Find(RetentionPeriods.Key)!.IsFixed, options.CurrentValue.Hour, error),
        error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, Path);

    /// <returns>Why nothing was changed.</returns>
    private static async Task<Refusal?> KeepAsync(IReadOnlyDictionary<string, int> changes, Retention retention, Settings settings, CancellationToken ct)
    {
        if (Unknown(changes.Keys, retention) is { } unknown) return unknown;
        if (changes.Values.Any(d => d is < 0 or > RetentionPeriods.MostDays)) return new Refusal("periods", T("Unify.Retention.Wrong", RetentionPeriods.MostDays));
        var periods = new Dictionary<string, int>(retention.Periods, StringComparer.Ordinal);
        foreach (var (kind, days) in changes) periods[kind] = days;
        return await settings.ChangeAsync(new Dictionary<string, string?> { [RetentionPeriods.Key] = RetentionPeriods.Write(periods) }, ct) is { } refused ? new Refusal("periods", refused.Detail) : null;
    }

    private static Refusal? Unknown(IEnumerable<string> kinds, Retention retention) =>
        retention.Kinds() is var known && kinds.FirstOrDefault(k => !known.Contains(k)) is { } unknown ? new Refusal("periods", T("Unify.Retention.Unknown", unknown, string.Join(", ", known))) : null;

    private static (Dictionary<string, int> Periods, Refusal? Refusal) Read(IFormCollection form)
    {
        var periods = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, value) in form.Where(f => f.Key.StartsWith(Field, StringComparison.Ordinal)))
        {
            var text = value.ToString().Trim();
            if (!int.TryParse(text.Length == 0 ? "0" : text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) || days > RetentionPeriods.MostDays)
                return (periods, new Refusal("periods", T("Unify.Retention.Wrong", RetentionPeriods.MostDays)));
            periods[name[Field.Length..]] = days;
        }

        return (periods, null);
    }
}
