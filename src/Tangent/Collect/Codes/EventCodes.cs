using System.Runtime.CompilerServices;
using System.Text;

namespace Tangent.Collect;

/// <summary>The dictionaries that turn an event's texts into the engine's codes: signatures, declared properties, currencies.</summary>
internal sealed class EventCodes
{
    /// <summary>Most different signatures; further ones count as <see cref="Other"/>.</summary>
    public const int MostSignatures = 50_000;

    /// <summary>Code of the signature "other", and in a property column of the value "other".</summary>
    public const ushort Other = 0;

    /// <summary>In a property column: the event does not have the property.</summary>
    public const ushort Absent = 1;

    private const byte Separator = 0x1F;
    private const string OtherText = "(other)";
    private static readonly Signature Forgotten = new(OtherText, "", "", "", "");

    private readonly Utf8Dictionary _signatures;
    private readonly Utf8Dictionary _currencies;
    private readonly Utf8Dictionary[] _values;
    private readonly List<Signature> _decoded = [];
    private byte[] _key = new byte[1024];

    public EventCodes(IReadOnlyList<string> properties)
    {
        Properties = properties;
        _signatures = new Utf8Dictionary();
        _signatures.GetOrAdd(Encoding.UTF8.GetBytes(OtherText + "\u001F\u001F\u001F\u001F"));
        _currencies = new Utf8Dictionary();
        _currencies.GetOrAdd([]);
        _values = [.. properties.Select(_ => NewValues())];
    }

    private EventCodes(IReadOnlyList<string> properties, Utf8Dictionary signatures, Utf8Dictionary currencies, Utf8Dictionary[] values) =>
        (Properties, _signatures, _currencies, _values) = (properties, signatures, currencies, values);

    /// <summary>Names of the declared properties, one column each.</summary>
    public IReadOnlyList<string> Properties { get; }

    public int SignatureCount => _signatures.Count;

    /// <summary>How often texts of signatures that are in use were changed.</summary>
    public int Changes { get; private set; }

    public int CurrencyCount => _currencies.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ushort Signature(CollectedEvent e, ReadOnlySpan<byte> source)
    {
        var length = e.Name.Length + e.Channel.Length + source.Length + e.Path.Length + e.Campaign.Length + 5;
        if (_key.Length < length) _key = new byte[length * 2];
        var at = 0;
        Put(e.Name, ref at);
        Put(e.Channel, ref at);
        Put(source, ref at);
        Put(e.Path, ref at);
        Put(e.Campaign, ref at);
        var key = _key.AsSpan(0, at - 1);
        var code = _signatures.Count < MostSignatures ? _signatures.GetOrAdd(key) : _signatures.Find(key);
        return code < 0 ? Other : (ushort)code;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public byte Currency(ReadOnlySpan<byte> currency)
    {
        var code = _currencies.Count < byte.MaxValue ? _currencies.GetOrAdd(currency) : _currencies.Find(currency);
        return code < 0 ? (byte)0 : (byte)code;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ushort Value(int property, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return Absent;
        var values = _values[property];
        var code = values.Count < ushort.MaxValue ? values.GetOrAdd(value) : values.Find(value);
        return code < 0 ? Other : (ushort)code;
    }

    /// <returns>The code of a declared property's value, or −1 where no event has it.</returns>
    public int FindValue(int property, string value) => _values[property].Find(Encoding.UTF8.GetBytes(value));

    /// <summary>Number of values of a declared property, <see cref="Other"/> and <see cref="Absent"/> included.</summary>
    public int ValueCount(int property) => _values[property].Count;

    /// <summary>A value of a declared property; empty for <see cref="Absent"/>.</summary>
    public string ValueText(int property, int code) => _values[property].Text(code);

    public string CurrencyText(int code) => _currencies.Text(code);

    /// <summary>Takes the texts of a signature away that no event has any more; an event like them gets another code.</summary>
    public void Forget(int signature)
    {
        if (signature == Other) return;
        _signatures.Blank(signature);
        if (signature < _decoded.Count) _decoded[signature] = Forgotten;
    }

    /// <summary>Takes a person's names out of all texts, those of others' events among them; as in the log, so that a rebuild says the same.</summary>
    /// <param name="without">A text without the names.</param>
    public void Unname(Func<string, string> without)
    {
        foreach (var code in _signatures.Rewrite(text => string.Join((char)Separator, text.Split((char)Separator).Select(without))))
        {
            if (code < _decoded.Count) _decoded[code] = Read(code);
            Changes++;
        }

        foreach (var values in _values) values.Rewrite(without);
    }

    /// <summary>The texts of a signature.</summary>
    public Signature Decode(int code)
    {
        while (_decoded.Count <= code) _decoded.Add(Read(_decoded.Count));
        return _decoded[code];
    }

    private Signature Read(int code)
    {
        var parts = _signatures.Text(code).Split((char)Separator);
        return parts.Length == 5 ? new Signature(parts[0], parts[1], parts[2], parts[3], parts[4]) : Forgotten;
    }

    public void Write(BinaryWriter to)
    {
        to.Write(Properties.Count);
        foreach (var name in Properties) to.Write(name);
        _signatures.Write(to);
        _currencies.Write(to);
        foreach (var values in _values) values.Write(to);
    }

    public static EventCodes Read(BinaryReader from)
    {
        var properties = new string[from.ReadInt32()];
        for (var i = 0; i < properties.Length; i++) properties[i] = from.ReadString();
        return new EventCodes(properties, Utf8Dictionary.Read(from), Utf8Dictionary.Read(from), [.. properties.Select(_ => Utf8Dictionary.Read(from))]);
    }

    private static Utf8Dictionary NewValues()
    {
        var values = new Utf8Dictionary();
        values.GetOrAdd(Encoding.UTF8.GetBytes(OtherText));
        values.GetOrAdd([]);
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(ReadOnlySpan<byte> part, ref int at)
    {
        // The separator is a control character, which the checks let into no name; a path or campaign that has one loses it.
        part.CopyTo(_key.AsSpan(at));
        _key.AsSpan(at, part.Length).Replace(Separator, (byte)' ');
        at += part.Length;
        _key[at++] = Separator;
    }
}
