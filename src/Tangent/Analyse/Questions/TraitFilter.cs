using System.Collections;
using Microsoft.Extensions.Primitives;
using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Analyse;

/// <summary>A query whose traits have been made a set of customers.</summary>
/// <param name="Query">As it was asked.</param>
/// <param name="Within">The customers with these traits.</param>
/// <param name="Refused">Why there is no such set.</param>
/// <param name="Groups">The customers by a trait, where a breakdown is by one.</param>
internal sealed record ResolvedQuery(IQueryCollection Query, CustomerSet? Within, Refusal? Refused, Asked<CustomerGroups>? Groups = null) : IQueryCollection
{
    /// <summary>The last item that was given of the list that the query asks for; null at its beginning.</summary>
    public string? After { get; init; }

    /// <summary>A file of the page's table is wanted (see <c>TableExport</c>), and so its list to the end.</summary>
    public bool IsWhole { get; init; }

    public int Count => Query.Count;

    public ICollection<string> Keys => Query.Keys;

    public StringValues this[string key] => Query[key];

    public bool ContainsKey(string key) => Query.ContainsKey(key);

    public bool TryGetValue(string key, out StringValues value) => Query.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator() => Query.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>
/// Makes the traits of a question's filter a set of customers, and a breakdown by a trait groups of them, before the question is read: profiles lie in the database, journeys do not,
/// so whoever reads questions need not wait for anything.
/// </summary>
internal static class TraitFilter
{
    private static readonly string Field = QueryReader.TraitPrefix[..^1];

    public static async Task ResolveAsync(HttpContext http, RequestDelegate next)
    {
        var query = http.Request.Query;
        if (query.Keys.Any(k => k.StartsWith(Field, StringComparison.OrdinalIgnoreCase)) && Traits(query) is { Count: > 0 } traits)
        {
            var found = await http.RequestServices.GetRequiredService<TraitIndex>().CustomersAsync(traits, http.RequestAborted);
            http.Request.Query = new ResolvedQuery(query, found.Answer, found.Refusal);
        }

        if (query["breakdown"] is [{ } breakdown] && breakdown.StartsWith(QueryReader.TraitPrefix, StringComparison.Ordinal))
        {
            var groups = await http.RequestServices.GetRequiredService<TraitIndex>().GroupsAsync(breakdown[QueryReader.TraitPrefix.Length..], http.RequestAborted);
            http.Request.Query = (http.Request.Query as ResolvedQuery ?? new ResolvedQuery(query, null, null)) with { Groups = groups };
        }

        if (http.IsExport()) http.Request.Query = (http.Request.Query as ResolvedQuery ?? new ResolvedQuery(query, null, null)) with { IsWhole = true };
        await next(http);
    }

    /// <returns>Null where the query is refused anyway.</returns>
    private static IReadOnlyList<NamedValue>? Traits(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(reader.Filter()).Answer?.Traits;
    }
}
