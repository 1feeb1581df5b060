using System.Globalization;
using System.Text;

namespace Tangent.Bench;

/// <param name="Truth">Number of the person; rows of one person have the same.</param>
internal sealed record MadePerson(int Truth, string Given, string Surname, string Born, string Email, string Phone, string Street, string HouseNumber, string Postcode, string City)
{
    public const string Header = "first_name,last_name,birth_date,email,phone,street,house_number,postcode,city";

    public string Csv => string.Join(',', Given, Surname, Born, Email, Phone, Street, HouseNumber, Postcode, City);
}

/// <summary>
/// Rows of persons with a known truth, from a seed: German and Polish names by their frequency, households that share surname, address and
/// telephone, and of three persons in ten one to three damaged copies more: typing mistakes, blanks, given name and surname exchanged, moved
/// house, married, another e-mail address. Nobody has another's e-mail address. A telephone of a household is shared by two in five of its members.
/// </summary>
internal sealed class Persons
{
    private const string GivenNames = "Anna Maria Thomas Michael Andreas Peter Katarzyna Piotr Stefan Agnieszka Christian Martin Sabine Monika Krzysztof Andrzej Barbara Małgorzata Ursula Wolfgang Karin Markus Daniel Julia Tomasz Paweł Joanna Ewa Marcin Michał Petra Claudia Jan Klaus Jürgen Susanne Heike Birgit Stefanie Sandra Alexander Sebastian Matthias Marek Grzegorz Dorota Zofia Jakub Lena Emma Leon Paul Elisabeth Johann Franz Josef Hans Karl Elżbieta Krystyna Łukasz Magdalena Aleksandra Zuzanna Felix Lukas Laura Sophie Marie Jonas David Simon Tobias Florian Nina Eva Katharina Verena Bernd Dieter Günther Renate Ingrid Helga Jolanta Teresa Beata Renata Kamil Mateusz Wojciech Bartosz Szymon Ida Clara";
    private const string Surnames = "Müller Schmidt Nowak Schneider Fischer Kowalski Weber Meyer Wagner Becker Wiśniewski Schulz Hoffmann Wójcik Kowalczyk Schäfer Kamiński Koch Bauer Lewandowski Richter Klein Zieliński Wolf Schröder Neumann Szymański Schwarz Zimmermann Woźniak Braun Krüger Dąbrowski Hofmann Hartmann Kozłowski Lange Schmitt Jankowski Werner Schmitz Mazur Krause Meier Kwiatkowski Lehmann Schmid Krawczyk Schulze Maier Kaczmarek Köhler Herrmann Piotrowski König Walter Grabowski Mayer Huber Zając Kaiser Fuchs Pawłowski Peters Lang Michalski Scholz Möller Król Weiß Jung Wieczorek Hahn Schubert Jabłoński Vogel Friedrich Wróbel Keller Günther Nowakowski Frank Berger Majewski Winkler Roth Olszewski Beck Lorenz Stępień Baumann Franke Malinowski Albrecht Schuster Jaworski Simon Ludwig Adamczyk Böhm Winter Dudek Kraus Martin Nowicki Schumacher Krämer Pawlak Vogt Stein Górski Jäger Otto Witkowski Sommer Groß Walczak Seidel Heinrich Sikora Brandt Haas Baran Schreiber Graf Rutkowski Dietrich Ziegler Michalak Kuhn Kühn Szewczyk Pohl Engel Ostrowski Horn Busch Tomaszewski Bergmann Gruber Steiner Moser Egger";
    private static readonly string[] Given = GivenNames.Split(' ');
    private static readonly string[] Frequent = Surnames.Split(' ');
    private static readonly string[] Beginnings = "Al An Ba Be Bo Bra Bu Da Do Dre Eb Fa Fi Fro Ga Ge Gla Go Gra Ha Hei Ho Ja Jo Ka Kie Kla Ko Kra La Lie Lo Ma Mie Mo Na Neu No Obe Pa Pie Po Ra Rie Ro Sa Schal Schin Sie So Sta Stro Ta Tie Tro Ulb Wa Wei Wie Wo Zab Zie".Split(' ');
    private static readonly string[] Middles = "ber bel cho da den del fer gel ger ha ke ko la le lin lo man mer mi na ne ni pa pel ra ren ri ro sa sel ska te ten ti wa wi za ze".Split(' ');
    private static readonly string[] Ends = "mann er ski berg ler ner feld hof czyk ak ek el ing stein bauer owski ewicz meier dorf huber".Split(' ');
    private static readonly string[] Hosts = "gmail.com gmx.de web.de t-online.de wp.pl outlook.com gmx.at bluewin.ch onet.pl".Split(' ');
    private static readonly string[] Ways = "straße weg gasse platz allee ring".Split(' ');

    private readonly Random _random;
    private readonly string[] _surnames;
    private readonly string[] _streets;
    private readonly (string Code, string Town)[] _places;
    private readonly double[] _givenShares;
    private readonly double[] _surnameShares;
    private readonly double[] _streetShares;
    private readonly double[] _placeShares;
    private readonly HashSet<string> _addresses = new(StringComparer.Ordinal);
    private int _persons;

