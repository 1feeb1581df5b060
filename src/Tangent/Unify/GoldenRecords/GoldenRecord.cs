using System.Text.Json.Nodes;
using Tangent.Access;

namespace Tangent.Unify;

/// <summary>One value of a customer, chosen among what the sources say.</summary>
/// <param name="Name">Name of the trait.</param>
/// <param name="Value">The value.</param>
/// <param name="Source">Source that said it; empty where people here did.</param>
/// <param name="Identifier">Identifier of which it was said.</param>
/// <param name="At">When that source last said something of this identifier, UTC.</param>
/// <param name="ByPeople">Somebody here corrected it.</param>
/// <param name="Others">What was not chosen and says something else.</param>
public sealed record GoldenValue(string Name, JsonNode? Value, string Source, string Identifier, DateTime At, bool ByPeople, IReadOnlyList<OtherValue> Others);

/// <summary>A value that was not chosen.</summary>
/// <param name="Value">The value.</param>
/// <param name="Source">Source that said it; empty where people here did.</param>
/// <param name="Identifier">Identifier of which it was said.</param>
/// <param name="At">When that source last said something of this identifier, UTC.</param>
public sealed record OtherValue(JsonNode? Value, string Source, string Identifier, DateTime At);

/// <summary>The one record of a customer: every value chosen by the merge policies, with where it comes from.</summary>
/// <param name="Values">The values, by the order in which the records name them.</param>
internal sealed record GoldenRecord(IReadOnlyList<GoldenValue> Values)
{
    private sealed record Said(Profile By, Origin Origin, JsonObject Traits);

    public string Name => TraitReading.Name(Traits);

    public string Email => TraitReading.Text(Traits, "email");

    public string Phone => TraitReading.Text(Traits, "phone");

    public string Company => TraitReading.Company(Traits);

    public JsonObject Traits => field ??= new JsonObject(Values.Select(v => KeyValuePair.Create(v.Name, v.Value?.DeepClone())));

    /// <summary>As a reader may see it.</summary>
    public GoldenRecord Masked(Masking masking) => masking.IsNone ? this : new GoldenRecord([.. Values.Select(v => v with
    {
        Value = masking.Field(v.Name, v.Value),
        Others = [.. v.Others.Select(o => o with { Value = masking.Field(v.Name, o.Value) })],
    })]);

    /// <summary>With the company by its name, where a source says only the id.</summary>
    public GoldenRecord Naming(AccountTree companies)
    {
        JsonNode? Named(JsonNode? value) => companies.Find(TraitReading.Simple(value)) is { } company && company.Name != company.Id ? JsonValue.Create(company.Name) : value;
        return new GoldenRecord([.. Values.Select(v => v.Name != "company" ? v : v with
        {
            Value = Named(v.Value),
            Others = [.. v.Others.Select(o => o with { Value = Named(o.Value) }).Where(o => !JsonNode.DeepEquals(o.Value, Named(v.Value)))],
        })]);
    }

    /// <param name="records">What was said of the customer's identifiers, by whom.</param>
    /// <param name="policies">Which of several values wins.</param>
    public static GoldenRecord Of(IEnumerable<Profile> records, MergePolicies policies)
    {
        List<Said> all = [.. records.Select(r => new Said(r, new Origin(r.SourceId, r.IsUser, r.UpdatedUtc), Told(r)))];
        var mergedAway = policies.MergedAway(all.ConvertAll(s => s.By.Key).Distinct(StringComparer.Ordinal).ToList());
        // The most trusted record gives the order in which the fields stand, and wins where nothing tells two apart.
        all.Sort((a, b) => policies.Compare("", a.Origin, b.Origin) is var order and not 0 ? order
            : mergedAway.Contains(a.By.Key).CompareTo(mergedAway.Contains(b.By.Key)) is var merged and not 0 ? merged : string.CompareOrdinal(a.By.Key, b.By.Key));
        var values = new List<GoldenValue>();
        foreach (var field in all.SelectMany(s => s.Traits).Select(t => t.Key).Distinct(StringComparer.Ordinal))
            if (Chosen(field, all, policies) is { } value) values.Add(value);
        return new GoldenRecord(values);
    }

    /// <summary>A group call says the company of a person without its being a trait.</summary>
    private static JsonObject Told(Profile record)
    {
        var traits = JsonNode.Parse(record.Traits)!.AsObject();
        if (record.Company.Length > 0 && !record.IsAccount && TraitReading.Company(traits) != record.Company) traits["company"] = record.Company;
        return traits;
    }

    private static GoldenValue? Chosen(string field, List<Said> all, MergePolicies policies)
    {
        var together = policies.Together(field);
        // What people here corrected is that one field; it takes no others with it.
        var candidates = all.FindAll(s => s.By.SourceId == Profile.OfPeople ? s.Traits.ContainsKey(field) : together.Any(s.Traits.ContainsKey));
        var best = candidates[0];
        foreach (var other in candidates)
            if (policies.Compare(field, SaidAs(other), SaidAs(best)) < 0) best = other;
        // Another of the fields that win together came from there, this one did not.
        if (!best.Traits.TryGetPropertyValue(field, out var value)) return null;
        var having = candidates.FindAll(s => s.Traits.ContainsKey(field));
        if (policies.Choice(field) == MergeChoice.United && having.Count > 1) value = United(having.ConvertAll(s => s.Traits[field]));
        var others = having.Where(s => s != best && !JsonNode.DeepEquals(s.Traits[field], value))
            .Select(s => new OtherValue(s.Traits[field]?.DeepClone(), policies.NameOf(s.By.SourceId), s.By.Key, s.By.SaidUtc([field])));
        return new GoldenValue(
            field, value?.DeepClone(), policies.NameOf(best.By.SourceId), best.By.Key, best.By.SaidUtc([field]), best.By.SourceId == Profile.OfPeople, [.. others]);

        // The same record may have told of its fields at different times.
        Origin SaidAs(Said said) => said.Origin with { AtUtc = said.By.SaidUtc(together) };
    }

    private static JsonNode? United(IReadOnlyList<JsonNode?> said)
    {
        var united = new JsonArray();
        foreach (var value in said.SelectMany(v => v is JsonArray list ? list.AsEnumerable() : [v]))
            if (!united.Any(u => JsonNode.DeepEquals(u, value))) united.Add(value?.DeepClone());
        // Where all say the same one value, it stays one.
        return united.Count == 1 && !said.Any(v => v is JsonArray) ? united[0]?.DeepClone() : united;
    }
}
