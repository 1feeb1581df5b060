using System.Text.Json.Serialization;

namespace Tangent.Collect;

/// <summary>A person's or a trusted source's decision about identities, as the log keeps it.</summary>
/// <param name="Identifiers">Merge: <c>user:…</c> and <c>anonymous:…</c> identifiers that are one customer.</param>
/// <param name="Position">Split: log position of the join that is taken back.</param>
/// <param name="Reason">Why, in the words of who decided.</param>
/// <param name="By">Name of the user who decided.</param>
internal sealed record IdentityDecision(IReadOnlyList<string> Identifiers, long Position, string Reason, string By = "");

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IdentityDecision))]
internal sealed partial class DecisionJson : JsonSerializerContext;
