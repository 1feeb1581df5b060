using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;

namespace Tangent.Web;

/// <summary>Language and theme of this browser, kept in cookies.</summary>
internal static class PreferencesEndpoints
{
    public static readonly IReadOnlyList<string> Languages = ["en", "de", "pl"];
    public static readonly IReadOnlyList<string> Themes = ["auto", "light", "dark"];

    public static void MapPreferences(this WebApplication app) =>
        app.MapPost("/preferences", Set).AllowAnonymous().ExcludeFromDescription();

    /// <summary>A language in a page's address is kept, so that what the page loads afterwards speaks it too.</summary>
    public static Task KeepLanguageAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Query["lang"].ToString() is { Length: > 0 } language) KeepLanguage(http, language);
        return next(http);
    }

    private static RedirectHttpResult Set(HttpContext http, [FromForm] string? language, [FromForm] string? theme, [FromForm] string? returnUrl)
    {
        KeepLanguage(http, language);
        KeepTheme(http, theme);
        return TypedResults.LocalRedirect(LocalAddress.Of(returnUrl));
    }

    /// <summary>A theme that there is is kept, anything else left out.</summary>
    public static void KeepTheme(HttpContext http, string? theme)
    {
        if (Themes.Contains(theme, StringComparer.Ordinal)) http.Response.Cookies.Append("theme", theme!, ForAYear(http));
    }

    /// <summary>A language that there is is kept, anything else left out.</summary>
    public static void KeepLanguage(HttpContext http, string? language)
    {
        if (Languages.Contains(language, StringComparer.Ordinal))
            http.Response.Cookies.Append("lang", CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language!)), ForAYear(http));
    }

    private static CookieOptions ForAYear(HttpContext http) =>
        new() { Expires = DateTimeOffset.UtcNow.AddYears(1), SameSite = SameSiteMode.Lax, HttpOnly = true, IsEssential = true, Secure = http.Request.IsHttps };
}
