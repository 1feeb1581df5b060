using System.Text;
using Tangent.Web;

namespace Tangent.Collect;

/// <summary>Guesses which column of a file of records stands for which field: by its header (English, German, Polish), else by what stands in it.</summary>
internal static class FieldGuess
{
    // Compared without case, accents, blanks and signs; the likeliest first.
    private static readonly (ImportField Field, string[] Names)[] Known =
    [
        (ImportField.Email, ["email", "emailaddress", "emailadresse", "mail", "mailadresse", "adresemail", "poczta"]),
        (ImportField.Phone, ["phone", "phonenumber", "telephone", "telefon", "telefonnummer", "tel", "mobile", "mobilephone", "mobil", "handy", "handynummer", "numertelefonu", "nrtelefonu", "komorka"]),
        (ImportField.Mobile, ["mobile", "mobilephone", "mobilephonenumber", "mobilenumber", "mobil", "mobiltelefon", "mobilnummer", "handy", "handynummer", "komorka", "telefonkomorkowy"]),
        (ImportField.FirstName, ["firstname", "givenname", "vorname", "imie", "fname"]),
        (ImportField.LastName, ["lastname", "surname", "familyname", "nachname", "familienname", "nazwisko", "lname"]),
        (ImportField.Title, ["title", "salutation", "titel", "anrede", "akademischertitel", "tytul", "zwrotgrzecznosciowy"]),
        (ImportField.Street, ["street", "streetaddress", "address", "address1", "addressline1", "strasse", "strassehausnummer", "anschrift", "adresse", "ulica", "adres"]),
        (ImportField.Postcode, ["postcode", "postalcode", "zip", "zipcode", "plz", "postleitzahl", "kodpocztowy"]),
        (ImportField.City, ["city", "town", "ort", "stadt", "wohnort", "miasto", "miejscowosc"]),
        (ImportField.Country, ["country", "countrycode", "countryregion", "land", "laendercode", "kraj", "panstwo"]),
        (ImportField.BirthDate, ["birthdate", "dateofbirth", "birthday", "dob", "geburtsdatum", "geburtstag", "dataurodzenia"]),
        (ImportField.Company, ["company", "companyname", "organisation", "organization", "firma", "firmenname", "unternehmen", "nazwafirmy"]),
        (ImportField.CompanyId, ["companyid", "accountid", "organizationid", "firmenid", "firmennummer", "unternehmensid", "idfirmy", "numerfirmy"]),
        (ImportField.ParentId, ["parentid", "parentaccountid", "parentcompanyid", "muttergesellschaft", "konzern", "idspolkimatki"]),
        (ImportField.JobTitle, ["jobtitle", "position", "function", "funktion", "berufsbezeichnung", "stanowisko"]),
        (ImportField.BuyingRole, ["buyingrole", "role", "rolle", "kaufrolle", "rola"]),
        (ImportField.Website, ["website", "web", "url", "domain", "webseite", "homepage", "stronawww", "strona"]),
        (ImportField.Industry, ["industry", "branche", "branza"]),
        (ImportField.Customer, ["customerid", "customer", "customernumber", "customerno", "contactid", "userid", "personid", "clientid", "kundennummer", "kundennr", "kundenid", "kunde", "kontaktid", "idklienta", "numerklienta", "nrklienta", "klient", "idkontaktu", "respondentid", "respondent"]),
        (ImportField.CustomerNumber, ["customernumber", "customerno", "kundennummer", "kundennr", "numerklienta", "nrklienta"]),
        (ImportField.Time, ["date", "createdat", "createdon", "createdate", "created", "orderedon", "orderedat", "placedon", "placedat", "start", "startsat", "startson", "bestelltam", "gekauftam", "orderdate", "invoicedate", "startdate", "timestamp", "answeredat", "submittedat", "completedat", "reviewdate", "responsedate", "time", "datum", "bestelldatum", "rechnungsdatum", "erstelltam", "beginn", "data", "datazamowienia", "datafaktury", "datautworzenia", "poczatek"]),
        (ImportField.Closed, ["closedat", "closedate", "closeddate", "closed", "enddate", "end", "endsat", "endson", "geschlossenam", "abschlussdatum", "ende", "datazamkniecia", "koniec"]),
        (ImportField.Value, ["amount", "total", "value", "sum", "ordertotal", "grandtotal", "price", "betrag", "summe", "gesamtbetrag", "wert", "preis", "kwota", "suma", "wartosc", "cena", "razem"]),
        (ImportField.Currency, ["currency", "currencycode", "wahrung", "waehrung", "waluta"]),
        (ImportField.Status, ["status", "state", "stage", "dealstage", "phase", "stan", "etap"]),
        (ImportField.Subject, ["subject", "name", "dealname", "summary", "betreff", "bezeichnung", "temat", "nazwa"]),
        (ImportField.Product, ["product", "productname", "item", "article", "plan", "produkt", "artikel", "produktname", "towar", "nazwaproduktu"]),
        (ImportField.Deal, ["dealid", "opportunityid", "deal"]),
        (ImportField.Owner, ["owner", "ownerid", "contactowner", "salesrep", "betreuer", "ansprechpartner", "verantwortlich", "opiekun", "wlasciciel"]),
        (ImportField.MergedIds, ["mergedids", "mergedid", "mergedcontactids", "mergedrecordids", "duplicateid", "zusammengefuehrt", "scalone"]),
        (ImportField.Updated, ["updatedat", "modifiedat", "lastmodified", "lastmodifieddate", "modifieddate", "updated", "geandertam", "geaendertam", "aktualisiert", "datamodyfikacji", "zmieniono"]),
        (ImportField.Event, ["activity", "event", "type", "activitytype", "eventtype", "aktivitaet", "aktivitat", "ereignis", "art", "typ", "rodzaj", "zdarzenie"]),
        (ImportField.Channel, ["channel", "kanal"]),
        (ImportField.Campaign, ["campaign", "campaignid", "campaignname", "kampagne", "kampania"]),
        (ImportField.ContactPoint, ["contactpoint", "kontaktpunkt", "punktkontaktu"]),
        (ImportField.Purpose, ["purpose", "zweck", "cel"]),
        (ImportField.Topic, ["topic", "list", "thema", "liste", "temat", "lista"]),
        (ImportField.State, ["state", "consent", "status", "optin", "einwilligung", "zustand", "zgoda", "stan"]),
        (ImportField.Wording, ["wording", "text", "wortlaut", "einwilligungstext", "tresc", "trescezgody"]),
        (ImportField.WordingVersion, ["wordingversion", "version", "textversion", "wersja"]),
        (ImportField.Touchpoint, ["touchpoint", "touchpointname", "kontaktpunkt", "location", "store", "shop", "branch", "standort", "filiale", "punktstyku", "lokalizacja", "oddzial"]),
        (ImportField.Metric, ["metric", "kpi", "kennzahl", "metrik", "metryka", "wskaznik"]),
        (ImportField.Score, ["score", "rating", "stars", "starrating", "reviewrating", "value", "answer", "nps", "npsscore", "csat", "csatscore", "ces", "cesscore", "bewertung", "sterne", "note", "punkte", "antwort", "ocena", "gwiazdki", "wynik", "odpowiedz"]),
        (ImportField.Scale, ["scale", "skala"]),
        (ImportField.Comment, ["comment", "comments", "reviewtext", "reviewbody", "review", "text", "feedback", "verbatim", "kommentar", "rezension", "bewertungstext", "freitext", "komentarz", "opinia", "recenzja", "tresc"]),
        (ImportField.Language, ["language", "lang", "locale", "sprache", "jezyk"]),
        (ImportField.Survey, ["survey", "surveyname", "portal", "source", "platform", "umfrage", "plattform", "quelle", "ankieta", "platforma", "zrodlo"]),
        (ImportField.Question, ["question", "frage", "pytanie"]),
        (ImportField.Name, ["name", "fullname", "contactname", "customername", "companyname", "kundenname", "firma", "company", "imieinazwisko", "nazwa", "nazwafirmy"]),
    ];

