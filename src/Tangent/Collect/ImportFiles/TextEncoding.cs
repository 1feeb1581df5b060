using System.Buffers;
using System.Text;

namespace Tangent.Collect;

/// <summary>How a text file is encoded, decided by its byte order mark or by all of its bytes.</summary>
/// <param name="Name">The name to show.</param>
/// <param name="MarkBytes">Bytes of the byte order mark.</param>
/// <param name="HasInvalid">Some places are not valid in this encoding.</param>
internal sealed record TextEncoding(string Name, int MarkBytes = 0, bool HasInvalid = false)
{
    public const string Utf8Name = "utf-8";
    public const string Windows1252Name = "windows-1252";
    public const string Utf16LittleEndianName = "utf-16le";
    public const string Utf16BigEndianName = "utf-16be";

    /// <summary>Reads the stream to its end: one byte in a million rows can decide it.</summary>
    public static TextEncoding Detect(Stream stream)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
        try
        {
            var length = stream.ReadAtLeast(buffer, 4, throwOnEndOfStream: false);
            if (buffer.AsSpan(0, length).StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return new TextEncoding(Utf16LittleEndianName, 2);
            if (buffer.AsSpan(0, length).StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return new TextEncoding(Utf16BigEndianName, 2);
            var mark = buffer.AsSpan(0, length).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
            var (valid, invalid) = Count(stream, buffer, length);
            // Text in an 8-bit encoding hardly ever holds valid sequences; UTF-8 with a few damaged places holds many.
            return invalid > valid && mark == 0 ? new TextEncoding(Windows1252Name) : new TextEncoding(Utf8Name, mark, invalid > 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The text as UTF-8 without byte order mark.</summary>
    public Stream Decode(Stream stream)
    {
        for (var i = 0; i < MarkBytes; i++) stream.ReadByte();
        return Name switch
        {
            Windows1252Name => Encoding.CreateTranscodingStream(stream, Windows1252(), Encoding.UTF8),
            Utf16LittleEndianName => Encoding.CreateTranscodingStream(stream, new UnicodeEncoding(false, false), Encoding.UTF8),
            Utf16BigEndianName => Encoding.CreateTranscodingStream(stream, new UnicodeEncoding(true, false), Encoding.UTF8),
            _ => stream,
        };
    }

    private static Encoding Windows1252() => CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    private static (long Valid, long Invalid) Count(Stream stream, byte[] buffer, int length)
    {
        long valid = 0, invalid = 0;
        while (true)
        {
            var rest = CountRunes(buffer.AsSpan(0, length), final: false, ref valid, ref invalid);
            if (invalid > 10_000 && invalid > valid) break;
            buffer.AsSpan(length - rest, rest).CopyTo(buffer);
            var read = stream.Read(buffer, rest, buffer.Length - rest);
            length = rest + read;
            if (read > 0) continue;
            CountRunes(buffer.AsSpan(0, length), final: true, ref valid, ref invalid);
            break;
        }

        return (valid, invalid);
    }

    /// <returns>Bytes at the end that may continue in the next piece.</returns>
    private static int CountRunes(ReadOnlySpan<byte> text, bool final, ref long valid, ref long invalid)
    {
        while (true)
        {
            var next = text.IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
            if (next < 0) return 0;
            text = text[next..];
            var status = Rune.DecodeFromUtf8(text, out _, out var consumed);
            if (status == OperationStatus.NeedMoreData && !final) return text.Length;
            if (status == OperationStatus.Done) valid++;
            else invalid++;
            text = text[consumed..];
        }
    }
}
