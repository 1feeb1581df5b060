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
            switch (char.ToLowerInvariant(c))
            {
                case 'ł': folded.Append('l'); break;
                case 'ß': folded.Append("ss"); break;
                case 'ø': folded.Append('o'); break;
                case 'đ': folded.Append('d'); break;
                case 'æ': folded.Append("ae"); break;
                case 'œ': folded.Append("oe"); break;
                case var other: folded.Append(other); break;
            }
        }

        return folded.ToString().Trim();
    }
}
