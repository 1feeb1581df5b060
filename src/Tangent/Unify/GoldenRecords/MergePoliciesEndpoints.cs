using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <param name="Fields">Names of traits. Several win as one: all come from the record that wins.</param>
/// <param name="Choice">Which value wins.</param>
public sealed record MergePolicyModel(IReadOnlyList<string>? Fields, MergeChoice Choice);

/// <param name="Sources">Names of sources, the most important first. Sources that are not named come after them: those with a key before browsers, the latest first.</param>
/// <param name="Policies">How fields are chosen; by importance where no policy names them. None: address and name each win as one.</param>
public sealed record MergePoliciesModel(IReadOnlyList<string>? Sources, IReadOnlyList<MergePolicyModel>? Policies);

/// <param name="Sources">All sources, the most important first, with their rank where they have one.</param>
public sealed record MergePoliciesPageModel(IReadOnlyList<(int Id, string Name, bool IsTrusted, int? Rank)> Sources, IReadOnlyList<MergePolicyModel> Policies, string? Error, bool IsSaved);

internal static class MergePoliciesEndpoints
{
    private const string Path = "/unify/policies";
    private const int MostPolicies = 100;
    private const int LongestField = 200;

    public static void MapMergePolicies(this WebApplication app)
    {
        app.MapGet(Path, ShowAsync).ExcludeFromDescription();
        app.MapPost(Path, SaveAsync).RequireAuthorization(Rights.Edit).ExcludeFromDescription();
        var api = app.MapGroup("/api/v1/unify/policies").WithTags("Unify");
        api.MapGet("", GetAsync).WithName("GetMergePolicies").WithSummary("The merge policies: which source's value a customer has where sources say different things.");
        api.MapPut("", PutAsync).RequireAuthorization(Rights.Edit).WithName("SetMergePolicies").WithSummary("Replaces the merge policies; every customer shows the values they choose at once.");
    }

    private static async Task<IResult> ShowAsync(HttpContext http, MergePolicies policies, SourceQueries sources, CancellationToken ct) =>
        http.Show<MergePoliciesPage>(await PageAsync(policies, sources, Now(policies).Policies!, null, http.Request.Query.ContainsKey("saved"), ct));

    private static async Task<IResult> SaveAsync(HttpContext http, IFormCollection form, MergePolicies policies, MergePolicyQueries queries, SourceQueries sources, CancellationToken ct)
    {
        var (names, choices) = (form["fields"], form["choice"]);
        List<MergePolicyModel> rows = [.. names.Zip(choices, (n, c) => new MergePolicyModel(Split(n), Enum.TryParse<MergeChoice>(c, out var choice) && Enum.IsDefined(choice) ? choice : default))
            .Where(r => r.Fields!.Count > 0)];
        var known = await sources.ListAsync(ct);
        var ranked = known.Select(s => (s.Name, Rank: int.TryParse(form[$"rank.{s.Id}"], NumberStyles.None, CultureInfo.InvariantCulture, out var rank) ? rank : (int?)null))
            .Where(s => s.Rank is not null).OrderBy(s => s.Rank).ThenBy(s => s.Name, StringComparer.Ordinal);
        var refused = await KeepAsync(new MergePoliciesModel([.. ranked.Select(s => s.Name)], rows), policies, queries, sources, ct);
        return refused is null
            ? TypedResults.LocalRedirect(Path + "?saved")
            : http.Show<MergePoliciesPage>(await PageAsync(policies, sources, rows, refused.Detail, false, ct), StatusCodes.Status422UnprocessableEntity, Path);
    }

    private static Ok<MergePoliciesModel> GetAsync(MergePolicies policies) => TypedResults.Ok(Now(policies));

    private static async Task<Results<Ok<MergePoliciesModel>, ProblemHttpResult>> PutAsync(
        MergePoliciesModel body, MergePolicies policies, MergePolicyQueries queries, SourceQueries sources, CancellationToken ct) =>
        await KeepAsync(body, policies, queries, sources, ct) is { } refused ? Problems.Invalid(refused.Field, refused.Detail) : TypedResults.Ok(Now(policies));

    /// <returns>Why nothing was changed.</returns>
    private static async Task<Refusal?> KeepAsync(MergePoliciesModel body, MergePolicies policies, MergePolicyQueries queries, SourceQueries sources, CancellationToken ct)
    {
        var known = (await sources.ListAsync(ct)).ToDictionary(s => s.Name, s => s.Id, StringComparer.OrdinalIgnoreCase);
        var ranks = new List<SourceRank>();
        foreach (var name in body.Sources ?? [])
        {
            if (!known.TryGetValue(name ?? "", out var id)) return new Refusal("sources", T("Unify.Policies.NoSource", name));
            if (ranks.Exists(r => r.SourceId == id)) return new Refusal("sources", T("Unify.Policies.SourceTwice", name));
            ranks.Add(new SourceRank { SourceId = id, Rank = ranks.Count + 1 });
        }

        if (Wrong(body.Policies ?? []) is { } wrong) return wrong;
        List<MergePolicy> kept = [.. (body.Policies ?? []).Select(p => new MergePolicy { Fields = string.Join('\n', p.Fields!.Select(f => f.Trim())), Choice = p.Choice })];
        await queries.ReplaceAsync(kept, ranks, ct);
        await policies.ReplaceAsync(kept, ranks);
        return null;
    }

    private static Refusal? Wrong(IReadOnlyList<MergePolicyModel> rows)
    {
        if (rows.Count > MostPolicies) return new Refusal("policies", T("Unify.Policies.TooMany", MostPolicies));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (row?.Fields is not { Count: > 0 } fields || fields.Any(f => f?.Trim() is not { Length: > 0 and <= LongestField } name || name.Any(char.IsControl)))
                return new Refusal("fields", T("Unify.Policies.FieldNeeded", LongestField));
            if (!Enum.IsDefined(row.Choice)) return new Refusal("choice", T("Unify.Policies.NoChoice", string.Join(", ", Enum.GetNames<MergeChoice>())));
            if (fields.FirstOrDefault(f => !seen.Add(f.Trim())) is { } twice) return new Refusal("fields", T("Unify.Policies.FieldTwice", twice.Trim()));
        }

        return null;
    }

    private static MergePoliciesModel Now(MergePolicies policies) =>
        new([.. policies.Order.Select(policies.NameOf).Where(n => n.Length > 0)], [.. policies.All.Select(p => new MergePolicyModel(p.Names, p.Choice))]);

    private static async Task<MergePoliciesPageModel> PageAsync(
        MergePolicies policies, SourceQueries sources, IReadOnlyList<MergePolicyModel> rows, string? error, bool isSaved, CancellationToken ct)
    {
        var order = policies.Order.ToList();
        var all = (await sources.ListAsync(ct)).Select(s => (s.Id, s.Name, s.Trusted, Rank: order.IndexOf(s.Id) is >= 0 and var at ? at + 1 : (int?)null));
        return new MergePoliciesPageModel([.. all.OrderBy(s => s.Rank ?? int.MaxValue).ThenByDescending(s => s.Trusted).ThenBy(s => s.Name, StringComparer.CurrentCulture)], rows, error, isSaved);
    }

    private static string[] Split(string? fields) => (fields ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
