using System.Xml;

namespace Tangent.Collect;

/// <summary>One attribute of an event or a trace.</summary>
/// <param name="Name">Its key; that of a trace with <c>case:</c> before it, a nested one with its parent's key before it.</param>
internal readonly record struct XesAttribute(string Name, string Value, bool IsDate);

/// <summary>Reads the events of an XES log one by one. Document types, external entities, deep nesting and endless attributes are refused, so memory stays bounded.</summary>
internal sealed class XesReader : IDisposable
{
    public const int MaxAttributes = 1_000;
    private const int MaxDepth = 32;

    private readonly XmlReader _reader;
    private readonly List<XesAttribute> _trace = [];
    private readonly List<XesAttribute> _event = [];
    private bool _inLog;
    private bool _inTrace;

    public XesReader(Stream stream)
    {
        _reader = XmlReader.Create(new TagBoundedStream(stream), new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
            CloseInput = true,
        });
    }

    /// <summary>Line where the event read last begins.</summary>
    public long Line { get; private set; }

    /// <summary>Attributes of the event read last.</summary>
    public IReadOnlyList<XesAttribute> Event => _event;

    /// <summary>Attributes of its trace.</summary>
    public IReadOnlyList<XesAttribute> Trace => _trace;

    public void Dispose() => _reader.Dispose();

    /// <returns>False at the end of the log.</returns>
    /// <exception cref="InvalidDataException">Not well-formed from here on, or beyond a limit.</exception>
    public bool Read()
    {
        try
        {
            return ReadEvent();
        }
        catch (XmlException e)
        {
            // The reader's own words speak of its settings.
            var what = e.Message.Contains("DTD", StringComparison.Ordinal)
                ? "the file brings a document type (DOCTYPE) of its own, which is refused: it could name other files, or grow without bounds"
                : $"at character {e.LinePosition} the XML is not well-formed: a tag is not closed, an entity is not known, or a character is not allowed there";
            throw new InvalidDataException($"Line {e.LineNumber}: {what}.", e);
        }
    }

    private bool ReadEvent()
    {
        while (_reader.Read())
        {
            if (_reader.NodeType == XmlNodeType.EndElement && _reader.LocalName == "trace") EndTrace();
            if (_reader.NodeType != XmlNodeType.Element) continue;
            if (!_inLog)
            {
                if (_reader.LocalName != "log") throw new InvalidDataException($"The file is XML but no event log: it begins with <{_reader.LocalName}>, not with <log>.");
                _inLog = true;
                continue;
            }

            switch (_reader.LocalName)
            {
                case "trace":
                    _trace.Clear();
                    _inTrace = !_reader.IsEmptyElement;
                    break;
                case "event":
                    Line = ((IXmlLineInfo)_reader).LineNumber;
                    _event.Clear();
                    ReadChildren(_event, "", 0);
                    return true;
                case "global" or "extension" or "classifier":
                    SkipChildren();
                    break;
                default:
                    if (_inTrace) ReadAttribute(_trace, "case:", 0);
                    else SkipChildren();
                    break;
            }
        }

        return false;
    }

    private void EndTrace()
    {
        _inTrace = false;
        _trace.Clear();
    }

    private void ReadAttribute(List<XesAttribute> into, string prefix, int depth)
    {
        var key = _reader.GetAttribute("key");
        var name = key is null ? prefix : prefix + key;
        if (key is not null && _reader.GetAttribute("value") is { Length: > 0 } value)
        {
            if (into.Count == MaxAttributes) throw new InvalidDataException($"Line {((IXmlLineInfo)_reader).LineNumber}: more than {MaxAttributes} attributes; a log does not need them.");
            into.Add(new XesAttribute(name, value, _reader.LocalName == "date"));
        }

        ReadChildren(into, key is null ? prefix : name + ".", depth + 1);
    }

    private void ReadChildren(List<XesAttribute> into, string prefix, int depth)
    {
        if (_reader.IsEmptyElement) return;
        CheckDepth(depth);
        while (_reader.Read() && _reader.NodeType != XmlNodeType.EndElement)
            if (_reader.NodeType == XmlNodeType.Element) ReadAttribute(into, prefix, depth);
    }

    private void SkipChildren()
    {
        if (_reader.IsEmptyElement) return;
        var outer = _reader.Depth;
        while (_reader.Read() && _reader.Depth > outer) CheckDepth(_reader.Depth - outer);
    }

    private void CheckDepth(int depth)
    {
        if (depth > MaxDepth) throw new InvalidDataException($"Line {((IXmlLineInfo)_reader).LineNumber}: elements are nested more than {MaxDepth} deep.");
    }

    /// <summary>Ends a document whose tags or texts never end, before they fill the memory.</summary>
    private sealed class TagBoundedStream(Stream content) : Stream
    {
        private const int MaxBetweenTags = 1 << 20;
        private long _sinceTag;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            // Small pieces, so that a distance within one piece is never too large.
            var read = content.Read(buffer[..Math.Min(buffer.Length, MaxBetweenTags / 4)]);
            var last = buffer[..read].LastIndexOf((byte)'>');
            _sinceTag = last >= 0 ? read - last - 1 : _sinceTag + read;
            if (_sinceTag > MaxBetweenTags) throw new InvalidDataException("An attribute or a text of the file is longer than 1 MB.");
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) content.Dispose();
            base.Dispose(disposing);
        }
    }
}
