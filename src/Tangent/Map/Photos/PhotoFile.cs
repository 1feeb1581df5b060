using System.Buffers.Binary;

namespace Tangent.Map;

/// <summary>A PNG or JPEG that was walked through from its first byte to its last. Only what draws is kept: cameras write the place, the moment and the owner into their files.</summary>
internal sealed record PhotoFile(string MediaType, int Width, int Height, byte[] Bytes)
{
    public const int MostBytes = 4 << 20;
    public const string Png = "image/png", Jpeg = "image/jpeg";
    private const long MostPixels = 50_000_000;

    private static readonly string[] DrawingChunks = ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD"];

    /// <returns>Null where it is neither, or is broken off.</returns>
    public static PhotoFile? Read(byte[] file) =>
        file.Length is 0 or > MostBytes ? null : ReadPng(file) ?? ReadJpeg(file);

    private static bool IsSize(int width, int height) => width > 0 && height > 0 && (long)width * height <= MostPixels;

    private static PhotoFile? ReadPng(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
        if (!file.StartsWith(signature)) return null;
        var kept = new List<byte>(file.Length);
        kept.AddRange(signature);
        var (width, height, hasPicture) = (0, 0, false);
        for (var at = 8; at + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file[at..]);
            if (length < 0 || length > file.Length - at - 12) return null;
            var type = System.Text.Encoding.ASCII.GetString(file.Slice(at + 4, 4));
            if (at == 8)
            {
                if (type != "IHDR" || length != 13) return null;
                (width, height) = (BinaryPrimitives.ReadInt32BigEndian(file[(at + 8)..]), BinaryPrimitives.ReadInt32BigEndian(file[(at + 12)..]));
                if (!IsSize(width, height)) return null;
            }

            hasPicture |= type == "IDAT";
            if (DrawingChunks.Contains(type)) kept.AddRange(file.Slice(at, length + 12));
            at += length + 12;
            if (type == "IEND") return hasPicture ? new PhotoFile(Png, width, height, [.. kept]) : null;
        }

        return null;
    }

    /// <summary>Segments as ITU-T T.81, Annex B has them. Of the application's own, JFIF (0), colour profile (2) and Adobe's colour mark (14) draw; of Exif (1) only how it is turned is kept.</summary>
    private static PhotoFile? ReadJpeg(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8])) return null;
        var kept = new List<byte>(file.Length) { 0xFF, 0xD8 };
        var (width, height, turned, hasScan) = (0, 0, 1, false);
        for (var at = 2; at + 2 <= file.Length;)
        {
            if (file[at] != 0xFF) return null;
            var marker = file[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            if (marker == 0xD9)
            {
                kept.AddRange([0xFF, 0xD9]);
                return hasScan && IsSize(width, height) ? new PhotoFile(Jpeg, turned >= 5 ? height : width, turned >= 5 ? width : height, [.. kept]) : null;
            }

            if (at + 4 > file.Length || marker is 0 or 1 or (>= 0xD0 and <= 0xD8)) return null;
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || at + 2 + length > file.Length) return null;
            var segment = file.Slice(at, 2 + length);
            var body = segment[4..];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (body.Length < 5) return null;
                (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(body[1..]), BinaryPrimitives.ReadUInt16BigEndian(body[3..]));
            }

            if (marker == 0xE1 && Turned(body) is { } how)
            {
                turned = how;
                kept.AddRange(Turning(how));
            }
            else if (marker is 0xE0 or 0xEE || (marker == 0xE2 && body.StartsWith("ICC_PROFILE\0"u8)) || marker is not (>= 0xE0 and <= 0xEF or 0xFE))
            {
                kept.AddRange(segment);
            }

            at += segment.Length;
            if (marker != 0xDA) continue;
            hasScan = true;
            var end = EndOfScan(file, at);
            kept.AddRange(file[at..end]);
            at = end;
        }

        return null;
    }

    /// <summary>In a scan 0xFF stands before 0, before a restart mark, or before what comes next.</summary>
    private static int EndOfScan(ReadOnlySpan<byte> file, int at)
    {
        for (; at + 1 < file.Length; at++)
            if (file[at] == 0xFF && file[at + 1] is not (0 or (>= 0xD0 and <= 0xD7) or 0xFF)) return at;
        return file.Length;
    }

    /// <summary>How the camera was held, 2 to 8 as Exif counts it; null where it was upright or nothing is said.</summary>
    private static int? Turned(ReadOnlySpan<byte> exif)
    {
        if (!exif.StartsWith("Exif\0\0"u8) || exif.Length < 14) return null;
        var tiff = exif[6..];
        var isLittle = tiff.StartsWith("II"u8);
        int Short(ReadOnlySpan<byte> at) => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);
        var first = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (first > tiff.Length - 2) return null;
        var entries = tiff[(int)first..];
        var count = Short(entries);
        for (var i = 0; i < count && 2 + 12 * (i + 1) <= entries.Length; i++)
        {
            var entry = entries.Slice(2 + 12 * i, 12);
            if (Short(entry) == 0x0112) return Short(entry[8..]) is >= 2 and <= 8 and var how ? how : null;
        }

        return null;
    }

    /// <summary>An Exif segment that says this and nothing else.</summary>
    private static byte[] Turning(int how) =>
        [0xFF, 0xE1, 0x00, 0x22, .. "Exif\0\0MM\0*\0\0\0\b"u8, 0x00, 0x01, 0x01, 0x12, 0x00, 0x03, 0x00, 0x00, 0x00, 0x01, 0x00, (byte)how, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00];
}
