using System.Text;

namespace Tangent.Unify;

/// <summary>
/// The sound of a German name as digits (Postel 1969, "Kölner Phonetik"): Meier, Maier and Mayr are 67. Serves names of other languages
/// as a rough code as well.
/// </summary>
internal static class ColognePhonetics
{
    /// <param name="folded">Folded text; all but a to z is passed over.</param>
    /// <returns>Digits 1 to 8, and 0 at the start only; empty where there is no letter that sounds.</returns>
    public static string Code(ReadOnlySpan<char> folded)
    {
        var letters = new char[folded.Length];
        var count = 0;
        foreach (var c in folded)
            if (c is >= 'a' and <= 'z') letters[count++] = c;

        var code = new StringBuilder(count);
        var last = '\0';
        for (var i = 0; i < count; i++)
        {
            foreach (var digit in Digits(letters[i], i == 0 ? '\0' : letters[i - 1], i + 1 == count ? '\0' : letters[i + 1]))
            {
                // Equal neighbours are said once; vowels count at the start only, but part equal sounds.
                if (digit != last && (digit != '0' || code.Length == 0)) code.Append(digit);
                last = digit;
            }
        }

        return code.ToString();
    }

    private static string Digits(char c, char before, char after) => c switch
    {
        'a' or 'e' or 'i' or 'j' or 'o' or 'u' or 'y' => "0",
        'b' => "1",
        'p' => after == 'h' ? "3" : "1",
        'd' or 't' => after is 'c' or 's' or 'z' ? "8" : "2",
        'f' or 'v' or 'w' => "3",
        'g' or 'k' or 'q' => "4",
        'c' => SoundsHard(before, after) ? "4" : "8",
        'x' => before is 'c' or 'k' or 'q' ? "8" : "48",
        'l' => "5",
        'm' or 'n' => "6",
        'r' => "7",
        's' or 'z' => "8",
        _ => "",
    };

    private static bool SoundsHard(char before, char after) => before == '\0'
        ? after is 'a' or 'h' or 'k' or 'l' or 'o' or 'q' or 'r' or 'u' or 'x'
        : before is not ('s' or 'z') && after is 'a' or 'h' or 'k' or 'o' or 'q' or 'u' or 'x';
}