    private static readonly string[] OtherDays = ["birth", "geburt", "urodz", "sync", "updat", "modif", "chang", "aender", "andert", "zmian", "due", "faellig", "fallig", "termin", "deliver", "liefer", "dostaw", "paid", "bezahlt", "zaplac", "valid", "gueltig", "gultig", "wazn"];

    private static readonly Dictionary<ImportKind, string[]> Numbers = new()
    {
        [ImportKind.Persons] = ["recordid", "id", "contactid", "personid", "userid", "customerid", "kontaktid", "kundenid", "idklienta", "idkontaktu"],
        [ImportKind.Companies] = ["recordid", "id", "companyid", "accountid", "firmenid", "firmennummer", "kundennummer", "idfirmy", "nip"],
        [ImportKind.Orders] = ["orderid", "ordernumber", "orderno", "recordid", "bestellnummer", "bestellnr", "auftragsnummer", "numerzamowienia", "nrzamowienia", "zamowienie", "order", "number", "id"],
        [ImportKind.Invoices] = ["invoiceid", "invoicenumber", "invoiceno", "recordid", "rechnungsnummer", "rechnungsnr", "belegnummer", "numerfaktury", "nrfaktury", "faktura", "invoice", "number", "id"],
        [ImportKind.Tickets] = ["ticketid", "ticketnumber", "casenumber", "recordid", "ticketnummer", "vorgangsnummer", "numerzgloszenia", "zgloszenie", "ticket", "number", "id"],
        [ImportKind.Deals] = ["dealid", "opportunityid", "recordid", "angebotsnummer", "chancenid", "idszansy", "deal", "id"],
        [ImportKind.Subscriptions] = ["subscriptionid", "contractnumber", "recordid", "abonummer", "vertragsnummer", "abonnement", "numerumowy", "abonament", "subscription", "id"],
        [ImportKind.Activities] = ["activityid", "engagementid", "callid", "meetingid", "recordid", "id"],
        [ImportKind.Feedback] = ["responseid", "answerid", "reviewid", "feedbackid", "recordid", "antwortid", "bewertungsid", "idodpowiedzi", "idopinii", "id"],
        [ImportKind.Merges] = ["canonicalid", "masterid", "survivorid", "keptid", "recordid", "contactid", "id"],
    };