    public Persons(int seed)
    {
        _random = new Random(seed);
        // The first are as frequent as in a directory; behind them stands the long tail of names that few have.
        _surnames = [.. Frequent.Concat(Enumerable.Range(0, 60_000).Select(_ => Invented())).Distinct(StringComparer.Ordinal)];
        _streets = [.. Enumerable.Range(0, 20_000).Select(_ => Invented() + Pick(Ways)).Distinct(StringComparer.Ordinal)];
        _places = [.. Enumerable.Range(0, 8_000).Select(_ => (_random.Next(1_000, 100_000).ToString("00000", CultureInfo.InvariantCulture), Invented() + Pick(["stadt", "", "dorf", "ów"])))];
        (_givenShares, _surnameShares, _streetShares, _placeShares) = (Zipf(Given.Length, 0.7), Zipf(_surnames.Length, 0.8), Zipf(_streets.Length, 0.5), Zipf(_places.Length, 0.6));
    }

    /// <summary>So many rows, in random order.</summary>
    public MadePerson[] Make(int rows)
    {
        var made = new List<MadePerson>(rows + 20);
        while (made.Count < rows)
        {
            var first = Person();
            Add(made, first);
            // Two in five live with others of their name.
            var others = _random.NextDouble() < 0.4 ? _random.Next(1, 4) : 0;
            for (var i = 0; i < others; i++)
            {
                var other = Person() with { Surname = first.Surname, Street = first.Street, HouseNumber = first.HouseNumber, Postcode = first.Postcode, City = first.City };
                Add(made, other with { Email = Address(other.Given, other.Surname), Phone = _random.NextDouble() < 0.4 ? first.Phone : other.Phone });
            }
        }

        var all = made.Take(rows).ToArray();
        _random.Shuffle(all);
        return all;
    }

    /// <summary>The same person, written down another time.</summary>
    public MadePerson Damaged(MadePerson row)
    {
        if (_random.NextDouble() < 0.12) row = Moved(row);
        if (_random.NextDouble() < 0.03) row = row with { Surname = Surname() };
        if (_random.NextDouble() < 0.03) row = row with { Given = row.Surname, Surname = row.Given };
        if (_random.NextDouble() < 0.2) row = row with { Email = Address(row.Given, row.Surname) };
        var born = _random.NextDouble() < 0.06 && row.Born.Length > 0 ? row.Born[..8] + Day() : row.Born;
        return row with
        {
            Given = Slip(row.Given),
            Surname = Slip(row.Surname),
            Born = Blank(born),
            Email = Slip(row.Email),
            Phone = Slip(row.Phone),
            Street = Slip(row.Street),
            HouseNumber = Blank(row.HouseNumber),
            Postcode = Slip(row.Postcode),
            City = Slip(row.City),
        };
    }

    private void Add(List<MadePerson> made, MadePerson person)
    {
        made.Add(person);
        var copies = _random.NextDouble() switch { < 0.7 => 0, < 0.9 => 1, < 0.97 => 2, _ => 3 };
        for (var i = 0; i < copies; i++) made.Add(Damaged(person));
    }

    private MadePerson Person()
    {
        var (given, surname) = (Given[Pick(_givenShares)], Surname());
        var born = string.Create(CultureInfo.InvariantCulture, $"{_random.Next(1940, 2009)}-{_random.Next(1, 13):00}-{Day()}");
        var phone = string.Create(CultureInfo.InvariantCulture, $"0{_random.Next(30, 9_999)} {_random.Next(10_000, 10_000_000)}");
        return Moved(new MadePerson(_persons++, given, surname, born, Address(given, surname), phone, "", "", "", ""));
    }

    private MadePerson Moved(MadePerson row)
    {
        var (code, town) = _places[Pick(_placeShares)];
        return row with { Street = _streets[Pick(_streetShares)], HouseNumber = _random.Next(1, 150).ToString(CultureInfo.InvariantCulture), Postcode = code, City = town };
    }

    private string Surname() => _surnames[Pick(_surnameShares)];

    private string Day() => _random.Next(1, 29).ToString("00", CultureInfo.InvariantCulture);

    /// <summary>As a host gives them away: nobody gets one that somebody has.</summary>
    private string Address(string given, string surname)
    {
        for (var most = 100; ; most *= 2)
        {
            var address = $"{given}.{surname}{(_random.Next(2) == 0 ? _random.Next(1, most).ToString(CultureInfo.InvariantCulture) : "")}@{Pick(Hosts)}".ToLowerInvariant();
            if (_addresses.Add(address)) return address;
        }
    }

    private string Blank(string text) => _random.NextDouble() < 0.12 ? "" : text;

    private string Slip(string text) => _random.NextDouble() switch { < 0.12 => "", < 0.22 => Mistyped(text), _ => text };

    private string Mistyped(string text)
    {
        if (text.Length < 3) return text;
        var at = _random.Next(text.Length - 1);
        var letter = (char)('a' + _random.Next(26));
        return _random.Next(4) switch
        {
            0 => new StringBuilder(text) { [at] = text[at + 1], [at + 1] = text[at] }.ToString(),
            1 => text.Remove(at, 1),
            2 => text.Remove(at, 1).Insert(at, letter.ToString()),
            _ => text.Insert(at, letter.ToString()),
        };
    }

    private string Invented() => Pick(Beginnings) + Pick(Middles) + (_random.Next(3) == 0 ? Pick(Middles) : "") + Pick(Ends);

    private string Pick(string[] words) => words[_random.Next(words.Length)];

    private int Pick(double[] shares)
    {
        var at = Array.BinarySearch(shares, _random.NextDouble());
        return Math.Min(shares.Length - 1, at < 0 ? ~at : at + 1);
    }

    private static double[] Zipf(int count, double exponent)
    {
        var shares = new double[count];
        var sum = 0.0;
        for (var i = 0; i < count; i++) shares[i] = sum += Math.Pow(i + 1, -exponent);
        for (var i = 0; i < count; i++) shares[i] /= sum;
        return shares;
    }
}
