using System.Buffers;
using System.Text;
using System.Text.Json;
using Tangent.Data;

namespace Tangent.Collect;

/// <summary>
/// Takes the bytes of erased identifiers out of the log's rows; given every row before the erasure's record, in order. What only says who
/// is one with whom stays, with marks in place of the ids, so that a rebuild numbers and joins all others as before; everything else an
/// erased customer's event says is dropped. An event of somebody else that names an erased id, such as a shared device, keeps all but that id and
/// what else names the person in its texts.
/// </summary>
internal sealed class LogErasure
{
    private const string UserPrefix = "user:", AnonymousPrefix = "anonymous:";
    private static readonly byte[] Nothing = "{}"u8.ToArray();
    private static readonly string[] Ids = ["type", "userId", "anonymousId", "previousId", "groupId", "messageId"];

    private readonly HashSet<string> _erased;
    private readonly Dictionary<string, string> _marks = new(StringComparer.Ordinal);
    // The texts by their marks: a stop in the middle left some rows rewritten.
    private readonly Dictionary<string, string> _marked = new(StringComparer.Ordinal);
    private readonly List<byte[]> _texts = [];
    private readonly HashSet<string> _points;
    private readonly List<byte[]> _pointTexts;
    private readonly HashSet<string> _appeared = new(StringComparer.Ordinal);
    private readonly CollectedEvent _event = new();
    private readonly List<int> _forgotten = [];
    private bool _isTheirs;
    private readonly ArrayBufferWriter<byte> _body = new(), _line = new();
    private readonly DataSubject _subject;
    private readonly SearchValues<string> _names;
    private char[] _chars = [];

    /// <param name="record">The erasure.</param>
    /// <param name="position">Its log position.</param>
    public LogErasure(ErasureRecord record, long position)
    {
        _erased = record.Identifiers.ToHashSet(StringComparer.Ordinal);
        _points = (record.Texts ?? []).ToHashSet(StringComparer.Ordinal);
        _subject = new DataSubject(null, record.Identifiers, record.Texts ?? []);
        _names = SearchValues.Create([.. _subject.Unmistakable], StringComparison.OrdinalIgnoreCase);
        // One mark for each text: an alias may name a user and a visitor by the same one.
        foreach (var text in ErasureRecord.Ids(record.Identifiers))
        {
            _marked.Add(ErasureRecord.Mark(position, _marks.Count), text);
            _marks.Add(text, ErasureRecord.Mark(position, _marks.Count));
            _texts.Add(Encoding.UTF8.GetBytes(text));
        }

        _pointTexts = [.. _texts, .. _points.Select(Encoding.UTF8.GetBytes)];
    }

    /// <returns>The row rewritten; null where it stays as it is. Lines of an import that were the person's may come again: tombstones keep them out until somebody lifts them.</returns>
    public RewrittenRow? Rewrite(LogRow row)
    {
        if (!MayName(row, row.Body.Span)) return null;
        _body.ResetWrittenCount();
        _forgotten.Clear();
        var (changed, number) = (false, 0);
        foreach (var line in row.Events)
        {
            _isTheirs = false;
            var rewritten = Rewrite(row, line);
            if (_isTheirs && row.Kind == LogKind.Import) _forgotten.Add(number);
            number++;
            changed |= rewritten is not null;
            if (_body.WrittenCount > 0) _body.Write("\n"u8);
            _body.Write(rewritten ?? line.Span);
        }

        return changed ? new RewrittenRow(row.Position, _body.WrittenSpan.ToArray(), [.. _forgotten]) : null;
    }

    /// <summary>The record itself without the ids.</summary>
    public ErasureRecord Finished(ErasureRecord record) => record with { Identifiers = [.. record.Identifiers.Select(Marked)], IsDone = true, Texts = null };

    private byte[]? Rewrite(LogRow row, ReadOnlyMemory<byte> line)
    {
        if (!MayName(row, line.Span)) return null;
        return row.Kind switch
        {
            LogKind.Merge or LogKind.Split => RewriteDecision(line.Span),
            LogKind.Erase => RewriteErasure(line.Span),
            LogKind.Consent => RewriteConsent(line.Span),
            _ => _event.Read(line, row.ReceivedAtMs, row.SentAtMs, out _, row.Kind) ? RewriteEvent(line.Span) : null,
        };
    }

    private byte[]? RewriteDecision(ReadOnlySpan<byte> json)
    {
        var decision = IdentityDecision.Of(json);
        // The words of who decided may name the person.
        if (decision.Identifiers.Any(_erased.Contains)) return (decision with { Identifiers = [.. decision.Identifiers.Select(Marked)], Reason = "" }).ToJson();
        return _subject.WithoutNames(decision.Reason) is var reason && reason != decision.Reason ? (decision with { Reason = reason }).ToJson() : null;
    }

    private bool MayName(LogRow row, ReadOnlySpan<byte> text) => row.Kind == LogKind.Consent ? ErasureRecord.MayName(text, _pointTexts) : ErasureRecord.MayName(text, _texts) || HasName(text);

