using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tangent.Collect;

/// <summary>
/// Knows, by hashes alone, whom erasures took out, so that an import does not bring them back. An e-mail address counts in small letters, a
/// telephone number by its last nine digits, however country and trunk prefix are written.
/// </summary>
internal sealed class Tombstones(EventLog log, IServiceScopeFactory scopes) : IHostedService
{
    /// <summary>Why a row is rejected that names an erased person.</summary>
    public const string Words = "The row names a person who was erased. An owner can lift the tombstone (Data protection, or tangent privacy lift) and import it again.";

    // No source has this number: a tombstone's hash is never that of a message id or a contact point.
    private const int OfTombstones = -2;
    private const int LongestText = 320;
    private const int FewestDigits = 7, DigitsThatCount = 9;

    private volatile HashSet<UInt128> _hashes = [];

    public bool Any => _hashes.Count > 0;

    /// <summary>The hashes by which these identifiers, e-mail addresses and telephone numbers are known again.</summary>
    public IReadOnlyList<string> HashesOf(IEnumerable<string> identifiers, IEnumerable<string> texts) =>
        [.. identifiers.Concat(texts.Select(Normalised).OfType<string>()).Select(Hash).Distinct().Select(h => h.ToString("x32", CultureInfo.InvariantCulture))];

    /// <summary>Whether an event that an import brings names somebody who was erased: as its id, or by an e-mail address or telephone number anywhere in it.</summary>
    public bool Names(ReadOnlySpan<byte> json)
    {
        var hashes = _hashes;
        if (hashes.Count == 0) return false;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var field = "";
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1) field = reader.GetString()!;
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number) || reader.ValueSpan.Length > LongestText) continue;
            if ((reader.TokenType == JsonTokenType.Number ? Encoding.UTF8.GetString(reader.ValueSpan) : Text(ref reader)) is not { } text) continue;
            if (reader.CurrentDepth == 1 && field is "userId" or "anonymousId" or "previousId")
            {
                if (field != "anonymousId" && hashes.Contains(Hash("user:" + text))) return true;
                if (field != "userId" && hashes.Contains(Hash("anonymous:" + text))) return true;
            }

            if (Normalised(text) is { } named && hashes.Contains(Hash(named))) return true;
        }

        return false;
    }

    /// <summary>Sets what an erasure leaves; again, after a stop, it changes nothing.</summary>
    public async Task SetAsync(long erasure, DateTime atUtc, ErasureRecord record, CancellationToken ct)
    {
        if (record.Hashes is not { Count: > 0 } hashes) return;
        await using var scope = scopes.CreateAsyncScope();
        var queries = scope.ServiceProvider.GetRequiredService<TombstoneQueries>();
        await queries.SetAsync([.. hashes.Select(h => new Tombstone { Hash = h, Erasure = erasure, AtUtc = atUtc, By = record.By, Reason = record.Reason })], ct);
        await LoadAsync(queries, ct);
    }

    /// <summary>Lets imports bring somebody back.</summary>
    /// <returns>False where the erasure left nothing, or it was lifted before.</returns>
    public async Task<bool> LiftAsync(long erasure, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var queries = scope.ServiceProvider.GetRequiredService<TombstoneQueries>();
        if (!await queries.LiftAsync(erasure, ct)) return false;
        await LoadAsync(queries, CancellationToken.None);
        return true;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await LoadAsync(scope.ServiceProvider.GetRequiredService<TombstoneQueries>(), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <returns>Null where the text is neither an e-mail address nor a telephone number.</returns>
    internal static string? Normalised(string text)
    {
        var trimmed = text.Trim();
        // A contact point says its kind first.
        foreach (var kind in (ReadOnlySpan<string>)["email:", "phone:", "mailto:", "tel:"])
            if (trimmed.StartsWith(kind, StringComparison.OrdinalIgnoreCase)) trimmed = trimmed[kind.Length..].Trim();
        if (trimmed.Length is 0 or > LongestText) return null;
        if (trimmed.Contains('@')) return "email:" + trimmed.ToLowerInvariant();
        if (!trimmed.All(c => char.IsAsciiDigit(c) || c is ' ' or '+' or '-' or '/' or '(' or ')' or '.')) return null;
        var digits = string.Concat(trimmed.Where(char.IsAsciiDigit)).TrimStart('0');
        return digits.Length < FewestDigits ? null : "phone:" + digits[^Math.Min(digits.Length, DigitsThatCount)..];
    }

    /// <returns>Null where it is no text: an escaped half of a surrogate pair.</returns>
    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private UInt128 Hash(string text) => log.KeyOf(OfTombstones, Encoding.UTF8.GetBytes(text));

    private async Task LoadAsync(TombstoneQueries queries, CancellationToken ct) =>
        _hashes = [.. (await queries.HashesAsync(ct)).Select(h => UInt128.Parse(h, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
}
