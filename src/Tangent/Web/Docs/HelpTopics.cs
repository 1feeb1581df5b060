namespace Tangent.Web;

/// <summary>Which part of the documentation a page's question mark opens: that of the longest address the page's begins with.</summary>
internal static class HelpTopics
{
    private static readonly (string Address, string Topic)[] Topics =
    [
        ("/", "start/cx-manager"),
        ("/access", "access"),
        ("/analyse", "questions"),
        ("/analyse/attribution", "questions#attribution"),
        ("/analyse/conformance", "questions#conformance"),
        ("/analyse/correlation", "questions#correlation-with-conversion"),
        ("/analyse/drivers", "drivers"),
        ("/analyse/priorities", "priorities"),
        ("/analyse/flows", "questions#flows-rework-and-throughput"),
        ("/analyse/rework", "questions#flows-rework-and-throughput"),
        ("/analyse/funnels", "questions#funnel"),
        ("/analyse/live-maps", "map#figures-on-a-map"),
        ("/analyse/map-sides", "map#as-is-and-to-be-side-by-side"),
        ("/analyse/map-drafts", "map#drafting-a-map-from-data"),
        ("/analyse/lifecycle", "questions#life-cycle"),
        ("/analyse/neighbours", "questions#neighbours-touchpoints-that-go-together-reach"),
        ("/analyse/cooccurrence", "questions#neighbours-touchpoints-that-go-together-reach"),
        ("/analyse/paths", "questions#paths"),
        ("/analyse/recovery", "questions#recovery"),
        ("/analyse/referrals", "referrals"),
        ("/analyse/retention", "questions#retention"),
        ("/analyse/stalled", "questions#stalled-journeys"),
        ("/analyse/variants", "questions#variants"),
        ("/api", "api"),
        ("/collect", "collect"),
        ("/collect/imports", "map#importing-a-file"),
        ("/collect/mapping", "map#giving-events-their-touchpoints"),
        ("/collect/sources", "collect#sources"),
        ("/m", "map#sharing-a-map"),
        ("/map", "map"),
        ("/map/journey-maps", "map#journey-maps"),
        ("/map/mentions", "map#journey-maps"),
        ("/map/personas", "map#personas"),
        ("/map/templates", "map#templates"),
        ("/map/touchpoints", "map#the-catalogue-of-touchpoints"),
        ("/measure", "feedback"),
        ("/measure/accounts", "unify#accounts"),
        ("/measure/alerts", "alerts"),
        ("/measure/comments", "feedback#comments"),
        ("/measure/contacts", "feedback#contacts"),
        ("/measure/customers", "unify#one-customer"),
        ("/measure/touchpoints", "feedback#scorecard-of-a-touchpoint"),
        ("/measure/surveys", "surveys"),
        ("/s", "surveys#how-people-answer"),
        ("/o", "map#what-employees-see"),
        ("/operate", "operate"),
        ("/search", "pages"),
        ("/unify", "unify"),
        ("/unify/joining", "unify#joining-by-rules"),
        ("/unify/policies", "unify#which-value-counts"),
        ("/unify/segments", "unify#segments"),
        ("/preferences", "consents#the-preference-centre"),
        ("/unify/consents", "consents"),
        ("/unify/privacy", "privacy"),
        ("/unify/retention", "privacy"),
        ("/unify/duplicates", "unify#duplicates"),
        ("/unify/duplicates/candidates", "matching#somebody-new"),
        ("/unify/households", "unify#households"),
    ];

    /// <summary>The address of the part; null where the documentation has none.</summary>
    public static string? AddressFor(string path, Manual manual)
    {
        var topic = Topics.Where(t => path == t.Address || (t.Address.Length > 1 && path.StartsWith(t.Address + "/", StringComparison.OrdinalIgnoreCase)))
            .OrderByDescending(t => t.Address.Length).Select(t => t.Topic).FirstOrDefault();
        return topic is not null && manual.Find(topic.Split('#')[0]) is not null ? $"{Manual.Root}/{topic}" : null;
    }
}
