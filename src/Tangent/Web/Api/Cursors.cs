using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Tangent.Web;

/// <summary>
/// Where a list goes on, as an opaque text that only this server can write: it holds the place of the last item that was given, not how many
/// were, so that what is added meanwhile neither repeats nor hides anything. It fits only the list it was given for.
/// </summary>
internal sealed class Cursors(IDataProtectionProvider protection)
{
    public const string Parameter = "cursor";
    private const int LongestCursor = 2000;
    private static readonly string[] NotOfTheList = [Parameter, "take", "skip", "lang"];

    private readonly IDataProtector _protector = protection.CreateProtector("Tangent.Cursor");

    /// <param name="request">The request for the list.</param>
    /// <param name="after">The last item that was given.</param>
    public string Write(HttpRequest request, string after) => _protector.Protect($"{ListOf(request)}\n{after}");

    /// <summary>Reads the cursor of a request.</summary>
    /// <param name="request">The request for the list.</param>
    /// <param name="after">The last item that was given before; null at the beginning of the list.</param>
    /// <returns>False where the cursor is not one that was given for this list.</returns>
    public bool TryRead(HttpRequest request, out string? after)
    {
        after = null;
        var cursor = request.Query[Parameter];
        if (cursor.Count == 0 || cursor == "") return true;
        if (cursor.Count > 1 || cursor.ToString().Length > LongestCursor) return false;
        try
        {
            var written = _protector.Unprotect(cursor.ToString());
            var list = ListOf(request);
            if (!written.StartsWith(list + "\n", StringComparison.Ordinal)) return false;
            after = written[(list.Length + 1)..];
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The list without its page: path and query, whatever the order in which they were written.</summary>
    private static string ListOf(HttpRequest request)
    {
        var query = request.Query.Where(q => !NotOfTheList.Contains(q.Key, StringComparer.OrdinalIgnoreCase)).SelectMany(q => q.Value, (q, v) => $"{q.Key.ToLowerInvariant()}={v}").Order(StringComparer.Ordinal);
        var text = $"{request.Path.Value?.ToLowerInvariant()}\n{string.Join('\n', query)}";
        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));
    }
}

/// <summary>The page of a list that a request to the API asks for.</summary>
/// <param name="Take">Most items.</param>
/// <param name="After">The last item that was given before; null at the beginning.</param>
internal sealed record CursorPage(int Take, string? After)
{
    public const int Most = 1000;

    /// <returns>Null where the request was refused.</returns>
    public static CursorPage? Read(HttpContext http, int usual, out Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult? refused)
    {
        refused = null;
        var take = usual;
        if (http.Request.Query["take"].ToString() is { Length: > 0 } text && (!int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out take) || take is < 1 or > Most))
            refused = Problems.Invalid("take", Texts.T("Web.Refused.Take", text, Most));
        else if (!http.RequestServices.GetRequiredService<Cursors>().TryRead(http.Request, out var after))
            refused = Problems.Invalid(Cursors.Parameter, Texts.T("Web.Refused.Cursor"));
        else
            return new CursorPage(take, after);
        return null;
    }

    /// <summary>The page of a list read with one item more than it has, which says whether there are more.</summary>
    /// <param name="oneMore">The items, at most one more than <see cref="Take"/>.</param>
    /// <param name="place">What the next page comes after, of an item.</param>
    public (IReadOnlyList<T> Items, string? After) Cut<T>(IReadOnlyList<T> oneMore, Func<T, string> place) =>
        oneMore.Count <= Take ? (oneMore, null) : ([.. oneMore.Take(Take)], place(oneMore[Take - 1]));

    /// <summary>What goes on after the last of these items; null where it was the last of all.</summary>
    public static string? Next(HttpContext http, string? after) => after is null ? null : http.RequestServices.GetRequiredService<Cursors>().Write(http.Request, after);
}
