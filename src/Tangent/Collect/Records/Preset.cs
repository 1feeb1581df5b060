namespace Tangent.Collect;

/// <summary>How the export of a well-known program is read: which header stands for which field. A file is known by its headers.</summary>
/// <param name="Name">The program.</param>
/// <param name="Kind">What the file holds.</param>
/// <param name="Prefix">Put before its ids.</param>
/// <param name="Needs">Headers that the file must have, as the program writes them.</param>
/// <param name="Strip">Beginning of headers that is no part of a trait's name.</param>
/// <param name="Leave">Headers that say nothing of the record.</param>
/// <param name="Fields">Field by header.</param>
/// <param name="Words">What its words for kinds of activities are called here, and at which channel they are.</param>
/// <param name="IsUtc">Its times without offset are UTC; else those of the company's zone.</param>
internal sealed record Preset(
    string Name, ImportKind Kind, string Prefix, IReadOnlyList<string> Needs, string Strip, IReadOnlyList<string> Leave, IReadOnlyList<(string Field, string Header)> Fields,
    IReadOnlyDictionary<string, (string Event, string Channel)> Words, bool IsUtc)
{
    public static IReadOnlyList<Preset> All { get; } = [.. Read()];

    /// <summary>Names of the programs, each once.</summary>
    public static IReadOnlyList<string> Programs { get; } = [.. All.Select(p => p.Name.ToLowerInvariant()).Distinct()];

    /// <summary>The preset for a file; of several the one that knows the most of its headers.</summary>
    /// <param name="columns">Headers of the file.</param>
    /// <param name="kind">What it holds; null: found out.</param>
    /// <param name="program">Only this program's; null: any.</param>
    public static Preset? Find(IReadOnlyList<string> columns, ImportKind? kind, string? program)
    {
        var plain = columns.Select(FieldGuess.Plain).ToHashSet(StringComparer.Ordinal);
        return All.Where(p => (kind is null || p.Kind == kind) && (program is null || string.Equals(p.Name, program, StringComparison.OrdinalIgnoreCase)))
            .Where(p => p.Needs.All(n => program is null ? IsWritten(n, columns) : plain.Contains(FieldGuess.Plain(n))))
            .MaxBy(p => p.Needs.Count + p.Fields.Count(f => plain.Contains(FieldGuess.Plain(f.Header))));
    }

    /// <summary>Whether a file has a header just as the program writes it: anybody may have a recordId, "Record ID" is HubSpot's. Databases write technical names in capitals.</summary>
    private static bool IsWritten(string header, IReadOnlyList<string> columns) =>
        columns.Select(c => c.Trim()).Any(c => c == header || (!header.Contains(' ') && !c.Any(char.IsLower) && string.Equals(c, header, StringComparison.OrdinalIgnoreCase)));

    /// <summary>What the columns of a file stand for.</summary>
    public ImportMapping Mapping(IReadOnlyList<string> columns)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (field, header) in Fields)
        {
            var column = header.StartsWith('=') ? header : columns.FirstOrDefault(c => FieldGuess.Plain(c) == FieldGuess.Plain(header) && !map.ContainsValue(c));
            if (column is not null) map.TryAdd(field, column);
        }

        foreach (var column in columns.Where(c => c.Length > 0 && !map.ContainsValue(c)))
        {
            if (Leave.Any(l => FieldGuess.Plain(l) == FieldGuess.Plain(column))) map["-" + column] = column;
            else if (Strip.Length > 0 && column.StartsWith(Strip, StringComparison.OrdinalIgnoreCase)) map["+" + column[Strip.Length..]] = column;
        }

        return new ImportMapping(map, Kind);
    }

    private static IEnumerable<Preset> Read()
    {
        using var stream = typeof(Preset).Assembly.GetManifestResourceStream("presets.txt")!;
        using var reader = new StreamReader(stream);
        // Blocks with a blank line between; the first line of each is program, kind and prefix.
        foreach (var block in reader.ReadToEnd().ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith('#')).ToArray();
            if (lines.Length == 0) continue;
            var head = lines[0].Split('|', StringSplitOptions.TrimEntries);
            var said = lines.Skip(1).Select(l => l.Split(':', 2, StringSplitOptions.TrimEntries)).ToLookup(l => l[0], l => l[1], StringComparer.Ordinal);
            yield return new Preset(
                head[0], ImportKinds.Find(head[1])!.Value, head[2], List(said["needs"]), said["strip"].FirstOrDefault() ?? "", List(said["leave"]),
                [.. said.Where(s => s.Key is not ("needs" or "strip" or "leave" or "word" or "times")).SelectMany(s => List(s).Select(h => (s.Key, h)))],
                said["word"].Select(w => w.Split(['=', '|'], StringSplitOptions.TrimEntries)).ToDictionary(w => w[0], w => (w[1], w[2]), StringComparer.OrdinalIgnoreCase), said["times"].Contains("UTC"));
        }
    }

    private static string[] List(IEnumerable<string> texts) => [.. texts.SelectMany(t => t.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
}
