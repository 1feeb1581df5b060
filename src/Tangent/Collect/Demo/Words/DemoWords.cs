using System.Globalization;
using System.Text;

namespace Tangent.Collect;

internal enum DemoTone : byte
{
    Bad,
    Mixed,
    Good,
}

/// <summary>Names, towns and the words people write, from the lists beside this file.</summary>
internal static class DemoWords
{
    public static readonly string[] Languages = ["de", "pl", "en"];

    private const int Tones = 3;

    /// <summary>The closing sentences stand after the last topic.</summary>
    private const int Topics = (int)DemoTopic.Checkout + 1;

    private static readonly string[] Countries = ["de", "at", "pl"];
    private static readonly Dictionary<string, string[]> Lists = ReadLists();
    private static readonly byte[][][] Comments = [.. Languages.Select(ReadComments)];

    public static string First(DemoCustomer customer) => First(customer.Country, customer.Woman, customer.First);

    public static string First(DemoCountry country, bool woman, int pick)
    {
        var names = Lists[(country == DemoCountry.Poland ? "pl" : "de") + (woman ? ".women" : ".men")];
        return names[pick % names.Length];
    }

    public static string Last(DemoCustomer customer)
    {
        var names = Lists[Countries[(int)customer.Country] + ".last"];
        var name = names[customer.Last % names.Length];
        var feminine = customer is { Woman: true, Country: DemoCountry.Poland } && (name.EndsWith("ski", StringComparison.Ordinal) || name.EndsWith("cki", StringComparison.Ordinal) || name.EndsWith("dzki", StringComparison.Ordinal));
        return feminine ? name[..^1] + "a" : name is "Konieczny" && customer.Woman ? "Konieczna" : name;
    }

    public static string City(DemoCustomer customer) => City(customer.Country, customer.NearShop, customer.City);

    public static string City(DemoCountry country, bool near, int pick)
    {
        var cities = Lists[Countries[(int)country] + (near ? ".near" : ".far")];
        return cities[pick % cities.Length];
    }

    public static string CompanyName(DemoCountry country, int account)
    {
        var names = Lists[Countries[(int)country] + ".companies"];
        var round = account / names.Length;
        return round == 0 ? names[account % names.Length] : $"{names[account % names.Length]} {round + 1}";
    }

    public static string Industry(int account) => Lists["industries"][account % Lists["industries"].Length];

    /// <summary>For addresses: letters without marks, ä as ae.</summary>
    public static string Ascii(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name.ToLowerInvariant().Replace("ä", "ae", StringComparison.Ordinal).Replace("ö", "oe", StringComparison.Ordinal)
            .Replace("ü", "ue", StringComparison.Ordinal).Replace("ß", "ss", StringComparison.Ordinal).Replace('ł', 'l').Replace('ı', 'i').Normalize(NormalizationForm.FormD))
            if (char.IsAsciiLetterOrDigit(c)) text.Append(c);
        return text.ToString();
    }

    /// <summary>Index into <see cref="Languages"/>; now and then somebody writes English.</summary>
    public static int Language(DemoCustomer customer) => customer.City % 16 == 0 ? 2 : customer.Country == DemoCountry.Poland ? 1 : 0;

    /// <summary>Writes a comment of one or two sentences into <paramref name="buffer"/>; the same pick gives the same words.</summary>
    /// <returns>Length in bytes.</returns>
    public static int Comment(int language, DemoTopic topic, DemoTone tone, int pick, Span<byte> buffer)
    {
        var words = DemoSeeds.Mix((ulong)(uint)pick);
        var sentence = Sentences(language, (int)topic, tone) ?? Sentences(language, (int)DemoTopic.General, tone)!;
        var length = Copy(Choose(sentence, (uint)words), buffer);
        if ((words >> 32) % 5 < 2)
        {
            buffer[length++] = (byte)' ';
            length += Copy(Choose(Sentences(language, Topics, tone)!, (uint)(words >> 36)), buffer[length..]);
        }

        // Some people write without capitals and full stops.
        if ((words >> 58) % 7 != 0 || buffer[0] >= 0x80) return length;
        buffer[0] |= 0x20;
        return buffer[length - 1] == (byte)'.' ? length - 1 : length;
    }

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> buffer)
    {
        text.CopyTo(buffer);
        return text.Length;
    }

    // A bucket is its sentences, one a line; it is cut here so that no list of lists is needed.
    private static ReadOnlySpan<byte> Choose(byte[] bucket, uint pick)
    {
        ReadOnlySpan<byte> rest = bucket;
        for (var skip = pick % (uint)(rest.Count((byte)'\n') + 1); skip > 0; skip--) rest = rest[(rest.IndexOf((byte)'\n') + 1)..];
        var end = rest.IndexOf((byte)'\n');
        return end < 0 ? rest : rest[..end];
    }

    private static byte[]? Sentences(int language, int topic, DemoTone tone) => Comments[language][(topic * Tones) + (int)tone];

    private static byte[][] ReadComments(string language)
    {
        var buckets = new byte[(Topics + 1) * Tones][];
        var bucket = -1;
        foreach (var line in ReadLines($"comments.{language}.txt"))
        {
            if (line[0] != '[')
            {
                var before = buckets[bucket];
                buckets[bucket] = before is null ? Encoding.UTF8.GetBytes(line) : [.. before, (byte)'\n', .. Encoding.UTF8.GetBytes(line)];
                continue;
            }

            var head = line.Trim('[', ']').Split(' ');
            var topic = head[0] == "close" ? Topics : (int)Enum.Parse<DemoTopic>(head[0], ignoreCase: true);
            bucket = (topic * Tones) + (head[1] switch { "-" => (int)DemoTone.Bad, "0" => (int)DemoTone.Mixed, _ => (int)DemoTone.Good });
        }

        return buckets;
    }

    private static Dictionary<string, string[]> ReadLists() => ReadLines("names.txt")
        .Select(line => line.Split(": ", 2))
        .ToDictionary(parts => parts[0], parts => parts[1].Split(", "), StringComparer.Ordinal);

    private static IEnumerable<string> ReadLines(string file)
    {
        using var reader = new StreamReader(typeof(DemoWords).Assembly.GetManifestResourceStream("demo/" + file)!, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0) yield return line;
    }
}
