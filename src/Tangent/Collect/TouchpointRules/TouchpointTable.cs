using Tangent.Map;

namespace Tangent.Collect;

/// <summary>Which touchpoint every signature counts for at one moment: the small table that re-labels all history when a rule changes.</summary>
internal sealed class TouchpointTable
{
    private readonly Dictionary<string, ushort> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ushort> _codesAnyCase = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Touchpoint?> _catalogued = [];
    private readonly List<string> _names = [];

    /// <param name="signatures">The signatures, by code.</param>
    /// <param name="catalogue">All touchpoints of the catalogue; they have a code even without events.</param>
    /// <param name="rules">The rules.</param>
    public TouchpointTable(IReadOnlyList<Signature> signatures, IReadOnlyList<Touchpoint> catalogue, TouchpointRules rules)
    {
        Signatures = signatures;
        OfSignature = new ushort[signatures.Count];
        IsMapped = new bool[signatures.Count];
        Channels = new string[signatures.Count];
        var byId = new Dictionary<int, ushort>();
        foreach (var touchpoint in catalogue) byId[touchpoint.Id] = Add(touchpoint.Name, touchpoint);
        foreach (var touchpoint in catalogue)
            foreach (var merged in touchpoint.Merged) Name(merged.Name, byId[touchpoint.Id]);
        for (var s = 0; s < signatures.Count; s++)
        {
            // Without a rule the event's own name stands in; a touchpoint of just this name is meant then.
            var known = rules.TouchpointOf(signatures[s]) is { } id && byId.TryGetValue(id, out var code) ? code : (ushort?)null;
            OfSignature[s] = known ?? Add(signatures[s].Event, null);
            IsMapped[s] = _catalogued[OfSignature[s]] is not null;
            Channels[s] = signatures[s].Channel.Length > 0 ? signatures[s].Channel : _catalogued[OfSignature[s]]?.Channel ?? "";
        }
    }

    public IReadOnlyList<Signature> Signatures { get; }

    /// <summary>Touchpoint code of each signature.</summary>
    public ushort[] OfSignature { get; }

    /// <summary>Whether a signature's touchpoint is one of the catalogue.</summary>
    public bool[] IsMapped { get; }

    /// <summary>Channel of each signature: the event's, else its touchpoint's, else empty.</summary>
    public string[] Channels { get; }

    public int Count => _names.Count;

    public string Name(ushort code) => _names[code];

    public int? CatalogueId(ushort code) => _catalogued[code]?.Id;

    /// <returns>The stage of the life cycle; null where the catalogue does not have the touchpoint.</returns>
    public LifeCycleStage? Stage(ushort code) => _catalogued[code]?.Stage;

    /// <returns>The code of a touchpoint by name, exactly or else in any case; null where there is none.</returns>
    public ushort? Find(string name) =>
        _codes.TryGetValue(name, out var exact) ? exact : _codesAnyCase.TryGetValue(name, out var any) ? any : null;

    private ushort Add(string name, Touchpoint? catalogued)
    {
        if (_codes.TryGetValue(name, out var code)) return code;
        code = (ushort)_names.Count;
        Name(name, code);
        _names.Add(name);
        _catalogued.Add(catalogued);
        return code;
    }

    private void Name(string name, ushort code)
    {
        _codes.TryAdd(name, code);
        _codesAnyCase.TryAdd(name, code);
    }
}
