using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using static Tangent.Collect.DemoKind;

namespace Tangent.Collect;

internal sealed partial class DemoEventWriter
{
    private static readonly string[] AgeBands = ["18-24", "25-34", "35-44", "45-54", "55-64", "65+"];
    private static readonly string[] Roles = ["initiator", "user", "influencer", "decider", "buyer", "gatekeeper"];
    private static readonly byte[][] Paths = [.. DemoCatalogue.Shapes.Select(s => Encoding.UTF8.GetBytes(s.Path?.TrimEnd('#') ?? ""))];
    private static readonly byte[][] CampaignTexts = [.. DemoCatalogue.Campaigns.Select(Encoding.UTF8.GetBytes)];
    private static readonly byte[][] CategoryTexts = [.. DemoCatalogue.Products.Select(p => Encoding.UTF8.GetBytes(p.Category))];

    private void WriteContext(in DemoEvent e, DemoShape shape)
    {
        _json.WriteStartObject("context"u8);
        if (shape.Path is not null)
        {
            _json.WriteStartObject("page"u8);
            var length = Path(in e, shape.Path);
            _json.WriteString("path"u8, _text.AsSpan(0, length));
            length = Search(in e);
            if (length > 0) _json.WriteString("search"u8, _text.AsSpan(0, length));
            _json.WriteEndObject();
        }

        if (e.Campaign > 0)
        {
            _json.WriteStartObject("campaign"u8);
            _json.WriteString("name"u8, CampaignNames[e.Campaign]);
            _json.WriteString("source"u8, CampaignSource(e.Campaign));
            _json.WriteEndObject();
        }

        _json.WriteEndObject();
    }

    private int Path(in DemoEvent e, string path)
    {
        var start = Paths[(int)e.Kind];
        start.CopyTo(_text, 0);
        var length = start.Length;
        if (path[^1] == '#') return length + Digits(e.Number, length);
        var tail = e.Kind switch
        {
            LandingPage => CampaignTexts[e.Campaign],
            CategoryPage or ProductPage or FleetPage => CategoryTexts[e.Product],
            _ => [],
        };
        tail.CopyTo(_text, length);
        length += tail.Length;
        if (e.Kind != ProductPage) return length;
        _text[length++] = (byte)'/';
        return length + Digits(1_000 + (e.Product * 37), length);
    }

    private int Search(in DemoEvent e)
    {
        var length = 0;
        if (e.Kind == LandingPage)
            Utf8.TryWrite(_text, CultureInfo.InvariantCulture, $"?utm_source={CampaignSource(e.Campaign)}&utm_campaign={DemoCatalogue.Campaigns[e.Campaign]}", out length);
        else if (e.Kind == ProductPage && e.TimeMs % 3 == 0)
            Utf8.TryWrite(_text, CultureInfo.InvariantCulture, $"?size={44 + (e.TimeMs % 9 * 2)}&ref={e.TimeMs % 100_000}", out length);
        return length;
    }

    private int Digits(int number, int at)
    {
        number.TryFormat(_text.AsSpan(at), out var digits, default, CultureInfo.InvariantCulture);
        return digits;
    }

    private static string CampaignSource(byte campaign) => campaign switch
    {
        DemoCatalogue.SearchBrand => "search",
        >= DemoCatalogue.FirstAd => "social",
        _ => "newsletter",
    };

    private void WriteTraits(DemoCustomer customer, bool all)
    {
        var (first, last) = (DemoWords.First(customer), DemoWords.Last(customer));
        _json.WriteStartObject("traits"u8);
        _json.WriteString("email"u8, Email(customer));
        if (all)
        {
            _json.WriteString("firstName"u8, first);
            _json.WriteString("lastName"u8, last);
            _json.WriteString("name"u8, $"{first} {last}");
            _json.WriteString("phone"u8, Phone(customer));
            _json.WriteString("country"u8, Countries[(int)customer.Country]);
            _json.WriteString("city"u8, DemoWords.City(customer));
            _json.WriteString("language"u8, Languages[DemoWords.Language(customer)]);
            _json.WriteString("ageBand"u8, AgeBands[customer.Age]);
            _json.WriteString("customerSince"u8, _calendar.Date(customer.SinceDay).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            _json.WriteBoolean("newsletter"u8, customer.Newsletter);
            if (customer.Account >= 0)
            {
                _json.WriteString("company"u8, DemoWords.CompanyName(customer.Country, customer.Account));
                _json.WriteString("buyingRole"u8, Roles[(int)customer.Role]);
            }
        }

        _json.WriteEndObject();
    }

    /// <summary>Who reads the newsletter once agreed to it; of the others some did and took it back.</summary>
    private void WriteConsent(DemoCustomer customer)
    {
        var state = customer.Newsletter ? customer.Index % 12 == 0 ? "pending"u8 : "given"u8 : customer.Index % 4 == 0 ? "withdrawn"u8 : default;
        if (state.IsEmpty) return;
        _json.WriteStartArray("consent"u8);
        _json.WriteStartObject();
        _json.WriteString("purpose"u8, "commercial"u8);
        _json.WriteString("topic"u8, "newsletter"u8);
        _json.WriteString("state"u8, state);
        _json.WriteString("wording"u8, "I would like to receive the newsletter by e-mail. I can withdraw this at any time."u8);
        _json.WriteString("wordingVersion"u8, "2024-1"u8);
        _json.WriteEndObject();
        _json.WriteEndArray();
    }

    public static string Email(DemoCustomer customer) =>
        $"{DemoWords.Ascii(DemoWords.First(customer))}.{DemoWords.Ascii(DemoWords.Last(customer))}{customer.Index}@{(customer.Country == DemoCountry.Poland ? "poczta" : "post")}.example";

    // Invented, and no number twice: matching by phone must not join strangers.
    public static string Phone(DemoCustomer customer) => customer.Country switch
    {
        DemoCountry.Germany => $"+49 1500 {1_000_000 + customer.Index}",
        DemoCountry.Austria => $"+43 6690 {1_000_000 + customer.Index}",
        _ => $"+48 59 {1_000_000 + customer.Index}",
    };

    private void WriteGroup(DemoCustomer customer)
    {
        var account = customer.Account;
        var size = DemoSeeds.Of(_seed, account, DemoSeeds.Account + 3);
        WriteNumbered("groupId"u8, "F"u8, DemoAccount.FirstNumber + account);
        _json.WriteStartObject("traits"u8);
        _json.WriteString("name"u8, DemoWords.CompanyName(customer.Country, account));
        _json.WriteString("industry"u8, DemoWords.Industry(account));
        _json.WriteNumber("employees"u8, 12 + (size % 900));
        _json.WriteNumber("fleetSize"u8, 8 + (size % 40));
        _json.WriteString("country"u8, Countries[(int)customer.Country]);
        // Two of five belong to the one before them.
        if (account % 5 is 1 or 2) WriteNumbered("parentId"u8, "F"u8, DemoAccount.FirstNumber + account - (account % 5));
        _json.WriteEndObject();
    }
}
