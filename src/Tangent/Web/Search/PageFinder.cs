using static Tangent.Web.Texts;

namespace Tangent.Web;

/// <summary>Finds pages by their names and their stage's, in the reader's language.</summary>
internal sealed class PageFinder : IFinder
{
    public string Kind => "pages";

    public string Name => "Web.Search.Pages";

    public Task<IReadOnlyList<Found>> FindAsync(string text, PageContext page, CancellationToken ct)
    {
        var words = FoldedText.Of(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Task.FromResult<IReadOnlyList<Found>>(
            [.. All(page).Where(p => FoldedText.Of($"{p.Text} {p.Note}") is var name && words.All(w => name.Contains(w, StringComparison.Ordinal)))
                .OrderBy(p => words.Length > 0 && !FoldedText.Of(p.Text).StartsWith(words[0], StringComparison.Ordinal))]);
    }

    /// <summary>The pages the reader may open, as the side bar has them.</summary>
    public static IEnumerable<Found> All(PageContext page) => page.Navigation.GroupsFor(page.Role)
        .SelectMany(g => g.Items, (g, i) => new Found(T(i.Text), Navigation.Address(i, page), i.Icon, g.Text is null ? "" : T(g.Text)))
        .Append(new Found(T("Web.Nav.Api"), "/api", "api"));
}
