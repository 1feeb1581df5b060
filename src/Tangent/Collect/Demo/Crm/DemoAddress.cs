using System.Globalization;

namespace Tangent.Collect;

/// <summary>Where somebody lives or a company is. Streets and numbers are invented; a town has one postcode.</summary>
internal sealed record DemoAddress(string Street, string Postcode, string City, string Country)
{
    public static readonly string[] Owners = ["Nora Feld", "Tim Sander", "Ewa Lis", "Jakob Moser"];

    private static readonly string[] German = ["Lindenweg", "Hauptstr.", "Bahnhofstraße", "Am Anger", "Gartenstr.", "Mühlenweg", "Schulstraße", "Kirchplatz", "Rosenweg", "Bergstr.", "Wiesengrund", "Uferstraße"];
    private static readonly string[] Polish = ["ul. Długa", "ulica Polna", "ul. Leśna", "al. Lipowa", "ul. Słoneczna", "ul. Krótka", "ulica Ogrodowa", "ul. Szkolna", "ul. Zielona", "pl. Wolności"];

    public static DemoAddress Of(DemoCountry country, int pick, bool near) => At(country, pick, DemoWords.City(country, near, pick));

    public static DemoAddress Of(DemoCustomer customer, int pick) => At(customer.Country, pick, DemoWords.City(customer));

    private static DemoAddress At(DemoCountry country, int pick, string city)
    {
        var town = city.Aggregate(7, (sum, letter) => ((sum * 31) + letter) & 0xFFFFFF);
        var streets = country == DemoCountry.Poland ? Polish : German;
        var number = 1 + (pick / 64 % 98);
        string Code(FormattableString code) => code.ToString(CultureInfo.InvariantCulture);
        return new DemoAddress(
            Code($"{streets[pick % streets.Length]} {number}"),
            country switch { DemoCountry.Germany => Code($"{10_000 + (town % 89_000)}"), DemoCountry.Austria => Code($"{1_000 + (town % 8_900)}"), _ => Code($"{10 + (town % 89)}-{100 + (town / 89 % 800)}") },
            city, country switch { DemoCountry.Germany => "DE", DemoCountry.Austria => "AT", _ => "PL" });
    }
}
