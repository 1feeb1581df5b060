using System.Text.Json.Nodes;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>The stored customers as rows to compare: a row for each customer of whom a trusted source says who it is. What browsers say takes no part, so that nobody gets at another's data by claiming a name.</summary>
internal sealed class StoredPersons
{
    private const string GivenName = "firstName";
    private const string Surname = "lastName";

    /// <summary>Columns by the folded names under which senders write them.</summary>
    private static readonly Dictionary<string, string> Names = new[]
    {
        ("firstName", "firstname vorname givenname imie"),
        ("lastName", "lastname nachname surname familyname nazwisko"),
        ("email", "email mail emailaddress"),
        ("phone", "phone telephone phonenumber telefon mobile mobilephone mobil handy"),
        ("birthday", "birthday birthdate dateofbirth geburtsdatum geburtstag dataurodzenia"),
        ("street", "street address address1 street1 streetaddress strasse adresse ulica adres"),
        ("houseNumber", "housenumber hausnummer numerdomu"),
        ("postcode", "postcode postalcode zip zipcode plz kodpocztowy"),
        ("city", "city town ort stadt miasto"),
        ("country", "country land kraj countrycode"),
        ("company", "company companyname firma organisation organization"),
        ("gender", "gender sex geschlecht plec"),
    }.SelectMany(c => c.Item2.Split(' ').Select(name => (Name: name, Column: c.Item1))).ToDictionary(c => c.Name, c => c.Column, StringComparer.Ordinal);

    private static readonly Dictionary<string, ColumnKind> Kinds = new(StringComparer.Ordinal)
    {
        [GivenName] = ColumnKind.GivenName,
        [Surname] = ColumnKind.Surname,
        ["email"] = ColumnKind.Email,
        ["phone"] = ColumnKind.Phone,
        ["birthday"] = ColumnKind.Date,
        ["street"] = ColumnKind.Address,
        ["houseNumber"] = ColumnKind.Code,
        ["postcode"] = ColumnKind.Code,
        ["city"] = ColumnKind.Text,
        ["country"] = ColumnKind.Category,
        ["company"] = ColumnKind.Text,
        ["gender"] = ColumnKind.Category,
    };

    private readonly Dictionary<string, RawColumn> _columns = Kinds.Keys.ToDictionary(k => k, k => new RawColumn(k), StringComparer.Ordinal);

    private StoredPersons()
    {
    }

    /// <summary>An identifier of the customer of each row.</summary>
    public List<string> Identifiers { get; } = [];

    /// <param name="page">Profiles of persons with a number above the given one, by number; none at the end. Where it is said so, only whose they are is wanted.</param>
    /// <param name="journeys">Says whose an identifier is.</param>
    /// <param name="policies">Choose among sources.</param>
    /// <param name="restricted">Customers whose processing is restricted: they are left out.</param>
    public static async Task<StoredPersons> ReadAsync(Func<long, bool, Task<List<Profile>>> page, JourneyStore journeys, MergePolicies policies, IReadOnlySet<int> restricted)
    {
        var persons = new StoredPersons();
        var several = await SeveralAsync(page, journeys, policies, restricted);
        var waiting = new Dictionary<int, List<Profile>>();
        await foreach (var (customer, profile) in TrustedAsync(page, onlyWho: false, journeys, policies, restricted))
        {
            if (!several.TryGetValue(customer, out var count))
            {
                persons.Add([profile], policies);
                continue;
            }

            var known = waiting.TryGetValue(customer, out var list) ? list : waiting[customer] = [];
            known.Add(profile);
            if (known.Count < count) continue;
            persons.Add(known, policies);
            waiting.Remove(customer);
        }

        // Of whom less came than was counted, something was erased meanwhile.
        foreach (var known in waiting.Values) persons.Add(known, policies);
        return persons;
    }

    /// <summary>Who has another value there is another person, but for mistakes.</summary>
    public static bool IsOfOnePerson(string column) => column is GivenName or Surname or "birthday";

    /// <summary>Few persons share a value.</summary>
    public static bool IsTelling(string column) => column is "email" or "phone" or "birthday" or "street";

    /// <param name="country">Country of telephone numbers without calling code.</param>
    public PersonTable Table(string country)
    {
        foreach (var column in _columns.Values) column.FillUpTo(Identifiers.Count);
        var told = _columns.Where(c => c.Value.Texts.Count > 1);
        return new PersonTable([.. told.Select(c => PersonColumn.Of(c.Value, Kinds[c.Key], country, new MatchRules()))], Identifiers.Count);
    }

