using System.Globalization;
using Tangent.Data;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>How long personal data is kept. Nothing is deleted before somebody sets a period.</summary>
public sealed class RetentionOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Retention";

    /// <summary>Days for which kinds of data are kept, for example <c>visitors=90, events=1095, audit=365</c>; what is not named is kept without end. Owners set them under Data protection, Retention periods.</summary>
    public string Periods { get; set; } = "";

    /// <summary>Hour of the company's day (0 to 23) at which what is older goes.</summary>
    public int Hour { get; set; } = 2;
}

/// <summary>Periods by kind of data, as a setting keeps them.</summary>
internal static class RetentionPeriods
{
    public const string Key = RetentionOptions.Section + ":" + nameof(RetentionOptions.Periods);

    /// <summary>A hundred years.</summary>
    public const int MostDays = 36_525;

    public static Setting Setting => new(Key, "", (v, _) => Read(v) is null ? T("Unify.Retention.Wrong", MostDays) : null);

    /// <returns>Null where something is not a kind and a number of days.</returns>
    public static Dictionary<string, int>? Read(string text)
    {
        var periods = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var part in text.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.Split('=', StringSplitOptions.TrimEntries) is not [{ Length: > 0 } kind, var days] || !kind.All(c => char.IsAsciiLetter(c) || c == '-')
                || !int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > MostDays) return null;
            if (number > 0) periods[kind] = number;
        }

        return periods;
    }

    public static string Write(IReadOnlyDictionary<string, int> periods) =>
        string.Join(", ", periods.Where(p => p.Value > 0).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key}={p.Value}")));
}
