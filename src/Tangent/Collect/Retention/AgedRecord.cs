using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tangent.Collect;

/// <summary>What the log keeps of events whose time is over, until their lines are rewritten: where they stand.</summary>
/// <param name="Runs">Of each run of positions, how far it is from the end of the one before, and how long it is; empty when the lines are rewritten.</param>
/// <param name="IsDone">The lines are rewritten.</param>
internal sealed record AgedRecord(IReadOnlyList<long> Runs, bool IsDone = false)
{
    public static readonly AgedRecord Done = new([], IsDone: true);

    public static AgedRecord At(IEnumerable<(long From, long To)> ranges)
    {
        var (runs, end) = (new List<long>(), 0L);
        foreach (var (from, to) in ranges)
        {
            runs.Add(from - end);
            runs.Add(to - from);
            end = to;
        }

        return new AgedRecord(runs);
    }

    [JsonIgnore]
    public IEnumerable<(long From, long To)> Ranges
    {
        get
        {
            var at = 0L;
            for (var i = 0; i < Runs.Count; i += 2)
            {
                at += Runs[i];
                yield return (at, at + Runs[i + 1]);
                at += Runs[i + 1];
            }
        }
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, AgedJson.Default.AgedRecord);

    public static AgedRecord Of(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, AgedJson.Default.AgedRecord)!;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AgedRecord))]
internal sealed partial class AgedJson : JsonSerializerContext;
