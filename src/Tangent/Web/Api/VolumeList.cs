using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tangent.Web;

/// <summary>A list by volume, the largest first, that goes on by cursor: among those of the same volume a hash of the name decides.</summary>
internal static class VolumeList
{
    /// <param name="all">All items, in any order.</param>
    /// <param name="volume">What they are ordered by.</param>
    /// <param name="name">Different for each.</param>
    /// <param name="page">The page asked for.</param>
    /// <returns>The page, and where the list goes on; null where it ends.</returns>
    public static (IReadOnlyList<T> Items, string? After) Page<T>(IEnumerable<T> all, Func<T, long> volume, Func<T, string> name, CursorPage page)
    {
        var ordered = all.Select(item => (Item: item, Volume: volume(item), Mark: MarkOf(name(item)))).OrderByDescending(x => x.Volume).ThenBy(x => x.Mark, StringComparer.Ordinal);
        var rest = page.After?.Split(' ') is [var last, var mark] && long.Parse(last, CultureInfo.InvariantCulture) is var lowest
            ? ordered.SkipWhile(x => x.Volume > lowest || (x.Volume == lowest && string.CompareOrdinal(x.Mark, mark) <= 0))
            : ordered;
        var (items, end) = page.Cut([.. rest.Take(page.Take + 1)], x => string.Create(CultureInfo.InvariantCulture, $"{x.Volume} {x.Mark}"));
        return ([.. items.Select(x => x.Item)], end);
    }

    private static string MarkOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 12));
}
