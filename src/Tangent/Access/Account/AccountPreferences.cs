using Tangent.Web;

namespace Tangent.Access;

/// <summary>Language and theme that a person chose: kept with the account, and brought to a browser when they sign in there.</summary>
internal static class AccountPreferences
{
    public static void Restore(HttpContext http, User? user)
    {
        PreferencesEndpoints.KeepLanguage(http, user?.Language);
        PreferencesEndpoints.KeepTheme(http, user?.Theme);
    }
}
