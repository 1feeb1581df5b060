using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;

namespace Tangent.Web;

/// <summary>What was found of one kind.</summary>
/// <param name="Kind">The kind, the same in every language.</param>
/// <param name="Name">Its name.</param>
public sealed record FoundKind(string Kind, string Name, IReadOnlyList<Found> Items);

/// <param name="Text">What was searched for.</param>
public sealed record SearchModel(string Text, IReadOnlyList<FoundKind> Kinds);

/// <summary>The search over everything: as a page, as the list of the palette (Ctrl+K), and as JSON.</summary>
internal static class SearchEndpoints
{
    private const int LongestText = 200;

    public static void MapSearch(this WebApplication app)
    {
        app.MapGet("/search", ShowAsync).LooksAtCustomer().ExcludeFromDescription();
        app.MapGet("/api/v1/search", AskAsync).LooksAtCustomer().WithTags("Search").WithName("Search").WithSummary("Pages, touchpoints and customers by a piece of their name (q).");
    }

    private static async Task<RazorComponentResult<PageHost>> ShowAsync(HttpContext http, IEnumerable<IFinder> finders, CancellationToken ct, string? q = null)
    {
        var model = await FindAsync(http.Page(), finders, q, ct);
        return http.WantsFragment() ? http.Show<SearchResults>(model) : http.Show<SearchPage>(model);
    }

    private static async Task<Ok<SearchModel>> AskAsync(HttpContext http, IEnumerable<IFinder> finders, CancellationToken ct, string? q = null) =>
        TypedResults.Ok(await FindAsync(http.Page(), finders, q, ct));

    private static async Task<SearchModel> FindAsync(PageContext page, IEnumerable<IFinder> finders, string? q, CancellationToken ct)
    {
        var text = (q ?? "").Trim();
        if (text.Length > LongestText) text = text[..LongestText];
        var kinds = new List<FoundKind>();
        foreach (var finder in finders)
            if (await finder.FindAsync(text, page, ct) is { Count: > 0 } found) kinds.Add(new FoundKind(finder.Kind, Texts.T(finder.Name), found));
        return new SearchModel(text, kinds);
    }
}
