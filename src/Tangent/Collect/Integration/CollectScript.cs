using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Tangent.Collect;

/// <summary>The tracker for web pages, packed once for each thing that a source may want before a visitor has agreed.</summary>
internal sealed class CollectScript
{
    private static readonly string[] ShortestFirst = ["br", "gzip"];

    private static readonly byte[] Usual = "\"nothing\""u8.ToArray();

    private readonly Dictionary<(BeforeConsent Before, string Encoding), (byte[] Body, EntityTagHeaderValue Tag)> _packed = [];

    public CollectScript()
    {
        using var resource = typeof(CollectScript).Assembly.GetManifestResourceStream("collect.js")!;
        var plain = new byte[resource.Length];
        resource.ReadExactly(plain);
        foreach (var before in Enum.GetValues<BeforeConsent>())
        {
            var own = WithDefault(plain, before);
            var hash = Convert.ToHexStringLower(SHA256.HashData(own))[..16];
            Add("", own);
            Add("gzip", Pack(own, to => new GZipStream(to, CompressionLevel.SmallestSize)));
            Add("br", Pack(own, to => new BrotliStream(to, CompressionLevel.SmallestSize)));

            void Add(string encoding, byte[] body) => _packed[(before, encoding)] = (body, new EntityTagHeaderValue($"\"{hash}{encoding}\""));
        }
    }

    /// <summary>The first place that names what happens before consent is the default of the attribute.</summary>
    private static byte[] WithDefault(byte[] plain, BeforeConsent before)
    {
        var at = plain.AsSpan().IndexOf(Usual);
        return [.. plain[..at], .. Encoding.ASCII.GetBytes($"\"{before.ToString().ToLowerInvariant()}\""), .. plain[(at + Usual.Length)..]];
    }

    /// <summary>The script in the shortest form that the caller takes.</summary>
    /// <param name="request">Says what the caller takes.</param>
    /// <param name="before">What the source wants before a visitor has agreed.</param>
    public (string Encoding, byte[] Body, EntityTagHeaderValue Tag) For(HttpRequest request, BeforeConsent before)
    {
        var taken = request.GetTypedHeaders().AcceptEncoding;
        var encoding = ShortestFirst.FirstOrDefault(e => taken.Any(t => t.Value.Equals(e, StringComparison.OrdinalIgnoreCase) && t.Quality != 0)) ?? "";
        return (encoding, _packed[(before, encoding)].Body, _packed[(before, encoding)].Tag);
    }

    private static byte[] Pack(byte[] plain, Func<Stream, Stream> packing)
    {
        using var packed = new MemoryStream();
        using (var stream = packing(packed)) stream.Write(plain);
        return packed.ToArray();
    }
}
