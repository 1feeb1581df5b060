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
        var all = from g in page.Navigation.Groups
                  from i in g.Items
                  select new Found(T(i.Text), Navigation.Address(i, page), i.Icon, g.Text is null ? "" : T(g.Text));
        var pages = all.Append(new Found(T("Web.Nav.Api"), "/api", "api"));
        return Task.FromResult<IReadOnlyList<Found>>(
            [.. pages.Where(p => FoldedText.Of($"{p.Text} {p.Note}") is var name && words.All(w => name.Contains(w, StringComparison.Ordinal)))
                .OrderBy(p => words.Length > 0 && !FoldedText.Of(p.Text).StartsWith(words[0], StringComparison.Ordinal))]);
    }
}
