using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Tangent.Web;

/// <summary>What every page knows about the request it answers.</summary>
public sealed record PageContext(string Path, string Query, string Language, string Theme, string? UserName, string? Role, bool Demo, AssetUrls Assets);

internal static class Pages
{
    /// <summary>A page or a fragment; the same component serves the whole page and the htmx swap.</summary>
    public static RazorComponentResult<PageHost> Show<TView>(this HttpContext http, object model, int status = StatusCodes.Status200OK) =>
        new(new Dictionary<string, object?>
        {
            [nameof(PageHost.Context)] = Context(http),
            [nameof(PageHost.View)] = typeof(TView),
            [nameof(PageHost.Model)] = model,
        })
        { StatusCode = status };

    private static PageContext Context(HttpContext http) => new(
        http.Request.Path.Value ?? "/",
        http.Request.QueryString.Value ?? "",
        CultureInfo.CurrentUICulture.TwoLetterISOLanguageName,
        http.Request.Cookies["theme"] is "dark" ? "dark" : "light",
        http.User.Identity?.IsAuthenticated == true ? http.User.Identity.Name : null,
        http.User.FindFirstValue(ClaimTypes.Role),
        http.RequestServices.GetRequiredService<ServerOptions>().Demo,
        http.RequestServices.GetRequiredService<AssetUrls>());
}
