using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tangent.Collect;

/// <summary>
/// Knows, by hashes alone, whom erasures took out, so that an import does not bring them back. An e-mail address counts in small letters, a
/// telephone number by its last nine digits, however country and trunk prefix are written.
/// </summary>
internal sealed partial class Tombstones(EventLog log, IServiceScopeFactory scopes) : IHostedService
{
    /// <summary>Why a row is rejected that names an erased person.</summary>
    public const string Words = "The row names a person who was erased. An owner can lift the tombstone (Data protection, or tangent privacy lift) and import it again.";

    // No source has this number: a tombstone's hash is never that of a message id or a contact point.
    private const int OfTombstones = -2;
    private const int LongestText = 320;
    private const int FewestDigits = 7, DigitsThatCount = 9;

    // A shorter word, within a text, is in too many that tell of others.
    private const int ShortestWord = 5;

    private static readonly char[] BetweenParts = [',', ';', '|', '\t', '\r', '\n', '"', '\'', '<', '>', '{', '}', '[', ']', '='];
    private static readonly SearchValues<char> Between = SearchValues.Create(BetweenParts);

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

    /// <summary>
    /// Whether the row that was read last and is rejected, of which nobody can say what it would have become, names somebody who was erased: a cell, or
    /// a part of one, is an id, an e-mail address or a telephone number.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="prefix">What stands before every id of theirs.</param>
    public bool AreIn<TRow>(ImportRows<TRow> rows, string prefix = "")
        where TRow : ImportedRow => Any && rows.Rejected().Any(cell => Parts(cell).Any(part => IsOne(part, prefix)));

    /// <summary>Whether an id is that of somebody who was erased.</summary>
    public bool IsId(string id) => id.Length > 0 && (_hashes.Contains(Hash("user:" + id)) || _hashes.Contains(Hash("anonymous:" + id)));

    /// <summary>Whether what there is of an event names somebody who was erased by one of its ids, whatever is wrong behind them.</summary>
    public bool IsIdIn(ReadOnlySpan<byte> json)
    {
        if (!Any) return false;
        var reader = new Utf8JsonReader(json, isFinalBlock: false, default);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1) continue;
                var isId = reader.ValueTextEquals("userId"u8) || reader.ValueTextEquals("anonymousId"u8) || reader.ValueTextEquals("previousId"u8);
                if (!reader.Read()) return false;
                if (isId && reader.TokenType == JsonTokenType.String && IsId(reader.GetString()!)) return true;
                if (!reader.TrySkip()) return false;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not to be read any further.
        }

        return false;
    }

    private bool IsOne(string part, string prefix)
    {
        var hashes = _hashes;
        // A number, or a short word, may be anything: how many, how much, a postcode. In a column of ids it is one.
        if (part.Length < ShortestWord || part.All(char.IsAsciiDigit)) return Normalised(part) is { } dialled && hashes.Contains(Hash(dialled));
        return hashes.Contains(Hash("user:" + part)) || hashes.Contains(Hash("anonymous:" + part)) || (Normalised(part) is { } named && hashes.Contains(Hash(named)))
            || (prefix.Length > 0 && hashes.Contains(Hash("user:" + prefix + part)));
    }

    /// <summary>A cell, what stands between signs in it where it is a whole row, the words of that which are no plain number or word of a language, and what looks like a telephone number.</summary>
    private static IEnumerable<string> Parts(string cell)
    {
        // An escape of JSON hides what it stands for.
        var text = cell.Contains('\\', StringComparison.Ordinal) ? Escape().Replace(cell, e => e.Groups["code"] is { Success: true } code ? ((char)int.Parse(code.ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString() : e.ValueSpan[1] is 'n' or 'r' or 't' ? " " : e.Value[1..]) : cell;
        foreach (var part in text.Split(BetweenParts, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            yield return part;
            foreach (var word in part.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w.Trim('.', ':', '!', '?', '(', ')')))
                if (word.Length >= ShortestWord && word.Length < part.Length && !word.All(char.IsAsciiDigit) && !word.All(char.IsLetter)) yield return word;
            foreach (Match number in Telephone().Matches(part))
                if (number.Length < part.Length) yield return number.Value;
        }

        if (text.AsSpan().ContainsAny(Between)) yield return text.Trim();
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

    [GeneratedRegex(@"\\(u(?<code>[0-9a-fA-F]{4})|.)", RegexOptions.ExplicitCapture)]
    private static partial Regex Escape();

    [GeneratedRegex(@"[+(]?\d[\d ()/.-]{5,}\d")]
    private static partial Regex Telephone();

    private UInt128 Hash(string text) => log.KeyOf(OfTombstones, Encoding.UTF8.GetBytes(text));

    private async Task LoadAsync(TombstoneQueries queries, CancellationToken ct) =>
        _hashes = [.. (await queries.HashesAsync(ct)).Select(h => UInt128.Parse(h, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
}
