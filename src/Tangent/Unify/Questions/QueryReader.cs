using System.Globalization;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>Reads a question from a query string. The first value that cannot be used becomes the refusal; what follows is read on, but no question comes out.</summary>
internal sealed class QueryReader(IQueryCollection query)
{
    public const string PropertyPrefix = "property.";
    public const string TraitPrefix = "trait.";
    public const int MostDays = 3660;
    private const int LongestText = 2000;
    private const int MostNames = 100;
    private const int MostCustomers = 1000;

    private Refusal? _refusal;

    /// <summary>The question, unless something was refused.</summary>
    public Asked<TQuestion> Give<TQuestion>(TQuestion question)
        where TQuestion : class => _refusal is null ? question : _refusal;

    /// <returns>Null where the field is absent or empty.</returns>
    public string? Text(string field)
    {
        var values = query[field];
        if (values.Count > 1) return Refuse<string>(field, T("Unify.Refused.Twice", field));
        var text = values.ToString();
        if (text.Length > LongestText) return Refuse<string>(field, T("Unify.Refused.Long", field, LongestText));
        return text.Length == 0 ? null : text;
    }

    /// <returns>Null only where the field is absent: empty is a value too.</returns>
    public string? TextOrEmpty(string field) => query.ContainsKey(field) ? Text(field) ?? "" : null;

    public string Needed(string field)
    {
        var text = Text(field);
        if (text is null) Refuse<string>(field, T("Unify.Refused.Missing", field));
        return text ?? "";
    }

    /// <summary>A field that may be given several times; empty ones (a select left open) do not count.</summary>
    public IReadOnlyList<string> Texts(string field, int most)
    {
        string[] texts = [.. query[field].OfType<string>().Where(v => v.Length > 0)];
        if (texts.Length > most) Refuse<string>(field, T("Unify.Refused.Many", field, most));
        if (texts.Any(t => t.Length > LongestText)) Refuse<string>(field, T("Unify.Refused.Long", field, LongestText));
        return texts;
    }

    public int Number(string field, int usual, int least, int most)
    {
        if (Text(field) is not { } text) return usual;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Refuse<string>(field, T("Unify.Refused.Number", text, field, least, most));
        return usual;
    }

    public bool Flag(string field, bool usual)
    {
        switch (Text(field))
        {
            case null: return usual;
            case "true" or "1" or "on": return true;
            case "false" or "0" or "off": return false;
            case var text:
                Refuse<string>(field, T("Unify.Refused.Flag", text, field));
                return usual;
        }
    }

    public string? OneOf(string field, params string[] allowed) =>
        Text(field) is not { } text || allowed.Contains(text, StringComparer.Ordinal)
            ? Text(field)
            : Refuse<string>(field, T("Unify.Refused.OneOf", text, field, string.Join(", ", allowed)));

    public TimeSpan Window(string field, TimeSpan usual)
    {
        if (Text(field) is not { } text) return usual;
        if (WindowText.Read(text) is { } window && window > TimeSpan.Zero && window.TotalDays <= MostDays) return window;
        Refuse<string>(field, T("Unify.Refused.Window", text, field, MostDays));
        return usual;
    }

    public JourneyFilter Filter()
    {
        var (from, to) = (Day("from"), Day("to"));
        if (from > to) Refuse<string>("to", T("Unify.Refused.Period", Iso(from), Iso(to)));
        // Traits and segments are made customers before the question is read; see CustomerFilter.
        var resolved = query as ResolvedQuery;
        if (resolved?.Refused is { } refused) _refusal ??= refused;
        return new JourneyFilter(from, to)
        {
            Channels = Names("channel", MostNames),
            Sources = Names("source", MostNames),
            Touchpoints = Names("touchpoint", MostNames),
            Properties = Named(PropertyPrefix),
            Customers = Names("customer", MostCustomers),
            Traits = Named(TraitPrefix),
            Segments = Names("segment", MostNames),
            Personas = resolved?.Personas ?? [],
            Within = resolved?.Within,
            Unit = OneOf("unit", "person", "account") == "account" ? JourneyUnit.Account : JourneyUnit.Person,
        };
    }

    /// <summary>The groups of a breakdown by a trait; found before the question is read, see <see cref="CustomerFilter"/>.</summary>
    public CustomerGroups? Groups
    {
        get
        {
            if (query is not ResolvedQuery resolved) return null;
            if (resolved.Groups?.Refusal is { } refused) _refusal ??= refused;
            return resolved.Groups?.Answer;
        }
    }

    /// <summary>The page of a list; for a file of it the whole list.</summary>
    public Paging Page() => query is ResolvedQuery { IsWhole: true } ? new(0, Paging.Most) : new(Number("skip", 0, 0, int.MaxValue), Number("take", 50, 1, CursorPage.Most), (query as ResolvedQuery)?.After);

    private List<string> Names(string field, int most) => [.. Texts(field, most).Distinct(StringComparer.Ordinal)];

    /// <summary>Values by name: <c>property.NAME=VALUE</c>, or as a form and the command line have it, <c>property=NAME=VALUE</c>.</summary>
    public List<NamedValue> Named(string prefix)
    {
        List<NamedValue> named = [];
        var field = prefix[..^1];
        foreach (var text in Names(field, MostNames))
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == text.Length - 1) Refuse<string>(field, T("Unify.Refused.Named", text, field));
            else named.Add(new NamedValue(text[..equals].Trim(), text[(equals + 1)..].Trim()));
        }

        foreach (var key in query.Keys.Where(k => k.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal))
        {
            var name = key[prefix.Length..];
            var values = Names(key, MostNames);
            if (name.Length == 0 && values.Count > 0) Refuse<string>(key, T("Unify.Refused.Property", field));
            named.AddRange(values.Select(v => new NamedValue(name, v)));
        }

        if (named.Count > MostNames) Refuse<string>(field, T("Unify.Refused.Many", field, MostNames));
        return [.. named.Distinct()];
    }

    /// <returns>Null where the field is absent or empty.</returns>
    public DateOnly? Day(string field)
    {
        if (Text(field) is not { } text) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1900 and < 2200) return day;
        Refuse<string>(field, T("Unify.Refused.Day", text, field));
        return null;
    }

    /// <summary>As a day is asked for.</summary>
    private static string? Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private TText? Refuse<TText>(string field, string detail)
        where TText : class
    {
        _refusal ??= new Refusal(field, detail);
        return null;
    }
}