    /// <summary>Whether something names the person, in large or small letters.</summary>
    private bool HasName(ReadOnlySpan<byte> text)
    {
        if (_chars.Length < text.Length) _chars = new char[text.Length];
        return _chars.AsSpan(0, Encoding.UTF8.GetChars(text, _chars)).ContainsAny(_names);
    }

    /// <summary>What was said of the person, or of a contact point that is hers alone, goes; a withdrawal was said again as one that stays.</summary>
    private byte[]? RewriteConsent(ReadOnlySpan<byte> json) =>
        ConsentRecord.Of(json) is { } said && said.Origin != ConsentRecord.Erasure && (IsErased(said.Key) || _points.Contains(said.Point)) ? Nothing : null;

    private byte[]? RewriteErasure(ReadOnlySpan<byte> json)
    {
        var other = ErasureRecord.Of(json);
        return other.Identifiers.Any(_erased.Contains) ? (other with { Identifiers = [.. other.Identifiers.Select(Marked)] }).ToJson() : null;
    }

    private byte[]? RewriteEvent(ReadOnlySpan<byte> line)
    {
        string? user = Identifier(UserPrefix, _event.UserId), anonymous = Identifier(AnonymousPrefix, _event.AnonymousId);
        var isAlias = _event.Type == EventType.Alias;
        // As the projection takes it: a user who is known by then, else a visitor.
        var isNew = (user is null || _appeared.Add(user)) | (anonymous is null || _appeared.Add(anonymous));
        var previous = isAlias ? Identifier(UserPrefix, _event.PreviousId) : null;
        if (previous is not null && !_appeared.Contains(previous)) previous = Identifier(AnonymousPrefix, _event.PreviousId);
        if (!IsErased(user ?? anonymous)) return OfAnother(line, IsErased(anonymous), IsErased(previous));
        _isTheirs = true;
        // The first of a lone id gives it its number, later ones say nothing.
        return isAlias || isNew || (user is not null && anonymous is not null) ? Skeleton(user, anonymous, previous) : Nothing;
    }

    private byte[] Skeleton(string? user, string? anonymous, string? previous)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, previous is null ? "identify"u8 : "alias"u8);
            if (user is not null) json.WriteString("userId"u8, ErasureRecord.IdOf(Marked(user)));
            if (anonymous is not null) json.WriteString("anonymousId"u8, ErasureRecord.IdOf(Marked(anonymous)));
            if (previous is not null) json.WriteString("previousId"u8, ErasureRecord.IdOf(Marked(previous)));
            json.WriteEndObject();
        }

        return _line.WrittenSpan.ToArray();
    }

    /// <summary>The line as it is, byte for byte, but for the ids and what names the person in its texts; also where a name stands in it twice.</summary>
    /// <returns>Null where nothing of it is the person's.</returns>
    private byte[]? OfAnother(ReadOnlySpan<byte> line, bool anonymous, bool previous)
    {
        _line.ResetWrittenCount();
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var (copied, isAnonymous, isPrevious, isText) = (0, false, false, false);
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 })
            {
                (isAnonymous, isPrevious) = (anonymous && reader.ValueTextEquals("anonymousId"u8), previous && reader.ValueTextEquals("previousId"u8));
                isText = !IsId(ref reader);
            }

            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number)) continue;
            if ((isAnonymous ? Mark(_event.AnonymousId) : isPrevious ? Mark(_event.PreviousId) : isText ? WithoutNames(ref reader) : null) is not { } now) continue;
            _line.Write(line[copied..(int)reader.TokenStartIndex]);
            _line.Write("\""u8);
            _line.Write(JsonEncodedText.Encode(now).EncodedUtf8Bytes);
            _line.Write("\""u8);
            copied = (int)reader.BytesConsumed;
        }

        if (copied == 0) return null;
        _line.Write(line[copied..]);
        return _line.WrittenSpan.ToArray();
    }

    /// <summary>Whether a field says whose or which event it is, which is never the erased person's in an event of another.</summary>
    private static bool IsId(ref Utf8JsonReader field)
    {
        foreach (var id in Ids)
            if (field.ValueTextEquals(id)) return true;
        return false;
    }

    /// <returns>Null where nothing in the text names the person, or it is none: a number, an escaped half of a surrogate pair.</returns>
    private string? WithoutNames(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || (!reader.ValueIsEscaped && !HasName(reader.ValueSpan))) return null;
        try
        {
            return reader.GetString() is { } text && _subject.WithoutNames(text) is var now && now != text ? now : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private string Mark(ReadOnlySpan<byte> id) => Encoding.UTF8.GetString(id) is var text && _marks.TryGetValue(text, out var mark) ? mark : text;

    private string? Identifier(string prefix, ReadOnlySpan<byte> id) => id.IsEmpty ? null : prefix + (Encoding.UTF8.GetString(id) is var text && _marked.TryGetValue(text, out var before) ? before : text);

    private bool IsErased(string? identifier) => identifier is not null && _erased.Contains(identifier);

    private string Marked(string identifier) =>
        _erased.Contains(identifier) ? identifier[..(identifier.IndexOf(':', StringComparison.Ordinal) + 1)] + _marks[ErasureRecord.IdOf(identifier)] : identifier;

}
