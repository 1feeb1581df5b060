using System.IO.Compression;

namespace Tangent.Collect;

internal enum ImportFormat
{
    Csv,
    Xes,
    JsonLines,
    VCard,
}

/// <summary>A file to import cannot be used at all; nothing of it was taken.</summary>
internal sealed class FileRefusedException(string message) : Exception(message);

/// <summary>A file on disk that is imported; it can be opened several times. Compression is recognised by content.</summary>
internal sealed class ImportFile(string path)
{
    /// <summary>What a compressed file may unpack to: enough for any log that may be sent, and an end to a compression bomb.</summary>
    public const long MaxUnpackedBytes = 16L << 30;

    private static readonly byte[][] Archives = [[(byte)'P', (byte)'K', 3, 4], [0x37, 0x7A, 0xBC, 0xAF], [0x28, 0xB5, 0x2F, 0xFD], [(byte)'B', (byte)'Z', (byte)'h'], [0xFD, 0x37, 0x7A, 0x58]];

    public long Length => new FileInfo(path).Length;

    /// <summary>The unpacked content.</summary>
    /// <param name="progress">Told how many bytes of the file have been read.</param>
    public Stream Open(Action<long>? progress = null)
    {
        var file = new FileStream(path, new FileStreamOptions { BufferSize = 1 << 17, Options = FileOptions.SequentialScan });
        Span<byte> magic = stackalloc byte[6];
        var length = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (length >= 2 && magic[0] == 0x1F && magic[1] == 0x8B)
            return new BoundedStream(new GZipStream(file, CompressionMode.Decompress), file, progress);
        foreach (var archive in Archives)
            if (magic[..length].StartsWith(archive))
            {
                file.Dispose();
                throw new FileRefusedException("This is an archive or a spreadsheet file. Unpack it, or save it as CSV, and import that.");
            }

        return new BoundedStream(file, file, progress);
    }

    /// <summary>The first bytes of the unpacked content.</summary>
    public byte[] Sample(int bytes)
    {
        using var stream = Open();
        var sample = new byte[bytes];
        var length = stream.ReadAtLeast(sample, bytes, throwOnEndOfStream: false);
        return sample[..length];
    }

    /// <summary>The format by the first character of the content.</summary>
    /// <exception cref="FileRefusedException">Empty, or not a text.</exception>
    public ImportFormat DetectFormat()
    {
        var sample = Sample(4096);
        var utf16 = sample is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];
        if (!utf16 && sample.Contains((byte)0)) throw new FileRefusedException("This is not a text file. Files may be CSV, XES or JSON lines, each also packed with gzip.");
        ReadOnlySpan<byte> text = sample;
        text = text.TrimStart((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF, 0xFF, 0xFE, 0, (byte)' ', (byte)'\t', (byte)'\r', (byte)'\n']);
        if (text.IsEmpty) throw new FileRefusedException("The file is empty.");
        if (System.Text.Ascii.EqualsIgnoreCase(text[..Math.Min(text.Length, VCard.Begin.Length)], VCard.Begin)) return ImportFormat.VCard;
        return text[0] switch
        {
            (byte)'<' => ImportFormat.Xes,
            (byte)'{' => ImportFormat.JsonLines,
            (byte)'[' => throw new FileRefusedException("This is one JSON array. Write one event a line (JSON lines) and import that."),
            _ => ImportFormat.Csv,
        };
    }

    /// <summary>Ends a compression bomb and tells how far the file has been read.</summary>
    private sealed class BoundedStream(Stream content, FileStream file, Action<long>? progress) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => _read; set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            var read = content.Read(buffer);
            _read += read;
            if (_read > MaxUnpackedBytes) throw new InvalidDataException("The file unpacks to more than 16 GB.");
            progress?.Invoke(file.Position);
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
            if (disposing)
            {
                content.Dispose();
                file.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
