using YamlDotNet.RepresentationModel;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <summary>What is said of a persona, its segment by name.</summary>
public sealed record PersonaEntry(
    string Name, string Description, IReadOnlyList<string> Goals, IReadOnlyList<string> Needs, IReadOnlyList<string> Frustrations, string Quote, string Segment, BuyingRole? Role);

/// <summary>Personas as YAML, both ways; docs/map.md has the form.</summary>
internal static class PersonaYaml
{
    private const int MostPersonas = 500;

    private static readonly string[] Keys = ["persona", "description", "segment", "role", "goals", "needs", "frustrations", "quote"];

    public static string Write(IEnumerable<PersonaEntry> personas) => MapYamlWriter.Write(yaml =>
    {
        yaml.Open();
        yaml.Begin("personas");
        foreach (var persona in personas)
        {
            yaml.Open();
            yaml.Pair("persona", persona.Name);
            if (persona.Description.Length > 0) yaml.Pair("description", persona.Description);
            if (persona.Segment.Length > 0) yaml.Pair("segment", persona.Segment);
            if (persona.Role is { } role) yaml.Pair("role", MapWords.Of(role));
            yaml.List("goals", persona.Goals);
            yaml.List("needs", persona.Needs);
            yaml.List("frustrations", persona.Frustrations);
            if (persona.Quote.Length > 0) yaml.Pair("quote", persona.Quote);
            yaml.Close();
        }

        yaml.End();
        yaml.Close();
    });

    /// <returns>Null where it is no such file, with the fault.</returns>
    public static IReadOnlyList<PersonaEntry>? TryRead(string text, out MapFileFault? fault) => MapYamlReader.TryRead(text, root =>
    {
        var file = MapYamlReader.Mapping(root, T("Map.File.PersonasBegin"));
        MapYamlReader.Only(file, ["personas"]);
        List<PersonaEntry> all = [.. MapYamlReader.Items(file, "personas").Select(p => Persona(MapYamlReader.Mapping(p, T("Map.File.PersonaBegins"))))];
        if (all.Count is 0 or > MostPersonas) throw MapYamlReader.Fault(root, T("Map.File.PersonaCount", MostPersonas));
        if (all.GroupBy(p => p.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice) throw MapYamlReader.Fault(root, T("Map.File.PersonaTwice", twice.Key));
        return all;
    }, T("Map.File.OnePersonas"), out fault);

    private static PersonaEntry Persona(YamlMappingNode node)
    {
        MapYamlReader.Only(node, Keys);
        string Said(string key) => MapYamlReader.Text(node, key) ?? "";
        IReadOnlyList<string> Lines(string key) => [.. MapYamlReader.Items(node, key).Select(l => l is YamlScalarNode { Value: { } line } ? line : throw MapYamlReader.Fault(l, T("Map.File.Texts", key)))];
        return new PersonaEntry(MapYamlReader.Name(node, "persona"), Said("description"), Lines("goals"), Lines("needs"), Lines("frustrations"), Said("quote"), Said("segment"), MapYamlReader.Word<BuyingRole>(node, "role"));
    }
}
