namespace Tangent.Map;

/// <summary>A map and a catalogue of touchpoints to begin with, for one kind of company, in every language of the program. They are files like those that people import.</summary>
internal sealed record MapTemplate(string Key)
{
    public static readonly IReadOnlyList<string> Languages = ["en", "de", "pl"];

    public static readonly IReadOnlyList<MapTemplate> All = [.. new[] { "retail", "saas", "bank", "telecom", "craft", "practice" }.Select(k => new MapTemplate(k))];

    public static MapTemplate? Find(string? key) => All.FirstOrDefault(t => string.Equals(t.Key, key, StringComparison.OrdinalIgnoreCase));

    /// <summary>The file, word for word.</summary>
    public string Text(string language)
    {
        using var reader = new StreamReader(typeof(MapTemplate).Assembly.GetManifestResourceStream($"map-templates/{Key}.{language}.yaml")!);
        return reader.ReadToEnd();
    }

    /// <summary>The map of the file. It is read anew each time: whoever takes it puts its touchpoints into the catalogue as they are.</summary>
    public MapFile Read(string language) =>
        MapYamlReader.TryRead(Text(language), out var fault) ?? throw new InvalidOperationException($"The template {Key}.{language}: {fault}");
}
