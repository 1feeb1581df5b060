using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Access;

/// <param name="Name">What it is for, at most 100 characters.</param>
/// <param name="Scope">viewer (read), contributor, editor or owner; viewer by default.</param>
/// <param name="Areas">Parts of the API it is for, for example map and collect; none = all.</param>
/// <param name="Expires">When it ends, UTC; none = never.</param>
internal sealed record NewApiKey(string? Name, string? Scope, IReadOnlyList<string>? Areas, DateTimeOffset? Expires);

/// <param name="Start">The first characters of the secret.</param>
/// <param name="State">open, expired or revoked.</param>
internal sealed record ApiKeyView(
    Guid Id, string Name, string Start, Role Scope, IReadOnlyList<string> Areas, DateTime Created, string CreatedBy, DateTime? Expires, DateTime? LastUsed, string State)
{
    public static ApiKeyView Of(ApiKey k) => new(
        k.Id, k.Name, k.Start, k.Scope, k.Areas.Split(' ', StringSplitOptions.RemoveEmptyEntries), k.CreatedUtc, k.CreatedBy, k.ExpiresUtc, k.LastUsedUtc,
        k.RevokedUtc is not null ? "revoked" : k.ExpiresUtc < DateTime.UtcNow ? "expired" : "open");
}

internal sealed record ApiKeysView(IReadOnlyList<ApiKeyView> Items);

/// <param name="Secret">Shown this once: send it as <c>Authorization: Bearer …</c>.</param>
internal sealed record CreatedApiKey(string Secret, ApiKeyView Key);

public sealed record ApiKeyRow(Guid Id, string Name, string Start, string Scope, string Areas, DateTime Created, string CreatedBy, DateTime? Expires, DateTime? LastUsed, string State);

/// <param name="Areas">The parts of the API there are.</param>
/// <param name="Secret">Of a key made just now.</param>
public sealed record ApiKeysModel(IReadOnlyList<ApiKeyRow> Keys, IReadOnlyList<string> Areas, string? Secret = null, string? Error = null, string EnteredName = "");

internal static class ApiKeysEndpoints
{
    public static void MapApiKeys(this WebApplication app)
    {
        var pages = app.MapGroup("/access/keys").RequireAuthorization(Rights.Own).ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapPost("", CreateAsync);
        pages.MapPost("/{id:guid}/revocation", RevokeOnPageAsync);
        var api = app.MapGroup("/api/v1/access/keys").RequireAuthorization(Rights.Own).WithTags("Access");
        api.MapGet("", ListAsync).WithSummary("The API keys, without their secrets, the latest first.");
        api.MapPost("", AddAsync).AnswersASecret().WithSummary("Makes an API key; the answer holds its secret, which is shown this once.");
        api.MapDelete("/{id:guid}", RevokeAsync).WithSummary("Revokes an API key; it works no more from now on.");
    }

    private static async Task<Ok<ApiKeysView>> ListAsync(ApiKeyQueries keys, CancellationToken ct) =>
        TypedResults.Ok(new ApiKeysView([.. (await keys.ListAsync(ct)).Select(ApiKeyView.Of)]));

