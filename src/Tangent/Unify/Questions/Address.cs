using System.Globalization;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>The address of a page with its query; adding a value gives another address.</summary>
internal sealed record Address(string Path)
{
    public IReadOnlyList<KeyValuePair<string, string?>> Values { get; private init; } = [];

    /// <summary>The same with one more value; null is left out.</summary>
    public Address With(string name, object? value) => value is null ? this : this with { Values = [.. Values, new(name, Write(value))] };

    public Address With(JourneyFilter filter)
    {
        var address = With("from", filter.From).With("to", filter.To)
            .With("channel", filter.Channels).With("source", filter.Sources).With("touchpoint", filter.Touchpoints);
        address = filter.Properties.Aggregate(address, (a, p) => a.With(QueryReader.PropertyPrefix + p.Name, p.Value));
        address = filter.Traits.Aggregate(address.With("customer", filter.Customers), (a, t) => a.With(QueryReader.TraitPrefix + t.Name, t.Value));
        address = address.With("segment", filter.Segments);
        address = filter.Personas.Aggregate(address, (a, p) => a.With("persona", p.Id));
        return address.With("unit", filter.Unit == JourneyUnit.Person ? null : "account");
    }

    /// <summary>The same with a value several times.</summary>
    public Address With(string name, IReadOnlyList<string> values) => values.Aggregate(this, (a, v) => a.With(name, v));

    /// <summary>The list of the customers behind a number of this question.</summary>
    public Address Customers() => this with { Path = Path + "/customers" };

    /// <summary>The same data as JSON.</summary>
    public Address Api() => this with { Path = "/api/v1" + Path };

    public override string ToString() => Path + QueryString.Create(Values);

    private static string? Write(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeSpan window => WindowText.Write(window),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
