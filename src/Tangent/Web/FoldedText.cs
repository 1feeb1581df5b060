using System.Globalization;
using System.Text;

namespace Tangent.Web;

/// <summary>Text as people search for it: without case, accents and ligatures, so that "lodz" finds Łódź and "strasse" Straße.</summary>
internal static class FoldedText
{
    public static string Of(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormKD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            // Letters with a stroke and the like do not decompose.
            folded.Append(char.ToLowerInvariant(c) switch
            {
                'ł' => "l",
                'ß' => "ss",
                'ø' => "o",
                'đ' => "d",
                'æ' => "ae",
                'œ' => "oe",
                var other => other.ToString(),
            });
        }

        return folded.ToString().Trim();
    }
}
