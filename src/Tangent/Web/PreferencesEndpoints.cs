using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;

namespace Tangent.Web;

/// <summary>Language and theme of this browser, kept in cookies.</summary>
internal static class PreferencesEndpoints
{
    private static readonly string[] Languages = ["en", "de", "pl"];
    private static readonly string[] Themes = ["auto", "light", "dark"];

    public static void MapPreferences(this WebApplication app) =>
        app.MapPost("/preferences", Set).AllowAnonymous().ExcludeFromDescription();

    private static RedirectHttpResult Set(HttpContext http, [FromForm] string? language, [FromForm] string? theme, [FromForm] string? returnUrl)
    {
        var kept = new CookieOptions { Expires = DateTimeOffset.UtcNow.AddYears(1), SameSite = SameSiteMode.Lax, HttpOnly = true, IsEssential = true, Secure = http.Request.IsHttps };
        if (Languages.Contains(language, StringComparer.Ordinal))
            http.Response.Cookies.Append("lang", CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language!)), kept);
        if (Themes.Contains(theme, StringComparer.Ordinal)) http.Response.Cookies.Append("theme", theme!, kept);
        return TypedResults.LocalRedirect(LocalAddress.Of(returnUrl));
    }
}
