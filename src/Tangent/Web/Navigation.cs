using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Tangent.Web;

/// <param name="Href">Address of the page.</param>
/// <param name="Text">Key of its name.</param>
/// <param name="Icon">Name in the icon sprite.</param>
/// <param name="OwnersOnly">Shown to owners, who alone may open it.</param>
/// <param name="Part">Key of the caption that begins with this item, where a stage has many pages.</param>
/// <param name="KeepsFilter">Its figures follow the filter of the page one comes from.</param>
public sealed record NavigationItem(string Href, string Text, string Icon, bool KeepsFilter = false, bool OwnersOnly = false, string? Part = null);

/// <param name="Text">Key of the stage's name; null for what stands above the loop.</param>
public sealed record NavigationGroup(string? Text, IReadOnlyList<NavigationItem> Items);

/// <summary>The side bar: the loop, stage by stage. What has no page (yet) is not shown.</summary>
public sealed class Navigation(IEnumerable<EndpointDataSource> sources)
{
    private static readonly NavigationGroup[] Plan =
    [
        new(null, [new("/", "Web.Nav.Overview", "layout-dashboard", true)]),
        new("Web.Nav.Map", [new("/map/touchpoints", "Web.Nav.Touchpoints", "map-pin"), new("/map/journey-maps", "Web.Nav.JourneyMaps", "map-2"), new("/map/personas", "Web.Nav.Personas", "user-circle")]),
        new("Web.Nav.Collect",
        [
            new("/collect/sources", "Web.Nav.Sources", "plug"),
            new("/collect/mapping", "Web.Nav.Mapping", "tags"),
            new("/collect/imports", "Web.Nav.Imports", "database-import"),
        ]),
        new("Web.Nav.Unify",
        [
            new("/unify/customers", "Web.Nav.Customers", "users"),
            new("/unify/accounts", "Web.Nav.CompanyAccounts", "building"),
            new("/unify/households", "Web.Nav.Households", "home"),
            new("/unify/duplicates", "Web.Nav.Duplicates", "copy"),
            new("/unify/segments", "Web.Nav.Segments", "users-group"),
            new("/unify/joining", "Web.Nav.Joining", "link"), new("/unify/policies", "Web.Nav.Policies", "git-merge"),
            new("/unify/consents", "Web.Nav.Consents", "checkbox"),
            new("/unify/privacy", "Web.Nav.Privacy", "user-circle", OwnersOnly: true),
        ]),
        new("Web.Nav.Measure",
        [
            new("/measure/scores", "Web.Nav.Scores", "thumb-up", true),
            new("/measure/contacts", "Web.Nav.Contacts", "activity", true),
            new("/measure/surveys", "Web.Nav.Surveys", "checklist"),
            new("/measure/comments", "Web.Nav.Comments", "message"),
            new("/measure/alerts", "Web.Nav.Alerts", "alert-triangle"),
        ]),
        new("Web.Nav.Analyse",
        [
            new("/analyse/funnels", "Web.Nav.Funnels", "chart-funnel", true, Part: "Web.Nav.Part.Ways"),
            new("/analyse/paths", "Web.Nav.Paths", "chart-sankey", true),
            new("/analyse/variants", "Web.Nav.Variants", "stack-2", true),
            new("/analyse/flows", "Web.Nav.Flows", "topology-star-3", true),
            new("/analyse/conformance", "Web.Nav.Conformance", "checklist", true),
            new("/analyse/retention", "Web.Nav.Retention", "calendar-repeat", true, Part: "Web.Nav.Part.Return"),
            new("/analyse/lifecycle", "Web.Nav.LifeCycle", "recycle", true),
            new("/analyse/stalled", "Web.Nav.Stalled", "hourglass", true),
            new("/analyse/recovery", "Web.Nav.Recovery", "heart-handshake", true),
            new("/analyse/referrals", "Web.Nav.Referrals", "speakerphone", true),
            new("/analyse/attribution", "Web.Nav.Attribution", "target-arrow", true, Part: "Web.Nav.Part.Why"),
            new("/analyse/neighbours", "Web.Nav.Neighbours", "circles-relation", true),
            new("/analyse/correlation", "Web.Nav.Correlation", "scale", true),
            new("/analyse/drivers", "Web.Nav.Drivers", "steering-wheel", true),
            new("/analyse/priorities", "Web.Nav.Priorities", "chart-bar", true),
            new("/analyse/saved", "Web.Nav.Saved", "star", Part: "Web.Nav.Part.Kept"),
            new("/analyse/annotations", "Web.Nav.Annotations", "message"),
        ]),
        new("Web.Nav.Access",
        [
            new("/access/users", "Web.Nav.People", "users", OwnersOnly: true),
            new("/access/keys", "Web.Nav.Keys", "key", OwnersOnly: true),
            new("/access/audit", "Web.Nav.Audit", "list-details", OwnersOnly: true),
        ]),
        new("Web.Nav.Operate",
        [
            new("/operate/settings", "Web.Nav.Settings", "settings", OwnersOnly: true),
            new("/operate/backups", "Web.Nav.Backups", "package", OwnersOnly: true),
        ]),
    ];

    private readonly Lazy<IReadOnlyList<NavigationGroup>> _groups = new(() =>
    {
        var routes = sources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Select(e => "/" + e.RoutePattern.RawText?.Trim('/')).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        return [.. Plan.Select(g => g with { Items = [.. g.Items.Where(i => routes.Contains(i.Href))] }).Where(g => g.Items.Count > 0)];
    });

    private readonly ConcurrentDictionary<string, int> _marks = new(StringComparer.Ordinal);

    public IReadOnlyList<NavigationGroup> Groups => _groups.Value;

    /// <summary>Notes how many things wait on a page; 0 for none.</summary>
    public void Mark(string href, int count) => _marks[href] = count;

    /// <summary>How many things wait on the item's page.</summary>
    public int Waiting(NavigationItem item) => _marks.GetValueOrDefault(item.Href);

    /// <summary>What a person of this role may open.</summary>
    public IEnumerable<NavigationGroup> GroupsFor(string? role) => role == "Owner" ? Groups
        : Groups.Select(g => g with { Items = [.. g.Items.Where(i => !i.OwnersOnly)] }).Where(g => g.Items.Count > 0);

    /// <summary>Whether the page at <paramref name="path"/> is this item or lies under it.</summary>
    public static bool IsCurrent(NavigationItem item, string path) =>
        item.Href == "/" ? path == "/" : path.Equals(item.Href, StringComparison.OrdinalIgnoreCase) || path.StartsWith(item.Href + "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The item's address with the filter of the page one comes from, so that period and channel stay while moving between pages.</summary>
    public static string Address(NavigationItem item, PageContext page) => item.KeepsFilter ? item.Href + page.Filter() : item.Href;
}
