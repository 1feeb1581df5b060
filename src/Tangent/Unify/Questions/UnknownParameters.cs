using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>Refuses what a question does not know, instead of answering another question than was asked: a misspelt filter would look as if it filtered.</summary>
internal static class UnknownParameters
{
    /// <summary>What every page may have in its address: the days of the overview, which links carry along, and where its lists are.</summary>
    public static readonly string[] OfPages = ["days", "skip", "take", "cursor"];

    // An answer for a program is in its page's language, and never whole, whatever it is wanted as.
    private static readonly string[] Everywhere = ["lang", "export", ""];

    /// <param name="endpoint">The endpoint.</param>
    /// <param name="known">What its question knows.</param>
    /// <param name="onPage">What else a page has in its address, also the order, search and columns of its tables; null for a program's answer.</param>
    public static RouteHandlerBuilder RefusesUnknown(this RouteHandlerBuilder endpoint, IReadOnlyList<QuestionParameter> known, IReadOnlyList<string>? onPage = null) =>
        endpoint.AddEndpointFilter((context, next) =>
        {
            var request = context.HttpContext.Request;
            if (request.Query.Keys.FirstOrDefault(key => !IsKnown(key, known, onPage)) is { } unknown)
            {
                var refusal = new Refusal(unknown, T("Unify.Refused.Unknown", unknown, string.Join(", ", known.Select(p => p.IsNamed ? p.Name + ".NAME" : p.Name))));
                // Read with the filter, which every question has; so it is shown where all refusals are.
                request.Query = (request.Query as ResolvedQuery ?? new ResolvedQuery(request.Query, null, null)) with { Refused = refusal };
            }

            return next(context);
        });

    private static bool IsKnown(string key, IReadOnlyList<QuestionParameter> known, IReadOnlyList<string>? onPage) =>
        Everywhere.Contains(key) || known.Any(p => key.Equals(p.Name, StringComparison.OrdinalIgnoreCase) || (p.IsNamed && key.StartsWith(p.Name + ".", StringComparison.OrdinalIgnoreCase)))
        || (onPage is not null && (onPage.Contains(key, StringComparer.OrdinalIgnoreCase) || TableView.IsOfTable(key)));
}