    private static async Task<Results<Ok<CreatedApiKey>, ProblemHttpResult>> AddAsync(
        HttpContext http, NewApiKey body, ApiKeyQueries keys, IEnumerable<EndpointDataSource> endpoints, CancellationToken ct)
    {
        var (secret, key, problem) = Create(body, Actor.Of(http.User).Name, Areas(endpoints));
        if (key is null) return problem!;
        await keys.AddAsync(key, ct);
        return TypedResults.Ok(new CreatedApiKey(secret, ApiKeyView.Of(key)));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(Guid id, ApiKeyQueries keys, CancellationToken ct) =>
        await keys.RevokeAsync(id, ct) ? TypedResults.NoContent() : Problems.NotFound($"There is no open key {id}.");

    private static async Task<RazorComponentResult<PageHost>> ShowAsync(HttpContext http, ApiKeyQueries keys, IEnumerable<EndpointDataSource> endpoints, CancellationToken ct) =>
        http.Show<ApiKeysPage>(await ModelAsync(keys, endpoints, ct));

    private static async Task<IResult> CreateAsync(
        HttpContext http, [FromForm] string? name, [FromForm] string? scope, [FromForm] int? days, IFormCollection form, ApiKeyQueries keys, IEnumerable<EndpointDataSource> endpoints, CancellationToken ct)
    {
        DateTimeOffset? expires = days is > 0 and < 3660 ? DateTimeOffset.UtcNow.AddDays(days.Value) : null;
        var body = new NewApiKey(name, scope, [.. form["areas"].OfType<string>()], expires);
        var (secret, key, _) = Create(body, Actor.Of(http.User).Name, Areas(endpoints));
        if (key is not null) await keys.AddAsync(key, ct);
        var model = await ModelAsync(keys, endpoints, ct);
        return key is not null
            ? http.Show<ApiKeysPage>(model with { Secret = secret })
            : http.Show<ApiKeysPage>(model with { Error = T("Access.Keys.BadName", ApiKey.MaxNameLength), EnteredName = name ?? "" }, StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<RedirectHttpResult> RevokeOnPageAsync(Guid id, ApiKeyQueries keys, IFormCollection form, CancellationToken ct)
    {
        await keys.RevokeAsync(id, ct);
        return TypedResults.LocalRedirect("/access/keys");
    }

    private static (string Secret, ApiKey? Key, ProblemHttpResult? Problem) Create(NewApiKey body, string by, IReadOnlyList<string> known)
    {
        var name = body.Name?.Trim() ?? "";
        if (name.Length is 0 or > ApiKey.MaxNameLength) return ("", null, Problems.Invalid("name", $"A key needs a name of at most {ApiKey.MaxNameLength} characters that says what it is for."));
        if (!User.TryReadRole(body.Scope ?? nameof(Role.Viewer), out var scope)) return ("", null, Problems.Invalid("scope", $"'{body.Scope}' is not a scope; use viewer, contributor, editor or owner."));
        var areas = (body.Areas ?? []).Select(a => a.Trim().ToLowerInvariant()).Where(a => a.Length > 0).Distinct().ToList();
        if (areas.Except(known).FirstOrDefault() is { } unknown) return ("", null, Problems.Invalid("areas", $"'{unknown}' is not a part of the API; there are {string.Join(", ", known)}."));
        if (body.Expires <= DateTimeOffset.UtcNow) return ("", null, Problems.Invalid("expires", "A key must end in the future."));
        var secret = ApiKey.NewSecret();
        return (secret, new ApiKey
        {
            Name = name,
            Hash = ApiKey.HashOf(secret),
            Start = ApiKey.StartOf(secret),
            Scope = scope,
            Areas = string.Join(' ', areas),
            CreatedBy = by,
            ExpiresUtc = body.Expires?.UtcDateTime,
        }, null);
    }

    private static List<string> Areas(IEnumerable<EndpointDataSource> endpoints) =>
        [.. endpoints.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Select(e => ApiKeyAuthentication.AreaOf("/" + e.RoutePattern.RawText?.Trim('/'))).Where(a => a.Length > 0 && !a.Contains('{')).Distinct().Order(StringComparer.Ordinal)];

    private static async Task<ApiKeysModel> ModelAsync(ApiKeyQueries keys, IEnumerable<EndpointDataSource> endpoints, CancellationToken ct) => new(
        [.. (await keys.ListAsync(ct)).Select(ApiKeyView.Of).Select(k => new ApiKeyRow(k.Id, k.Name, k.Start, k.Scope.ToString(), string.Join(", ", k.Areas), k.Created, k.CreatedBy, k.Expires, k.LastUsed, k.State))],
        Areas(endpoints));
}