    /// <summary>The identifier a customer stands under: of a known one the id under which it is known, not a device.</summary>
    public static string IdentifierOf(IEnumerable<Profile> profiles) => profiles.Select(p => p.Key).Max(StringComparer.Ordinal)!;

    /// <summary>What of traits says who the person is, by column.</summary>
    public static Dictionary<string, string> Values(JsonObject traits) => Values(new GoldenRecord([.. traits.Select(t => new GoldenValue(t.Key, t.Value, "", "", default, false, []))]));

    /// <summary>What of a record says who the person is, by column.</summary>
    public static Dictionary<string, string> Values(GoldenRecord record)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (column, text) in Texts(record.Values.Select(v => (v.Name, v.Value)))) values.TryAdd(column, text);
        // A whole name is told apart, so that it can be compared with one in two fields.
        if (!values.ContainsKey(Surname) && record.Name is { Length: > 0 } whole)
        {
            var (given, surname) = NameValue.Divided(whole);
            if (given.Length > 0) values.TryAdd(GivenName, given);
            if (surname.Length > 0) values[Surname] = surname;
        }

        return values;
    }

    /// <summary>Everything that traits say of a person's columns; of some there may be several.</summary>
    public static IEnumerable<(string Column, string Text)> Texts(JsonObject traits) => Texts(traits.Select(t => (t.Key, t.Value)));

    private static IEnumerable<(string Column, string Text)> Texts(IEnumerable<(string Name, JsonNode? Value)> traits)
    {
        foreach (var (name, value) in traits.SelectMany(v => v.Value is JsonObject parts && v.Name is ("address" or "company") ? Parts(v.Name, parts) : [v]))
            if (Names.TryGetValue(Folded(name), out var column) && TraitReading.Simple(value) is { Length: > 0 } text) yield return (column, text);
    }

    /// <summary>The column that a name in any of our languages stands for; null where it is none of them.</summary>
    public static string? ColumnOf(string name) => Names.GetValueOrDefault(Folded(name));

    /// <summary>The columns that can be compared, and what they hold.</summary>
    public static IReadOnlyDictionary<string, ColumnKind> Columns => Kinds;

    private static IEnumerable<(string Name, JsonNode? Value)> Parts(string name, JsonObject parts) =>
        name == "company" ? [("company", parts["name"])] : parts.Select(p => (p.Key, p.Value));

    /// <summary>A trait's name without the ways in which senders write it.</summary>
    public static string Folded(string name) => string.Concat(FoldedText.Of(name).Where(char.IsLetterOrDigit));

    /// <summary>Customers of whom more than one profile tells, and how many do.</summary>
    private static async Task<Dictionary<int, int>> SeveralAsync(Func<long, bool, Task<List<Profile>>> page, JourneyStore journeys, MergePolicies policies, IReadOnlySet<int> restricted)
    {
        var once = new HashSet<int>();
        var several = new Dictionary<int, int>();
        await foreach (var (customer, _) in TrustedAsync(page, onlyWho: true, journeys, policies, restricted))
        {
            if (!once.Add(customer)) several[customer] = several.GetValueOrDefault(customer, 1) + 1;
        }

        return several;
    }

    private static async IAsyncEnumerable<(int Customer, Profile Profile)> TrustedAsync(Func<long, bool, Task<List<Profile>>> page, bool onlyWho, JourneyStore journeys, MergePolicies policies, IReadOnlySet<int> restricted)
    {
        for (var profiles = await page(0, onlyWho); profiles.Count > 0; profiles = await page(profiles[^1].Number, onlyWho))
        {
            var trusted = profiles.FindAll(p => policies.IsTrusted(p.SourceId));
            var customers = journeys.FindCustomers(trusted.ConvertAll(p => p.Key));
            for (var i = 0; i < customers.Length; i++)
                if (customers[i] >= 0 && !restricted.Contains(customers[i])) yield return (customers[i], trusted[i]);
        }
    }

    private void Add(List<Profile> profiles, MergePolicies policies)
    {
        var values = Values(GoldenRecord.Of(profiles, policies));
        if (values.Count == 0) return;
        foreach (var (name, text) in values)
        {
            var column = _columns[name];
            column.FillUpTo(Identifiers.Count);
            column.Add(text);
        }

        Identifiers.Add(IdentifierOf(profiles));
    }
}
