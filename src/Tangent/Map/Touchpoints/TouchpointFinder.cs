using Tangent.Web;

namespace Tangent.Map;

internal sealed class TouchpointFinder(TouchpointCatalogue catalogue) : IFinder
{
    private const int Most = 8;

    public string Kind => "touchpoints";

    public string Name => "Map.Touchpoints.Title";

    public Task<IReadOnlyList<Found>> FindAsync(string text, PageContext page, CancellationToken ct)
    {
        var words = FoldedText.Of(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Task.FromResult<IReadOnlyList<Found>>(words.Length == 0 ? [] :
            [.. catalogue.Touchpoints.Where(t => FoldedText.Of($"{t.Name} {t.Channel} {t.Owner}") is var name && words.All(w => name.Contains(w, StringComparison.Ordinal)))
                .OrderBy(t => t.RetiredUtc is not null).ThenBy(t => !FoldedText.Of(t.Name).Contains(words[0], StringComparison.Ordinal)).ThenBy(t => t.Name, StringComparer.CurrentCulture)
                .Take(Most).Select(t => new Found(t.Name, $"/map/touchpoints/{t.Id}", "map-pin", t.Channel))]);
    }
}
