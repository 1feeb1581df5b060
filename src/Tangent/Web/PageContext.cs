using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Tangent.Data;

namespace Tangent.Web;

/// <summary>What every page knows about the request it answers.</summary>
/// <param name="Theme"><c>light</c>, <c>dark</c>, or <c>auto</c> for what the device says.</param>
/// <param name="CaughtUp">Share of the events that is in the answers; null while they are complete or nearly.</param>
/// <param name="Marks">What charts over time mark.</param>
/// <param name="Export">The table that is wanted as a file instead of the page.</param>
/// <param name="Logo">Address of the company's logo; null where it has none.</param>
/// <param name="Help">The part of the documentation that explains this page; null where there is none.</param>
/// <param name="Embedded">A part of it is shown on another page, whose address is another: nothing in it may lead away by being sorted.</param>
/// <param name="Address">Scheme, host and port by which the reader reached this server.</param>
public sealed record PageContext(
    string Path, string Query, string Address, string Language, string Theme, string? UserName, string? Role, bool Demo,
    CompanyOptions Company, AssetUrls Assets, Navigation Navigation, double? CaughtUp, ChartMarks Marks, string? Logo, TableExport? Export = null, string? Help = null, bool Embedded = false)
{
    private static readonly string[] FilterNames = ["from", "to", "channel", "source", "touchpoint", "property", "trait", "segment", "persona", "customer", "unit"];

    /// <summary>The user may change things; pages leave out forms that would be refused.</summary>
    public bool CanEdit => Role is "Editor" or "Owner";

    /// <summary>The user may add to what everybody sees, such as annotations.</summary>
    public bool CanContribute => Role is "Contributor" || CanEdit;

    /// <summary>What the figures of this page count, as a heading: customers, or accounts.</summary>
    public string Customers => Texts.T(QueryHelpers.ParseQuery(Query).GetValueOrDefault("unit") == "account" ? "Web.Accounts" : "Web.Customers");

    /// <summary>The moment in the company's time zone.</summary>
    public DateTime Local(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), Company.Zone());

    /// <summary>The filter part of the address, with its question mark; empty where there is no filter.</summary>
    public string Filter() => new QueryBuilder(Parameters().Where(p => IsFilter(p.Key) && p.Value.Length > 0)).ToString();

    /// <summary>This page's address without its filter.</summary>
    public string WithoutFilter() => Path + new QueryBuilder(Parameters().Where(p => !IsFilter(p.Key)));

    /// <summary>This page's address without one value of a parameter.</summary>
    public string Without(string name, string value) => Path + new QueryBuilder(Parameters().Where(p => p.Key != name || p.Value != value));

    /// <summary>This page's address with some parameters set (null removes one), the others kept.</summary>
    public string With(params (string Name, string? Value)[] parameters)
    {
        var kept = Parameters().Where(q => !parameters.Any(p => string.Equals(p.Name, q.Key, StringComparison.OrdinalIgnoreCase)));
        return Path + new QueryBuilder(kept.Concat(parameters.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => KeyValuePair.Create(p.Name, p.Value!))));
    }

    public static bool IsFilter(string name) =>
        FilterNames.Contains(name, StringComparer.OrdinalIgnoreCase)
        || name.StartsWith("property.", StringComparison.OrdinalIgnoreCase) || name.StartsWith("trait.", StringComparison.OrdinalIgnoreCase);

    private IEnumerable<KeyValuePair<string, string>> Parameters() =>
        QueryHelpers.ParseQuery(Query).SelectMany(q => q.Value, (q, v) => KeyValuePair.Create(q.Key, v ?? ""));
}

internal static class Pages
{
    /// <summary>A page or a fragment; the same component serves the whole page and the htmx swap.</summary>
    /// <param name="http">The request.</param>
    /// <param name="model">What is shown.</param>
    /// <param name="status">Status of the answer.</param>
    /// <param name="at">The page's own address where it answers a form of another one: links of its tables lead there.</param>
    public static RazorComponentResult<PageHost> Show<TView>(this HttpContext http, object model, int status = StatusCodes.Status200OK, string? at = null) =>
        new(new Dictionary<string, object?>
        {
            [nameof(PageHost.Context)] = at is null ? http.Page() : http.Page() with { Path = at },
            [nameof(PageHost.View)] = typeof(TView),
            [nameof(PageHost.Model)] = model,
        })
        { StatusCode = status };

    /// <summary>A table of the page is wanted as a file.</summary>
    public static bool IsExport(this HttpContext http) => http.Features.Get<TableExport>() is not null;

    /// <summary>The request comes from htmx and wants a fragment.</summary>
    public static bool WantsFragment(this HttpContext http) => http.Request.Headers.ContainsKey("HX-Request");

    /// <summary>A page loads a part of another one; what swaps the whole content, as a sorted table does, is a page of its own.</summary>
    private static bool IsEmbedded(HttpContext http) =>
        http.WantsFragment() && http.Request.Headers["HX-Target"] != "content" && Uri.TryCreate(http.Request.Headers["HX-Current-URL"], UriKind.Absolute, out var from) && from.AbsolutePath != http.Request.Path;

    public static PageContext Page(this HttpContext http) => new(
        http.Request.Path.Value ?? "/",
        http.Request.QueryString.Value ?? "",
        http.ReachedAt(),
        CultureInfo.CurrentUICulture.TwoLetterISOLanguageName,
        http.Request.Cookies["theme"] is "dark" or "light" ? http.Request.Cookies["theme"]! : "auto",
        http.User.Identity?.IsAuthenticated == true ? http.User.Identity.Name : null,
        http.User.FindFirstValue(ClaimTypes.Role),
        http.RequestServices.GetRequiredService<ServerOptions>().Demo,
        http.RequestServices.GetRequiredService<IOptionsMonitor<CompanyOptions>>().CurrentValue,
        http.RequestServices.GetRequiredService<AssetUrls>(),
        http.RequestServices.GetRequiredService<Navigation>(),
        http.RequestServices.GetRequiredService<CatchingUp>().Share,
        http.RequestServices.GetRequiredService<ChartMarks>(),
        http.RequestServices.GetRequiredService<CompanyLogo>().Address,
        http.Features.Get<TableExport>(),
        HelpTopics.AddressFor(http.Request.Path.Value ?? "/", http.RequestServices.GetRequiredService<Manual>()),
        IsEmbedded(http));
}
