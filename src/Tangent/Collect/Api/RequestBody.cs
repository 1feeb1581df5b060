using System.Buffers;
using System.IO.Compression;

namespace Tangent.Collect;

/// <summary>The body of a call, decompressed, in memory that is rented: at most as long as a batch may be, whatever the sender claims or compresses.</summary>
internal sealed class RequestBody : IDisposable
{
    private byte[] _buffer = [];
    private int _length;

    /// <summary>Why it could not be read.</summary>
    public Finding Refused { get; private set; }

    /// <summary>The compression is one this server does not know.</summary>
    public bool UnknownEncoding { get; private set; }

    public ReadOnlyMemory<byte> Json => _buffer.AsMemory(0, _length);

    public static async Task<RequestBody> ReadAsync(HttpRequest request, int maxBytes, CancellationToken ct)
    {
        var body = new RequestBody();
        try
        {
            await body.ReadAsync(request, request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant(), maxBytes, ct);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private async Task ReadAsync(HttpRequest request, string encoding, int maxBytes, CancellationToken ct)
    {
        var announced = request.ContentLength ?? 0;
        // A compressed body that is larger than a batch may be cannot hold one that is not.
        if (announced > maxBytes || !await FillAsync(request.Body, (int)announced, maxBytes, ct))
        {
            Refused = Ingestion.TooLarge(maxBytes);
            return;
        }

        var packed = Json;
        // SDKs send gzip under any content type and without a word in the headers.
        var unpacking = packed.Span.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B, 8]) ? Unpacking.Gzip : Known(encoding);
        if (unpacking is null)
        {
            UnknownEncoding = true;
            Refused = new(Rejection.BodyDamaged, $"The content encoding '{encoding}' is not known; use gzip, deflate, br or none.");
        }
        else if (unpacking != Unpacking.None)
        {
            await UnpackAsync(unpacking.Value, maxBytes, ct);
        }
    }

    private enum Unpacking
    {
        None,
        Gzip,
        Deflate,
        Brotli,
    }

    /// <summary>A body called gzip without its first bytes was unpacked by someone on the way.</summary>
    private static Unpacking? Known(string encoding) => encoding switch
    {
        "" or "identity" or "gzip" or "x-gzip" => Unpacking.None,
        "deflate" => Unpacking.Deflate,
        "br" => Unpacking.Brotli,
        _ => null,
    };

    private async Task UnpackAsync(Unpacking unpacking, int maxBytes, CancellationToken ct)
    {
        var packed = _buffer;
        using var source = new MemoryStream(packed, 0, _length, writable: false);
        _buffer = [];
        try
        {
            await using Stream stream = unpacking switch
            {
                Unpacking.Gzip => new GZipStream(source, CompressionMode.Decompress),
                Unpacking.Brotli => new BrotliStream(source, CompressionMode.Decompress),
                // Deflate is zlib by the standard, and bare by custom.
                _ when (packed[0] & 0x0F) == 8 && ((packed[0] << 8) | packed[1]) % 31 == 0 => new ZLibStream(source, CompressionMode.Decompress),
                _ => new DeflateStream(source, CompressionMode.Decompress),
            };
            if (!await FillAsync(stream, _length * 4, maxBytes, ct)) Refused = Ingestion.TooLarge(maxBytes);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            Refused = new(Rejection.BodyDamaged, "The body's compression is damaged; nothing of it was taken.");
        }
        finally
        {
            if (packed.Length > 0) ArrayPool<byte>.Shared.Return(packed);
        }
    }

    /// <returns>False where the stream holds more than it may.</returns>
    private async Task<bool> FillAsync(Stream stream, int expected, int maxBytes, CancellationToken ct)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Clamp(expected + 1, 4096, maxBytes + 1));
        _length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(_length, Math.Min(_buffer.Length, maxBytes + 1) - _length), ct);
            if (read == 0) return true;
            _length += read;
            if (_length > maxBytes) return false;
            if (_length == _buffer.Length) Grow(maxBytes);
        }
    }

    private void Grow(int maxBytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(_buffer.Length * 2, maxBytes + 1));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
