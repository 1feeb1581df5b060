using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Tangent.Collect;

/// <summary>A script for the pages of other sites, packed once.</summary>
internal sealed class PackedScript
{
    private static readonly string[] ShortestFirst = ["br", "gzip"];

    private readonly Dictionary<string, (byte[] Body, EntityTagHeaderValue Tag)> _packed = [];

    public PackedScript(byte[] plain)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(plain))[..16];
        Add("", plain);
        Add("gzip", Pack(plain, to => new GZipStream(to, CompressionLevel.SmallestSize)));
        Add("br", Pack(plain, to => new BrotliStream(to, CompressionLevel.SmallestSize)));

        void Add(string encoding, byte[] body) => _packed[encoding] = (body, new EntityTagHeaderValue($"\"{hash}{encoding}\""));
    }

    /// <summary>The bytes of a script that the program carries.</summary>
    public static byte[] Read(string name)
    {
        using var resource = typeof(PackedScript).Assembly.GetManifestResourceStream(name)!;
        var plain = new byte[resource.Length];
        resource.ReadExactly(plain);
        return plain;
    }

    /// <summary>Answers with the script in the shortest form that the caller takes.</summary>
    public IResult Answer(HttpContext http)
    {
        var taken = http.Request.GetTypedHeaders().AcceptEncoding;
        var encoding = ShortestFirst.FirstOrDefault(e => taken.Any(t => t.Value.Equals(e, StringComparison.OrdinalIgnoreCase) && t.Quality != 0)) ?? "";
        var headers = http.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        // An hour; an old one goes on working while the new one is fetched.
        headers.CacheControl = "public, max-age=3600, stale-while-revalidate=86400";
        headers.Vary = "Accept-Encoding";
        if (encoding.Length > 0) headers.ContentEncoding = encoding;
        return TypedResults.Bytes(_packed[encoding].Body, "text/javascript; charset=utf-8", entityTag: _packed[encoding].Tag);
    }

    private static byte[] Pack(byte[] plain, Func<Stream, Stream> packing)
    {
        using var packed = new MemoryStream();
        using (var stream = packing(packed)) stream.Write(plain);
        return packed.ToArray();
    }
}
