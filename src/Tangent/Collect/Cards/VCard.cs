using System.Globalization;
using System.Text;

namespace Tangent.Collect;

/// <summary>One line of a card: <c>item1.TEL;TYPE=work,pref:+49…</c>.</summary>
/// <param name="Name">Name in capitals, without its group.</param>
/// <param name="Words">Parameters in capitals: types by themselves, others as NAME=VALUE.</param>
/// <param name="Value">The value as it stands, decoded but not unescaped.</param>
internal sealed record CardLine(string Name, IReadOnlyList<string> Words, string Value)
{
    private const string Preference = "PREF=";

    /// <summary>The lower, the rather: 1 to 100 as the card says it, beyond that where it says nothing.</summary>
    public int Rank => Words.Contains("PREF") ? 1
        : Words.FirstOrDefault(w => w.StartsWith(Preference, StringComparison.Ordinal)) is { } said && int.TryParse(said[Preference.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var rank) ? rank : int.MaxValue;

    public bool Is(params ReadOnlySpan<string> types)
    {
        foreach (var type in types)
            if (Words.Contains(type)) return true;
        return false;
    }
}

/// <summary>What a vCard (RFC 2426, RFC 6350, and 2.1 as telephones write it) says of a person, as one row of columns.</summary>
internal static class VCard
{
    public static readonly string[] Columns =
        ["UID", "FN", "N.prefix", "N.given", "N.family", "EMAIL", "EMAIL 2", "TEL", "TEL 2", "ADR.street", "ADR.postcode", "ADR.city", "ADR.country", "ORG", "ORG.unit", "TITLE", "BDAY", "URL", "CATEGORIES", "NOTE", "REV"];

    private static readonly string[] Days = ["yyyyMMdd", "yyyy-MM-dd"];
    private static readonly string[] Moments = ["yyyyMMdd'T'HHmmss'Z'", "yyyyMMdd'T'HHmmsszzz", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFF'Z'"];

    public static ReadOnlySpan<byte> Begin => "BEGIN:VCARD"u8;

    /// <summary>The values of a card in the order of <see cref="Columns"/>.</summary>
    public static string[] Row(IReadOnlyList<CardLine> card)
    {
        var by = card.ToLookup(l => l.Name, StringComparer.Ordinal);
        string One(string name) => by[name].Select(l => Plain(l.Value)).FirstOrDefault(v => v.Length > 0) ?? "";
        var name = Parts(by["N"].FirstOrDefault()?.Value ?? "");
        var mails = Preferred(by["EMAIL"]).Select(l => Without(l.Value, "mailto:")).Where(v => v.Length > 0).ToList();
        var phones = Preferred(by["TEL"].Where(l => !l.Is("FAX", "PAGER"))).Select(l => Number(l.Value)).Where(v => v.Length > 0).ToList();
        var address = Parts(by["ADR"].OrderBy(l => l.Rank).ThenByDescending(l => l.Is("HOME")).FirstOrDefault()?.Value ?? "");
        var company = Parts(by["ORG"].FirstOrDefault()?.Value ?? "");
        var full = One("FN");
        var id = Without(One("UID"), "urn:uuid:");
        // Who is known by a telephone number alone is told by it and the name.
        if (id.Length == 0 && mails.Count == 0 && phones.Count > 0) id = $"{ContentHash.Of(0, Encoding.UTF8.GetBytes($"{full} {phones[0]}")):x32}"[..16];
        return
        [
            id, full, At(name, 3), At(name, 1), At(name, 0), At(mails, 0), At(mails, 1), At(phones, 0), At(phones, 1), Street(address), At(address, 5), At(address, 3), At(address, 6),
            At(company, 0), At(company, 1), One("TITLE"), Birthday(by["BDAY"].FirstOrDefault()), One("URL"), One("CATEGORIES"), One("NOTE"), Moment(One("REV")),
        ];
    }

    /// <summary>A company, a group or a place; not a person.</summary>
    public static bool IsNobody(IReadOnlyList<CardLine> card) =>
        card.Any(l => (l.Name == "KIND" && l.Value.Trim().ToUpperInvariant() is "ORG" or "GROUP" or "LOCATION") || (l.Name == "X-ABSHOWAS" && l.Value.Contains("COMPANY", StringComparison.OrdinalIgnoreCase)));

    private static IEnumerable<CardLine> Preferred(IEnumerable<CardLine> lines) => lines.OrderBy(l => l.Rank);

    private static string At(IReadOnlyList<string> parts, int index) => index < parts.Count ? parts[index] : "";

    /// <summary>Street and number; a post box or an addition only where there is no street.</summary>
    private static string Street(IReadOnlyList<string> address) => At(address, 2) is { Length: > 0 } street ? street : At(address, 0) is { Length: > 0 } box ? box : At(address, 1);

    private static string Number(string value)
    {
        var number = Without(value, "tel:");
        return number.Split(';')[0].Trim();
    }

    private static string Without(string value, string start)
    {
        var plain = Plain(value);
        return plain.StartsWith(start, StringComparison.OrdinalIgnoreCase) ? plain[start.Length..] : plain;
    }

    private static string Birthday(CardLine? line)
    {
        // A birthday without its year is none that could be compared.
        if (line is null || line.Words.Any(w => w.StartsWith("X-APPLE-OMIT-YEAR", StringComparison.Ordinal))) return "";
        var day = line.Value.Trim().Split('T')[0];
        return DateOnly.TryParseExact(day, Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";
    }

    private static string Moment(string text) =>
        DateTimeOffset.TryParseExact(text, Moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "";

    /// <summary>Parts of a value between semicolons, each of several between commas with a blank.</summary>
    private static List<string> Parts(string value)
    {
        var (parts, several, start) = (new List<string>(), new List<string>(), 0);
        for (var i = 0; i <= value.Length; i++)
        {
            if (i < value.Length && value[i] == '\\') i++;
            else if (i >= value.Length || value[i] is ';' or ',')
            {
                if (Plain(value[start..Math.Min(i, value.Length)]) is { Length: > 0 } one) several.Add(one);
                start = i + 1;
                if (i < value.Length && value[i] == ',') continue;
                parts.Add(string.Join(", ", several));
                several.Clear();
            }
        }

        return parts;
    }

    private static string Plain(string value)
    {
        if (!value.Contains('\\', StringComparison.Ordinal)) return value.Trim();
        var plain = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\' || i + 1 == value.Length) plain.Append(value[i]);
            else plain.Append(value[++i] is 'n' or 'N' ? ' ' : value[i]);
        }

        return plain.ToString().Trim();
    }
}
