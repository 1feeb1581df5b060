using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tangent.Collect;

/// <summary>How a split takes identifiers apart.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SplitWay>))]
public enum SplitWay
{
    /// <summary>They leave their customer together.</summary>
    Together,

    /// <summary>Each becomes a customer of its own.</summary>
    Each,

    /// <summary>They are and stay different customers: no rule joins them.</summary>
    KeptApart,
}

/// <summary>A decision about identities, as the log keeps it.</summary>
/// <param name="Identifiers">Merge: <c>user:…</c> and <c>anonymous:…</c> identifiers that are one customer; none where a split is taken back. Split: those that are not; none where one join is taken back.</param>
/// <param name="Position">Where there are no identifiers: log position of the split or the join that is taken back.</param>
/// <param name="Reason">Why, in the words of who decided.</param>
/// <param name="By">Name of the user who decided, or who had a rule decide; empty where a rule did by itself.</param>
/// <param name="Rule">Name of the rule that decided; empty where a person did.</param>
/// <param name="Way">How a split takes identifiers apart.</param>
internal sealed record IdentityDecision(IReadOnlyList<string> Identifiers, long Position, string Reason, string By = "", string Rule = "", SplitWay Way = SplitWay.Together)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, DecisionJson.Default.IdentityDecision);

    /// <summary>As the log has it. Where it names nobody in a place, as logs of earlier programs may, that place is passed over.</summary>
    public static IdentityDecision Of(ReadOnlySpan<byte> json)
    {
        var read = JsonSerializer.Deserialize(json, DecisionJson.Default.IdentityDecision)!;
        IEnumerable<string?> named = read.Identifiers ?? [];
        return read with { Identifiers = [.. named.OfType<string>()], NamedNobody = named.Any(n => n is null), Reason = read.Reason ?? "", By = read.By ?? "", Rule = read.Rule ?? "" };
    }

    /// <summary>Names were there and all of them said nothing: it takes no join back, though no name is left.</summary>
    [JsonIgnore]
    public bool NamedNobody { get; init; }

    /// <summary>What is taken back stands at <see cref="Position"/>.</summary>
    [JsonIgnore]
    public bool TakesBack => Identifiers.Count == 0 && !NamedNobody;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IdentityDecision))]
internal sealed partial class DecisionJson : JsonSerializerContext;
