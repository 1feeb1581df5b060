using Microsoft.AspNetCore.Localization;

namespace Tangent.Access;

/// <summary>Language and theme that a person chose: kept with the account, and brought to a browser when they sign in there.</summary>
internal static class AccountPreferences
{
    public static readonly IReadOnlyList<string> Languages = ["en", "de", "pl"];
    public static readonly IReadOnlyList<string> Themes = ["auto", "light", "dark"];

    public static void Restore(HttpContext http, User? user)
    {
        if (user?.Language is { } language) SetLanguage(http, language);
        if (user?.Theme is { } theme) SetTheme(http, theme);
    }

    public static void SetLanguage(HttpContext http, string language) =>
        http.Response.Cookies.Append("lang", CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language)), ForAYear(http));

    public static void SetTheme(HttpContext http, string theme) => http.Response.Cookies.Append("theme", theme, ForAYear(http));

    private static CookieOptions ForAYear(HttpContext http) =>
        new() { Expires = DateTimeOffset.UtcNow.AddYears(1), SameSite = SameSiteMode.Lax, HttpOnly = true, IsEssential = true, Secure = http.Request.IsHttps };
}
