using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tangent.Collect;

/// <summary>A word about consent that came in by no event: by the API, by hand, by the preference centre. The contact point itself is not in it, only its keyed hash.</summary>
/// <param name="Point">Kind and keyed hash of the contact point: <c>email:…</c>.</param>
/// <param name="Purpose">Key of the purpose.</param>
/// <param name="Topic">Key of the topic; empty for the purpose as a whole.</param>
/// <param name="State">given, withdrawn or pending.</param>
/// <param name="AtMs">When it was said, in milliseconds since 1970 UTC.</param>
/// <param name="Origin">How it came in: api, person, preferenceCentre, confirmation, survey, erasure.</param>
/// <param name="By">Name of the user who recorded it; empty where the person did.</param>
/// <param name="Version">Version of the wording that was shown.</param>
/// <param name="Wording">The wording that was shown.</param>
/// <param name="Key">Identifier of the customer of whom it is, where that is known.</param>
internal sealed record ConsentRecord(
    string Point, string Purpose, string Topic, string State, long AtMs, string Origin, string By = "", string Version = "", string Wording = "", string Key = "")
{
    /// <summary>Origin of a withdrawal that outlives the person's data.</summary>
    public const string Erasure = "erasure";

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ConsentJson.Default.ConsentRecord);

    /// <returns>Null where an erasure took out what it said.</returns>
    public static ConsentRecord? Of(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, ConsentJson.Default.ConsentRecord) is { Point.Length: > 0 } said ? said : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ConsentRecord))]
internal sealed partial class ConsentJson : JsonSerializerContext;
