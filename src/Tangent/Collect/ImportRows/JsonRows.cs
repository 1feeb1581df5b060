using System.Text;
using System.Text.Json;

namespace Tangent.Collect;

/// <summary>JSON lines in Segment's form: one event a line, or an object with an array named batch.</summary>
internal sealed class JsonRows(LineReader reader, IngestionOptions limits) : ImportRows<ImportedEvent>
{
    private static readonly string[] Columns = ["event"];

    private readonly Candidate _candidate = new(limits) { Kind = LogKind.Import, ReceivedAtMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() };
    private readonly Queue<ReadOnlyMemory<byte>> _batch = new();
    private ReadOnlyMemory<byte> _current;

    public override long Line => reader.Line;

    public override IReadOnlyList<string> RejectColumns => Columns;

    public override bool Next(ImportedEvent into)
    {
        try
        {
            if (_batch.Count == 0 && !ReadLine(into)) return false;
        }
        catch (InvalidDataException e)
        {
            BrokenOff = e.Message;
            return false;
        }

        if (_batch.Count == 0) return true;
        _current = _batch.Dequeue();
        into.Take(_current.Span, _current.Span);
        Check(into);
        return true;
    }

    public override IEnumerable<string> Rejected() => [Encoding.UTF8.GetString(_current.Span)];

    protected override void Dispose(bool disposing) => reader.Dispose();

    /// <summary>Reads on until there is an event to take or a line to reject.</summary>
    private bool ReadLine(ImportedEvent into)
    {
        while (reader.Read())
        {
            var line = reader.Text;
            var start = line.Span.IndexOfAnyExcept(" \t\r"u8);
            if (start < 0) continue;
            _current = line[start..(line.Span.LastIndexOfAnyExcept(" \t\r"u8) + 1)];
            into.Take(_current.Span, _current.Span);
            if (reader.TooLong)
            {
                into.Reject(Rejection.LineTooLong, $"The line is longer than {LineReader.MaxLineBytes} bytes.");
                return true;
            }

            if (_current.Span.IndexOf("\"batch\""u8) < 0) _batch.Enqueue(_current);
            else if (!ReadBatch()) into.Reject(Rejection.MalformedJson, "The line is not JSON.");
            if (_batch.Count > 0 || into.Reason != Rejection.None) return true;
        }

        return false;
    }

    private bool ReadBatch()
    {
        try
        {
            var json = new Utf8JsonReader(_current.Span, new JsonReaderOptions { MaxDepth = CollectedEvent.MaxDepth + 2 });
            json.Read();
            var isBatch = false;
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName) continue;
                var named = json.CurrentDepth == 1 && json.ValueTextEquals("batch"u8);
                json.Read();
                if (named && json.TokenType == JsonTokenType.StartArray)
                {
                    isBatch = true;
                    EnqueueElements(ref json);
                }
                else
                {
                    json.Skip();
                }
            }

            // An event may have a property of this name.
            if (!isBatch) _batch.Enqueue(_current);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second: half of a surrogate pair in a field's name.
            _batch.Clear();
            return false;
        }
    }

    private void EnqueueElements(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)json.TokenStartIndex;
            json.Skip();
            _batch.Enqueue(_current[start..(int)json.BytesConsumed]);
        }
    }

    private void Check(ImportedEvent into)
    {
        _candidate.Json = _current;
        var finding = EventChecks.Look(_candidate);
        if (!finding.IsNone) into.Reject(finding.Reason, finding.Detail);
        else if (!_candidate.Event.HasTimestamp) into.Reject(Rejection.TimeMissing, "The timestamp is missing.");
        if (!_candidate.Event.MessageId.IsEmpty) into.Identify(_candidate.Event.MessageId);
    }
}
