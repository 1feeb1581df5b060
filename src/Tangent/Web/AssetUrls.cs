using System.Collections.Frozen;
using Microsoft.AspNetCore.StaticAssets;

namespace Tangent.Web;

/// <summary>Maps "lib/htmx.min.js" to its fingerprinted address, from the endpoints of the static assets.</summary>
public sealed class AssetUrls(IEnumerable<EndpointDataSource> sources)
{
    private readonly Lazy<FrozenDictionary<string, string>> _addresses = new(() => sources
        .SelectMany(s => s.Endpoints)
        .Select(e => e.Metadata.GetMetadata<StaticAssetDescriptor>())
        .OfType<StaticAssetDescriptor>()
        .Select(d => (Label: d.Properties.FirstOrDefault(p => p.Name == "label")?.Value, d.Route))
        .Where(x => x.Label is not null)
        .GroupBy(x => x.Label!, StringComparer.Ordinal)
        .ToFrozenDictionary(g => g.Key, g => g.First().Route, StringComparer.Ordinal));

    public string this[string path] => "/" + (_addresses.Value.TryGetValue(path, out var route) ? route : path);
}
