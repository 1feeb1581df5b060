using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>The settings and what they have done.</summary>
/// <param name="Settings">The settings in force.</param>
/// <param name="Joined">Pairs of customers each rule has made one since the program started or the settings were changed.</param>
/// <param name="Shared">Values that persons of too many names share; they join nobody.</param>
/// <param name="IsIdle">Everybody has been gone through.</param>
public sealed record JoiningAnswer(JoinSettings Settings, IReadOnlyList<RuleJoins> Joined, IReadOnlyList<SharedValue> Shared, bool IsIdle);

/// <param name="Items">What each rule would join that is not one customer yet.</param>
public sealed record JoinTrialAnswer(IReadOnlyList<RuleJoins> Items);

/// <param name="Sources">Sources that can take part, and whether they do.</param>
/// <param name="Trial">What was tried; null where nothing was.</param>
public sealed record JoiningPageModel(JoinSettings Settings, JoiningAnswer Now, IReadOnlyList<(string Name, bool TakesPart)> Sources, IReadOnlyList<RuleJoins>? Trial, string? Error, bool IsSaved);

internal static class JoiningEndpoints
{
    private const string Path = "/unify/joining";
    private const int MostNames = 50;
    private const int LongestRules = 100_000;

    public static void MapJoining(this WebApplication app)
    {
        app.MapGet(Path, ShowAsync).ExcludeFromDescription();
        app.MapPost(Path, SaveAsync).RequireAuthorization(Rights.Own).ExcludeFromDescription();
        app.MapPost(Path + "/trial", TryByFormAsync).RequireAuthorization(Rights.Edit).OnlyReads().ExcludeFromDescription();
        var api = app.MapGroup("/api/v1/unify/joining").WithTags("Unify");
        api.MapGet("", GetAsync).WithName("GetJoining").WithSummary("What joins customers without anybody's doing, what it has joined, and values that too many share.");
        api.MapPut("", PutAsync).RequireAuthorization(Rights.Own).WithName("SetJoining").WithSummary("Changes what joins customers; everybody is gone through again. What was joined before stays joined.");
        api.MapPost("/trial", TryAsync).RequireAuthorization(Rights.Edit).OnlyReads().WithName("TryJoining").WithSummary("What settings would join that is not one customer yet; nothing is decided.");
    }

    private static async Task<IResult> ShowAsync(HttpContext http, JoinSettingsQueries queries, Joiner joiner, SourceQueries sources, CancellationToken ct)
    {
        var settings = await queries.ReadAsync(ct);
        return http.Show<JoiningPage>(await PageAsync(settings, settings, joiner, sources, null, null, http.Request.Query.ContainsKey("saved"), ct));
    }

    private static async Task<IResult> SaveAsync(HttpContext http, IFormCollection form, JoinSettingsQueries queries, Joiner joiner, SourceQueries sources, CancellationToken ct)
    {
        var settings = Read(form, await sources.ListAsync(ct));
        if (await KeepAsync(http, settings, queries, joiner, sources, ct) is not { } refused) return TypedResults.LocalRedirect(Path + "?saved");
        return http.Show<JoiningPage>(await PageAsync(settings, await queries.ReadAsync(ct), joiner, sources, null, refused.Detail, false, ct), StatusCodes.Status422UnprocessableEntity, Path);
    }

    private static async Task<IResult> TryByFormAsync(HttpContext http, IFormCollection form, JoinSettingsQueries queries, Joiner joiner, SourceQueries sources, CancellationToken ct)
    {
        var settings = Read(form, await sources.ListAsync(ct));
        var refused = await WrongAsync(settings, joiner, sources, ct);
        var trial = refused is null ? await joiner.TryAsync(settings, ct) : null;
        var status = refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
        return http.Show<JoiningPage>(await PageAsync(settings, await queries.ReadAsync(ct), joiner, sources, trial, refused?.Detail, false, ct), status, Path);
    }

