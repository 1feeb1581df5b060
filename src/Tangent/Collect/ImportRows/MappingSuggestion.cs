using System.Globalization;
using System.Text;

namespace Tangent.Collect;

/// <summary>Guesses from names and content which column stands for which field.</summary>
internal static class MappingSuggestion
{
    // The likeliest name first; compared without case, blanks, signs and diacritics.
    private static readonly (ImportField Field, string[] Names)[] Known =
    [
        (ImportField.Customer, ["caseconceptname", "customerid", "userid", "customer", "customernumber", "customerno", "kundennummer", "kundennr", "kundenid", "kunde", "idklienta", "nrklienta", "numerklienta", "klientid", "klient", "clientid", "client", "contactid", "personid", "memberid", "profileid", "householdid", "accountid", "caseid", "case", "user", "email", "recipient"]),
        (ImportField.AnonymousId, ["anonymousid", "visitorid", "anonid", "domainuserid", "deviceid", "cookieid", "besucherid"]),
        (ImportField.Event, ["conceptname", "event", "eventname", "activity", "touchpoint", "action", "interaction", "eventtype", "ereignis", "ereignisname", "aktivitat", "kontaktpunkt", "aktion", "vorgang", "zdarzenie", "nazwazdarzenia", "aktywnosc", "czynnosc", "punktstyku", "type", "typ", "step", "status"]),
        (ImportField.Time, ["timetimestamp", "timestamp", "eventtime", "occurredat", "datetime", "time", "eventdate", "date", "createdat", "created", "transactiontimestamp", "completetimestamp", "starttimestamp", "zeitstempel", "zeitpunkt", "zeit", "datumuhrzeit", "datum", "znacznikczasu", "dataiczas", "czas", "datagodzina", "data"]),
        (ImportField.Channel, ["casechannel", "channel", "channelname", "kanal", "vertriebskanal", "kana", "medium"]),
        (ImportField.Value, ["value", "revenue", "amount", "total", "salesvalue", "ordervalue", "price", "betrag", "wert", "umsatz", "preis", "wartosc", "kwota", "przychod", "cena"]),
        (ImportField.Currency, ["currency", "currencycode", "wahrung", "waehrung", "waluta"]),
        (ImportField.Path, ["path", "pagepath", "url", "pageurl", "page", "seite", "pfad", "sciezka", "strona", "adresstrony"]),
        (ImportField.Campaign, ["campaign", "campaignname", "utmcampaign", "campaignid", "kampagne", "kampania"]),
    ];

    /// <param name="columns">Names in the order of the file.</param>
    /// <param name="records">Some rows of the file; values by column.</param>
    public static ImportMapping Suggest(IReadOnlyList<string> columns, IReadOnlyList<string[]> records)
    {
        var plain = columns.Select(Plain).ToArray();
        var taken = new Dictionary<ImportField, int>();
        foreach (var (field, names) in Known)
        {
            var best = names.Select(n => Array.FindIndex(plain, p => p == n))
                .Where(i => i >= 0 && !taken.ContainsValue(i) && Fits(field, Values(records, i)))
                .Append(-1).First();
            if (best >= 0) taken[field] = best;
        }

        if (!taken.ContainsKey(ImportField.Time)) Take(ImportField.Time, i => ShareOfDates(Values(records, i)) >= 0.9);
        // Named like a time but unreadable: taken all the same, so that the refusal can show a value of it.
        if (!taken.ContainsKey(ImportField.Time)) Take(ImportField.Time, i => Known.Single(k => k.Field == ImportField.Time).Names.Contains(plain[i]));
        if (!taken.ContainsKey(ImportField.Customer) && !taken.ContainsKey(ImportField.AnonymousId))
            Take(ImportField.Customer, i => IsIdName(columns[i]) && Distinct(records, i) < records.Count);
        if (!taken.ContainsKey(ImportField.Event)) Take(ImportField.Event, i => IsEventLike(records, i));
        return new ImportMapping(taken.OrderBy(t => t.Key).ToDictionary(t => ImportMapping.NameOf(t.Key), t => columns[t.Value]));

        void Take(ImportField field, Func<int, bool> fits)
        {
            var found = Enumerable.Range(0, columns.Count).Where(i => !taken.ContainsValue(i) && columns[i].Length > 0 && fits(i)).Append(-1).First();
            if (found >= 0) taken[field] = found;
        }
    }

    private static bool Fits(ImportField field, IEnumerable<string> values)
    {
        // By its name a column may hold many bad values.
        if (field == ImportField.Time) return ShareOfDates(values) is >= 0.5 or double.NaN;
        if (field != ImportField.Value) return true;
        var list = values.ToList();
        return list.Count(v => v.Any(char.IsAsciiDigit)) >= list.Count * 0.8;
    }

    /// <summary>Share of the values that are dates of one form; not a number where there are no values.</summary>
    private static double ShareOfDates(IEnumerable<string> values)
    {
        var dates = new DateDetection();
        foreach (var value in values) dates.Add(Encoding.UTF8.GetBytes(value));
        return dates.Seen == 0 ? double.NaN : dates.Share;
    }

    private static bool IsIdName(string name) =>
        name.EndsWith("id", StringComparison.OrdinalIgnoreCase) || name.EndsWith("nr", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("number", StringComparison.OrdinalIgnoreCase) || name.EndsWith("key", StringComparison.OrdinalIgnoreCase);

    /// <summary>Words from a short list that repeat: names of events, not numbers, dates or free text.</summary>
    private static bool IsEventLike(IReadOnlyList<string[]> records, int column)
    {
        var values = Values(records, column).ToList();
        var distinct = values.Distinct(StringComparer.Ordinal).Count();
        return values.Count >= 4 && distinct >= 2 && distinct <= Math.Min(100, values.Count / 2)
            && values.All(v => v.Any(char.IsLetter) && v.Length <= 100) && ShareOfDates(values) < 0.5;
    }

    private static int Distinct(IReadOnlyList<string[]> records, int column) => Values(records, column).Distinct(StringComparer.Ordinal).Count();

    private static IEnumerable<string> Values(IReadOnlyList<string[]> records, int column) =>
        records.Where(r => column < r.Length && r[column].Length > 0).Select(r => r[column]);

    private static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var c in name.Normalize(NormalizationForm.FormD))
            if (char.IsAsciiLetterOrDigit(c)) plain.Append(char.ToLower(c, CultureInfo.InvariantCulture));
        return plain.ToString();
    }
}
