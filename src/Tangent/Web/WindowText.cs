using System.Globalization;

namespace Tangent.Web;

/// <summary>A length of time as people type it: a whole number and s, m, h, d or w (<c>14d</c>).</summary>
internal static class WindowText
{
    private static readonly (char Unit, long Seconds)[] Units = [('w', 604_800), ('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

    /// <returns>Null where the text is not a length of time of up to 100 years.</returns>
    public static TimeSpan? Read(string text)
    {
        if (text.Length is < 2 or > 11 || !long.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        var seconds = Units.FirstOrDefault(u => u.Unit == text[^1]).Seconds;
        return seconds == 0 || number > 3_155_760_000 / seconds ? null : TimeSpan.FromSeconds(number * seconds);
    }

    /// <summary>In the largest unit that is exact; weeks stay days, which is how windows are spoken of.</summary>
    public static string Write(TimeSpan window)
    {
        var seconds = (long)window.TotalSeconds;
        var (unit, size) = Units.First(u => u.Unit != 'w' && seconds % u.Seconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / size}{unit}");
    }
}
