using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Tangent.Collect;

/// <summary>The tracker for web pages, packed once.</summary>
internal sealed class CollectScript
{
    private static readonly string[] ShortestFirst = ["br", "gzip"];

    private readonly Dictionary<string, (byte[] Body, EntityTagHeaderValue Tag)> _packed = new(StringComparer.Ordinal);

    public CollectScript()
    {
        using var resource = typeof(CollectScript).Assembly.GetManifestResourceStream("collect.js")!;
        var plain = new byte[resource.Length];
        resource.ReadExactly(plain);
        var hash = Convert.ToHexStringLower(SHA256.HashData(plain))[..16];
        Add("", plain);
        Add("gzip", Pack(plain, to => new GZipStream(to, CompressionLevel.SmallestSize)));
        Add("br", Pack(plain, to => new BrotliStream(to, CompressionLevel.SmallestSize)));

        void Add(string encoding, byte[] body) => _packed[encoding] = (body, new EntityTagHeaderValue($"\"{hash}{encoding}\""));
    }

    /// <summary>The script in the shortest form that the caller takes.</summary>
    public (string Encoding, byte[] Body, EntityTagHeaderValue Tag) For(HttpRequest request)
    {
        var taken = request.GetTypedHeaders().AcceptEncoding;
        var encoding = ShortestFirst.FirstOrDefault(e => taken.Any(t => t.Value.Equals(e, StringComparison.OrdinalIgnoreCase) && t.Quality != 0)) ?? "";
        return (encoding, _packed[encoding].Body, _packed[encoding].Tag);
    }

    private static byte[] Pack(byte[] plain, Func<Stream, Stream> packing)
    {
        using var packed = new MemoryStream();
        using (var stream = packing(packed)) stream.Write(plain);
        return packed.ToArray();
    }
}
