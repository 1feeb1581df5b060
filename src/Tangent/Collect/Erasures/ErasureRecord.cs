using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tangent.Collect;

/// <summary>What the log keeps of an erasure.</summary>
/// <param name="Identifiers">The <c>user:…</c> and <c>anonymous:…</c> identifiers that are erased; once the log itself is rewritten, the marks that stand in their place.</param>
/// <param name="Reason">Why, in the words of who decided.</param>
/// <param name="By">Name of the user who decided.</param>
/// <param name="IsDone">The log has been rewritten.</param>
/// <param name="Texts">What else names the person, until the log is rewritten.</param>
/// <param name="Hashes">Keyed hashes of the identifiers and of what else names the person: they stay, so that an import does not bring the person back.</param>
internal sealed record ErasureRecord(IReadOnlyList<string> Identifiers, string Reason, string By, bool IsDone = false, IReadOnlyList<string>? Texts = null, IReadOnlyList<string>? Hashes = null)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ErasureJson.Default.ErasureRecord);

    public static ErasureRecord Of(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, ErasureJson.Default.ErasureRecord)!;

    /// <summary>The ids alone: of <c>user:7</c>, 7.</summary>
    public static IEnumerable<string> Ids(IReadOnlyList<string> identifiers) => identifiers.Select(IdOf).Distinct(StringComparer.Ordinal);

    /// <summary>The id alone: of <c>user:7</c>, 7.</summary>
    public static string IdOf(string identifier) => identifier[(identifier.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>Whether a text names one of these ids, or may: an escape can hide one.</summary>
    public static bool MayName(ReadOnlySpan<byte> text, IReadOnlyList<byte[]> ids)
    {
        foreach (var id in ids)
            if (text.IndexOf(id) >= 0) return true;
        return text.Contains((byte)'\\');
    }

    /// <summary>The mark that stands for an erased id. No id can be like it: the checks let no control character in.</summary>
    public static string Mark(long position, int number) => string.Create(CultureInfo.InvariantCulture, $"erased\u0001{position}\u0001{number}");

    public static bool IsMark(ReadOnlySpan<byte> id) => id.StartsWith("erased\u0001"u8);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ErasureRecord))]
internal sealed partial class ErasureJson : JsonSerializerContext;

/// <param name="Customer">The customer: an id, <c>user:…</c>, <c>anonymous:…</c> or <c>number:…</c>.</param>
/// <param name="Reason">Why, for those who have to prove it later, such as the number of the request; it is kept, so it must not name the person.</param>
public sealed record ErasureRequest(string? Customer, string? Reason);

/// <summary>What was erased; nothing of it is left in the data folder when this is given.</summary>
/// <param name="Position">Log position of the erasure's record.</param>
/// <param name="Identifiers">How many identifiers the customer had.</param>
/// <param name="Events">How many events were in the customer's journey.</param>
/// <param name="Records">How many rows of the event log were rewritten.</param>
public sealed record ErasureAnswer(long Position, int Identifiers, long Events, int Records);

/// <param name="NotNow">Why it cannot be done, or not be finished, at the moment.</param>
internal sealed record Erased(ErasureAnswer? Answer, Refusal? Refusal = null, string? NotNow = null);
