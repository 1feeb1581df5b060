using System.Text;
using System.Text.Json;

namespace Tangent.Collect;

/// <summary>JSON lines in Segment's form: one event a line, or an object with an array named batch.</summary>
internal sealed class JsonRows(LineReader reader) : ImportRows
{
    private static readonly string[] Columns = ["event"];

    private readonly CollectedEvent _event = new();
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
        catch (JsonException)
        {
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
        if (!_event.Read(_current, 0, null, out var reason, LogKind.Import))
        {
            into.Reject(reason, _event.Fault.Length > 0 ? $"The field {_event.Fault} cannot be used." : "The line is not an event in Segment's form.");
            return;
        }

        if (_event.UserId.IsEmpty && _event.AnonymousId.IsEmpty) into.Reject(Rejection.IdMissing, "Both userId and anonymousId are missing.");
        if (_event.Type == EventType.Track && _event.Name.IsEmpty) into.Reject(Rejection.NameMissing, "The event's name is missing.");
        if (!_event.HasTimestamp) into.Reject(Rejection.TimeMissing, "The timestamp is missing.");
        if (ImportedEvent.TimeProblem(_event.TimestampMs) is var problem and not Rejection.None) into.Reject(problem, $"The timestamp {ImportedEvent.OutOfRange(problem)}");
        into.CheckName(_event.Name);
        into.CheckId(_event.UserId);
        into.CheckId(_event.AnonymousId);
        into.CheckId(_event.PreviousId);
        into.CheckId(_event.GroupId);
        if (!_event.MessageId.IsEmpty) into.Identify(_event.MessageId);
        into.CheckSize();
    }
}
