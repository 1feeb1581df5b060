using System.Collections;
using System.Globalization;
using Microsoft.Extensions.Primitives;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>A query whose traits and segments have been made a set of customers.</summary>
/// <param name="Query">As it was asked.</param>
/// <param name="Within">The customers with these traits, in these segments, of these personas.</param>
/// <param name="Refused">Why there is no such set.</param>
/// <param name="Groups">The customers by a trait, where a breakdown is by one.</param>
/// <param name="Personas">The personas that the filter names.</param>
internal sealed record ResolvedQuery(IQueryCollection Query, CustomerSet? Within, Refusal? Refused, Asked<CustomerGroups>? Groups = null, IReadOnlyList<PersonaMark>? Personas = null) : IQueryCollection
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
/// Makes the traits, segments and personas of a question's filter a set of customers, and a breakdown by a trait groups of them, before the question is read: profiles lie in the database, journeys do not,
/// so whoever reads questions need not wait for anything.
/// </summary>
internal static class CustomerFilter
{
    private const string SegmentField = "segment", PersonaField = "persona";
    private static readonly string Field = QueryReader.TraitPrefix[..^1];

    public static async Task ResolveAsync(HttpContext http, RequestDelegate next)
    {
        // Public pages ask nothing of customers: nobody without an account makes the server look through all of them.
        if (http.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAllowAnonymous>() is not null)
        {
            await next(http);
            return;
        }

        var query = http.Request.Query;
        if (query.Keys.Any(k => k.StartsWith(Field, StringComparison.OrdinalIgnoreCase) || k.Equals(SegmentField, StringComparison.OrdinalIgnoreCase)) && Filter(query) is { } filter)
        {
            var found = await CustomersAsync(filter, http.RequestServices, http.RequestAborted);
            if (found is not null) http.Request.Query = new ResolvedQuery(query, found.Answer, found.Refusal);
        }

        if (query[PersonaField].Any(p => !string.IsNullOrEmpty(p))) await NarrowAsync(http, query);

        if (query["breakdown"] is [{ } breakdown] && breakdown.StartsWith(QueryReader.TraitPrefix, StringComparison.Ordinal))
        {
            var trait = breakdown[QueryReader.TraitPrefix.Length..];
            var groups = http.RequestServices.GetRequiredService<Sensitivity>().Now.HidesField(trait)
                ? new Refusal("breakdown", T("Collect.Refusal.Hidden", trait))
                // Of accounts a trait is the company's.
                : query["unit"] == "account"
                ? await http.RequestServices.GetRequiredService<AccountTraits>().GroupsAsync(trait, http.RequestAborted)
                : await http.RequestServices.GetRequiredService<TraitIndex>().GroupsAsync(trait, http.RequestAborted);
            http.Request.Query = (http.Request.Query as ResolvedQuery ?? new ResolvedQuery(query, null, null)) with { Groups = groups };
        }

        if (http.IsExport()) http.Request.Query = (http.Request.Query as ResolvedQuery ?? new ResolvedQuery(query, null, null)) with { IsWhole = true };
        await next(http);
    }

    /// <summary>Whom the request's filter leaves, for whoever asks of customers and not of their events; an answer of null where it names neither traits, segments nor personas.</summary>
    public static Asked<CustomerSet> Within(HttpContext http)
    {
        var reader = new QueryReader(http.Request.Query);
        var asked = reader.Give(reader.Filter());
        return new Asked<CustomerSet>(asked.Answer?.Within, asked.Refusal);
    }

    /// <summary>The same as the address has it.</summary>
    public static IReadOnlyList<(string Name, string Value)> Said(HttpContext http) =>
        [.. http.Request.Query.Where(q => q.Key is SegmentField or PersonaField || q.Key.StartsWith(QueryReader.TraitPrefix, StringComparison.OrdinalIgnoreCase)).SelectMany(q => q.Value.OfType<string>().Where(v => v.Length > 0).Select(v => (q.Key, v)))];

    /// <summary>The same in words.</summary>
    public static string Words(HttpContext http)
    {
        var personas = (http.Request.Query as ResolvedQuery)?.Personas ?? [];
        return string.Join(", ", Said(http).Select(s => s.Name switch
        {
            SegmentField => s.Value,
            PersonaField => personas.FirstOrDefault(p => p.Id.ToString(CultureInfo.InvariantCulture) == s.Value)?.Name ?? s.Value,
            _ => $"{s.Name[QueryReader.TraitPrefix.Length..]} = {s.Value}",
        }));
    }

    /// <summary>Leaves only those whom the personas stand for.</summary>
    private static async Task NarrowAsync(HttpContext http, IQueryCollection query)
    {
        var members = http.RequestServices.GetRequiredService<PersonaMembers>();
        var named = members.Named(query[PersonaField].OfType<string>().Where(p => p.Length > 0).Distinct(StringComparer.Ordinal));
        var resolved = http.Request.Query as ResolvedQuery ?? new ResolvedQuery(query, null, null);
        var found = named.Refusal is { } unknown ? unknown : await members.OfAsync(named.Answer!, http.RequestAborted);
        var within = found.Answer is { } set && resolved.Within is { } other ? new CustomerSet([.. set.Numbers.Intersect(other.Numbers)]) : found.Answer;
        http.Request.Query = resolved with { Within = within, Refused = resolved.Refused ?? found.Refusal, Personas = [.. (named.Answer ?? []).Select(p => p.Mark)] };
    }

    /// <returns>Null where the filter names neither traits nor segments.</returns>
    private static async Task<Asked<CustomerSet>?> CustomersAsync(JourneyFilter filter, IServiceProvider services, CancellationToken ct)
    {
        var masking = services.GetRequiredService<Sensitivity>().Now;
        if (filter.Traits.FirstOrDefault(t => masking.HidesField(t.Name)) is { } hidden) return new Refusal("trait." + hidden.Name, T("Collect.Refusal.Hidden", hidden.Name));
        var having = filter.Traits.Count == 0 ? null : await services.GetRequiredService<TraitIndex>().CustomersAsync(filter.Traits, ct);
        if (having?.Refusal is not null || filter.Segments.Count == 0) return having;
        var within = await services.GetRequiredService<SegmentMembers>().OfAsync(filter.Segments, ct);
        return having is null || within.Refusal is not null ? within : new CustomerSet([.. within.Answer!.Numbers.Intersect(having.Answer!.Numbers)]);
    }

    /// <returns>Null where the query is refused anyway.</returns>
    private static JourneyFilter? Filter(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(reader.Filter()).Answer;
    }
}