    /// <param name="kind">What the file holds.</param>
    /// <param name="columns">Names in the order of the file.</param>
    /// <param name="records">Some rows; values by column.</param>
    public static ImportMapping Suggest(ImportKind kind, IReadOnlyList<string> columns, IReadOnlyList<string[]> records)
    {
        var plain = columns.Select(Plain).ToArray();
        var taken = new Dictionary<ImportField, int>();
        Take(ImportField.RecordId, Numbers.GetValueOrDefault(kind) ?? []);
        foreach (var (field, names) in Known)
            if (ImportKinds.Fields(kind).Contains(field)) Take(field, names);
        if (ImportKinds.Fields(kind).Contains(ImportField.Email) && !taken.ContainsKey(ImportField.Email)) TakeBy(ImportField.Email, v => v.Contains('@') && !v.Contains(' '));
        if (GuessesTime(kind) && !taken.ContainsKey(ImportField.Time)) TakeBy(ImportField.Time, v => DateFormat.IsDate(Encoding.UTF8.GetBytes(v)), IsOfAnotherDay);
        if (ImportKinds.Fields(kind).Contains(ImportField.Phone) && !taken.ContainsKey(ImportField.Phone)) TakeBy(ImportField.Phone, v => IsPhone(v) && !DateFormat.IsDate(Encoding.UTF8.GetBytes(v)));
        return new ImportMapping(taken.OrderBy(t => t.Key).ToDictionary(t => ImportMapping.NameOf(t.Key), t => columns[t.Value]), kind);

        void Take(ImportField field, string[] names)
        {
            var found = names.Select(n => Array.FindIndex(plain, p => p == n)).Where(i => i >= 0 && !taken.ContainsValue(i) && Fits(field, i)).Append(-1).First();
            if (found >= 0) taken[field] = found;
        }

        void TakeBy(ImportField field, Func<string, bool> fits, Func<string, bool>? isOther = null)
        {
            var found = Enumerable.Range(0, columns.Count).Where(i => !taken.ContainsValue(i) && columns[i].Length > 0 && isOther?.Invoke(plain[i]) != true && Share(i, fits) > 0.6).Append(-1).First();
            if (found >= 0) taken[field] = found;
        }

        bool Fits(ImportField field, int column) => field switch
        {
            // A named column may hold many bad values; one that holds none is something else.
            ImportField.Email => Share(column, v => v.Contains('@')) is > 0 or double.NaN,
            // Each date is read by itself where the column's usual form does not fit.
            ImportField.Time or ImportField.Closed or ImportField.Updated or ImportField.BirthDate => ShareOfDates(column) is >= 0.5 or double.NaN || Share(column, v => DateFormat.IsDate(Encoding.UTF8.GetBytes(v))) >= 0.5,
            ImportField.Score => Share(column, v => ScoreText.Read(v) is not null) is >= 0.5 or double.NaN,
            ImportField.Value => Share(column, v => v.Any(char.IsAsciiDigit)) is >= 0.5 or double.NaN,
            _ => true,
        };

        double Share(int column, Func<string, bool> fits)
        {
            var values = Values(column).ToList();
            return values.Count == 0 ? double.NaN : values.Count(fits) / (double)values.Count;
        }

        double ShareOfDates(int column)
        {
            var dates = new DateDetection();
            foreach (var value in Values(column)) dates.Add(Encoding.UTF8.GetBytes(value));
            return dates.Seen == 0 ? double.NaN : dates.Share;
        }

        IEnumerable<string> Values(int column) => records.Where(r => column < r.Length && r[column].Length > 0).Select(r => r[column]);
    }

    /// <summary>A name without case, accents, blanks and signs.</summary>
    public static string Plain(string name) => string.Concat(FoldedText.Of(name).Where(char.IsAsciiLetterOrDigit));

    /// <summary>What has one day of its own; of a consent or an activity another day would be a wrong one.</summary>
    private static bool GuessesTime(ImportKind kind) => kind is >= ImportKind.Orders and <= ImportKind.Subscriptions;

    /// <summary>A day of the person, of the row in its program, or of what comes later.</summary>
    private static bool IsOfAnotherDay(string plain) =>
        Known.Any(k => k.Field is ImportField.BirthDate or ImportField.Updated or ImportField.Closed && k.Names.Contains(plain)) || OtherDays.Any(d => plain.Contains(d, StringComparison.Ordinal));

    private static bool IsPhone(string text) =>
        text.Length >= 8 && text.AsSpan().IndexOfAny("+ -/(") >= 0 && text.Count(char.IsAsciiDigit) is >= 6 and <= 16 && text.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '-' or '/' or '(' or ')' or '.');
}
