namespace Tangent.Data;

/// <param name="Name">Key of its name, or the date itself for a company's own day.</param>
internal sealed record Holiday(DateOnly Day, string Name);

/// <summary>
/// National holidays by rule. Regional ones (Länder, cantons) are a company's own days.
/// Germany: the nine days that are holidays in all sixteen Länder (their Feiertagsgesetze; 3 October by Art. 2 Einigungsvertrag).
/// Austria: § 7 Abs. 2 Arbeitsruhegesetz. Switzerland: 1 August (Art. 110 Abs. 3 Bundesverfassung) and the three days that every canton keeps.
/// Poland: Ustawa z dnia 18 stycznia 1951 r. o dniach wolnych od pracy, with Christmas Eve since 2025 (Dz.U. 2024 poz. 1965).
/// </summary>
internal static class Holidays
{
    public static readonly IReadOnlyList<string> Countries = ["DE", "AT", "CH", "PL"];

    public static IReadOnlyList<Holiday> Of(string country, int year)
    {
        var easter = Easter(year);
        Holiday Fixed(int month, int day, string name) => new(new DateOnly(year, month, day), name);
        Holiday Moving(int daysAfterEaster, string name) => new(easter.AddDays(daysAfterEaster), name);
        List<Holiday> days = country switch
        {
            "DE" =>
            [
                Fixed(1, 1, "NewYear"), Moving(-2, "GoodFriday"), Moving(1, "EasterMonday"), Fixed(5, 1, "LabourDay"), Moving(39, "Ascension"),
                Moving(50, "WhitMonday"), Fixed(10, 3, "GermanUnity"), Fixed(12, 25, "Christmas"), Fixed(12, 26, "SecondChristmas"),
            ],
            "AT" =>
            [
                Fixed(1, 1, "NewYear"), Fixed(1, 6, "Epiphany"), Moving(1, "EasterMonday"), Fixed(5, 1, "LabourDay"), Moving(39, "Ascension"),
                Moving(50, "WhitMonday"), Moving(60, "CorpusChristi"), Fixed(8, 15, "Assumption"), Fixed(10, 26, "AustrianNational"), Fixed(11, 1, "AllSaints"),
                Fixed(12, 8, "Immaculate"), Fixed(12, 25, "Christmas"), Fixed(12, 26, "SecondChristmas"),
            ],
            "CH" => [Fixed(1, 1, "NewYear"), Moving(39, "Ascension"), Fixed(8, 1, "SwissNational"), Fixed(12, 25, "Christmas")],
            "PL" =>
            [
                Fixed(1, 1, "NewYear"), Fixed(1, 6, "Epiphany"), Moving(0, "Easter"), Moving(1, "EasterMonday"), Fixed(5, 1, "LabourDay"), Fixed(5, 3, "PolishConstitution"),
                Moving(49, "WhitSunday"), Moving(60, "CorpusChristi"), Fixed(8, 15, "Assumption"), Fixed(11, 1, "AllSaints"), Fixed(11, 11, "PolishIndependence"),
                Fixed(12, 25, "Christmas"), Fixed(12, 26, "SecondChristmas"),
            ],
            _ => [],
        };
        if (country == "PL" && year >= 2025) days.Add(Fixed(12, 24, "ChristmasEve"));
        return [.. days.OrderBy(h => h.Day)];
    }

    /// <summary>Easter Sunday of the Gregorian calendar: the anonymous algorithm of 1876 (Nature, 20 April 1876), as in Meeus, Astronomical Algorithms, chapter 8.</summary>
    public static DateOnly Easter(int year)
    {
        var a = year % 19;
        var (b, c) = (year / 100, year % 100);
        var (d, e) = (b / 4, b % 4);
        var f = (b + 8) / 25;
        var g = (b - f + 1) / 3;
        var h = ((19 * a) + b - d - g + 15) % 30;
        var (i, k) = (c / 4, c % 4);
        var l = (32 + (2 * e) + (2 * i) - h - k) % 7;
        var m = (a + (11 * h) + (22 * l)) / 451;
        var n = h + l - (7 * m) + 114;
        return new DateOnly(year, n / 31, (n % 31) + 1);
    }
}

/// <summary>A company's own days: <c>2026-12-24</c> once, <c>12-24</c> every year.</summary>
internal sealed class OwnHolidays
{
    private readonly HashSet<DateOnly> _once = [];
    private readonly HashSet<(int Month, int Day)> _yearly = [];

    private OwnHolidays()
    {
    }

    /// <summary>The first part that is not a day; null where all are.</summary>
    public string? Wrong { get; private set; }

    public static OwnHolidays Read(string text)
    {
        var own = new OwnHolidays();
        foreach (var part in text.Split([',', ';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // A leap year, so that 02-29 can be said.
            if (DateOnly.TryParseExact(part, "yyyy-MM-dd", out var once)) own._once.Add(once);
            else if (DateOnly.TryParseExact("2000-" + part, "yyyy-MM-dd", out var yearly)) own._yearly.Add((yearly.Month, yearly.Day));
            else own.Wrong ??= part;
        }

        return own;
    }

    public bool Has(DateOnly day) => _once.Contains(day) || _yearly.Contains((day.Month, day.Day));
}