    private static async Task<Ok<JoiningAnswer>> GetAsync(JoinSettingsQueries queries, Joiner joiner, CancellationToken ct) => TypedResults.Ok(Now(await queries.ReadAsync(ct), joiner));

    private static async Task<Results<Ok<JoiningAnswer>, ProblemHttpResult>> PutAsync(HttpContext http, JoinSettings body, JoinSettingsQueries queries, Joiner joiner, SourceQueries sources, CancellationToken ct) =>
        await KeepAsync(http, body, queries, joiner, sources, ct) is { } refused ? Problems.Invalid(refused.Field, refused.Detail) : TypedResults.Ok(Now(await queries.ReadAsync(ct), joiner));

    private static async Task<Results<Ok<JoinTrialAnswer>, ProblemHttpResult>> TryAsync(JoinSettings body, Joiner joiner, SourceQueries sources, CancellationToken ct) =>
        await WrongAsync(body, joiner, sources, ct) is { } refused ? Problems.Invalid(refused.Field, refused.Detail) : TypedResults.Ok(new JoinTrialAnswer(await joiner.TryAsync(body, ct)));

    /// <returns>Why nothing was changed.</returns>
    private static async Task<Refusal?> KeepAsync(HttpContext http, JoinSettings settings, JoinSettingsQueries queries, Joiner joiner, SourceQueries sources, CancellationToken ct)
    {
        if (await WrongAsync(settings, joiner, sources, ct) is { } wrong) return wrong;
        await queries.KeepAsync(settings, http.Page().UserName ?? "", DateTime.UtcNow, ct);
        return null;
    }

    private static async Task<Refusal?> WrongAsync(JoinSettings settings, Joiner joiner, SourceQueries sources, CancellationToken ct)
    {
        if (settings.MostShared is < 1 or > MostNames) return new Refusal("mostShared", T("Unify.Joining.MostSharedWrong", MostNames));
        if (settings.Rules is null || settings.Rules.Length > LongestRules) return new Refusal("rules", T("Unify.Joining.RulesLong", LongestRules));
        var known = (await sources.ListAsync(ct)).Select(s => s.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if ((settings.LeftOut ?? []).Where(n => !known.Contains(n ?? "")).ToList() is [var nobody, ..]) return new Refusal("leftOut", T("Unify.Policies.NoSource", nobody));
        try
        {
            JoinRules.Of(settings, joiner.Country);
            return null;
        }
        catch (FileRefusedException e)
        {
            return new Refusal("rules", e.Message);
        }
    }

    private static JoiningAnswer Now(JoinSettings settings, Joiner joiner) => new(settings, joiner.Joined, joiner.Shared, joiner.IsIdle);

    private static async Task<JoiningPageModel> PageAsync(
        JoinSettings shown, JoinSettings inForce, Joiner joiner, SourceQueries sources, IReadOnlyList<RuleJoins>? trial, string? error, bool isSaved, CancellationToken ct)
    {
        var leftOut = new HashSet<string>(shown.LeftOut ?? [], StringComparer.OrdinalIgnoreCase);
        var all = (await sources.ListAsync(ct)).Where(s => s.Trusted).Select(s => (s.Name, !leftOut.Contains(s.Name)));
        return new JoiningPageModel(shown, Now(inForce, joiner), [.. all], trial, error, isSaved);
    }

    private static JoinSettings Read(IFormCollection form, IEnumerable<Source> sources)
    {
        bool Has(string name) => form[name] == "true";
        var takePart = form["source"].ToHashSet();
        return new JoinSettings(
            Has("email"), Has("phone"), Has("customerNumber"), Has("externalId"),
            int.TryParse(form["mostShared"], NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : 0,
            [.. sources.Where(s => s.Trusted && !takePart.Contains(s.Name)).Select(s => s.Name)], form["rules"].ToString().Trim());
    }
}
