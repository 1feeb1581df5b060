using System.Collections.Concurrent;
using System.Globalization;
using System.Resources;

namespace Tangent.Web;

/// <summary>The texts of the user interface. A key begins with the stage that owns it (<c>Analyse.Funnel.Title</c>), which names the resource file.</summary>
public static class Texts
{
    private static readonly ConcurrentDictionary<string, ResourceManager> Managers = new(StringComparer.Ordinal);

    /// <summary>The text in the request's language. A missing key shows itself, so that it is seen; a test finds it before that.</summary>
    public static string T(string key)
    {
        var stage = key[..Math.Max(key.IndexOf('.', StringComparison.Ordinal), 0)];
        var manager = Managers.GetOrAdd(stage, s => new ResourceManager($"Tangent.{s}.Texts", typeof(Texts).Assembly));
        return manager.GetString(key, CultureInfo.CurrentUICulture) ?? key;
    }

    /// <summary>The text with its placeholders <c>{0}</c>, <c>{1}</c> … filled in by the request's culture, and words such as <c>{0:customer|customers}</c> chosen by the number (<see cref="PluralForms"/>).</summary>
    public static string T(string key, params object?[] values) => string.Format(PluralForms.OfRequest, T(key), values);

    /// <summary>What is said in a language of the user interface, whatever that of the request is.</summary>
    /// <param name="language"><c>en</c>, <c>de</c> or <c>pl</c>.</param>
    /// <param name="says">Called in that language, so that its texts are.</param>
    public static TSaid In<TSaid>(string language, Func<TSaid> says)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
            return says();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }
}
