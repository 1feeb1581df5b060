using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tangent.Collect;

/// <summary>
/// The lines of the log that one row becomes: what it says of a person or company (<c>identify</c>, <c>group</c>), who belongs where, who is one
/// (<c>alias</c>), the event at its touchpoint, and the record itself. The line that the row is known by comes last, so that a row cut in two by
/// a stop is taken again.
/// </summary>
/// <param name="preset">The program whose export it is: its prefix is put before every id, so that it cannot be taken for somebody else's (<c>hubspot:</c>).</param>
/// <param name="activities">Those that came in other files.</param>
/// <param name="touchpointOf">Name in the catalogue of what feedback says it is of; null where there is none.</param>
internal sealed partial class RecordLines(int sourceId, Preset? preset, IngestionOptions limits, KnownActivities activities, Func<string, string?> touchpointOf) : IDisposable
{
    private readonly string _prefix = preset?.Prefix ?? "";

    private static readonly ImportField[] Facts =
    [
        ImportField.Name, ImportField.Title, ImportField.FirstName, ImportField.LastName, ImportField.Email, ImportField.Phone, ImportField.Mobile, ImportField.Street, ImportField.Postcode, ImportField.City,
        ImportField.Country, ImportField.CustomerNumber, ImportField.BirthDate, ImportField.Company, ImportField.JobTitle, ImportField.BuyingRole, ImportField.Website, ImportField.Industry,
    ];

    private static readonly char[] BetweenIds = [';', ',', '|', ' '];

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    private readonly List<(UInt128 Key, int Start, int Length)> _lines = [];
    private string _user = "";
    private bool _onlyLinks;

    /// <summary>What stands before every id.</summary>
    public string Prefix => _prefix;

    public int Count => _lines.Count;

    public (UInt128 Key, ReadOnlyMemory<byte> Json) this[int number] => (_lines[number].Key, _buffer.WrittenMemory.Slice(_lines[number].Start, _lines[number].Length));

    public void Clear()
    {
        _lines.Clear();
        _buffer.ResetWrittenCount();
    }

    public void Dispose() => _json.Dispose();

    /// <summary>Finds out whom and what a row is of.</summary>
    /// <returns>What tells its record from others; null where the row is rejected.</returns>
    public string? Identify(RecordRow row)
    {
        var own = row.Kind == ImportKind.Persons ? ImportField.RecordId : ImportField.Customer;
        // Shops number those who order without signing up 0: that is nobody.
        var named = row.Has(own) && (row[own] != "0" || _prefix.Length == 0);
        _user = named ? _prefix + row[own] : row.Kind == ImportKind.Persons && row.Has(ImportField.CustomerNumber) ? row[ImportField.CustomerNumber] : row[ImportField.Email];
        // Where exports hide addresses, what stands for one still tells its person from others.
        if (_user.Length == 0 && row.Kind == ImportKind.Activities && row.Originals.Find(o => o.Field == ImportField.Email).Value is { Length: > 0 } hidden) _user = _prefix + hidden;
        var problem = row.Kind switch
        {
            ImportKind.Persons when _user.Length == 0 => "The row has no id, no customer number and no e-mail address; nobody can be told by it.",
            ImportKind.Companies when !row.Has(ImportField.RecordId) && !row.Has(ImportField.Name) => "The row has neither id nor name of the company.",
            ImportKind.Consents when _user.Length == 0 && !row.Has(ImportField.Phone) => "The row does not say whose consent it is.",
            ImportKind.Consents when !row.Has(ImportField.Purpose) || ConsentWord(row[ImportField.State]).Length == 0 => "The row does not say what for, or not whether the consent is given, withdrawn or pending.",
            ImportKind.Consents when ConsentNames.KeyOf(row[ImportField.Purpose]) is null || (row.Has(ImportField.Topic) && ConsentNames.KeyOf(row[ImportField.Topic]) is null) => "Purpose and topic are at most 60 letters, digits and . _ - each.",
            ImportKind.Consents when ContactPointOf(row) is null => "The row does not name the e-mail address or the telephone number whose consent it is; only tracking is a customer's as such.",
            ImportKind.Merges when !row.Has(ImportField.RecordId) || !row.Has(ImportField.MergedIds) => "The row does not name two persons.",
            ImportKind.Activities when row.Has(ImportField.RecordId) && !row.Has(ImportField.Time) && _user.Length == 0 => "The row says neither when the activity was nor whose it is.",
            (>= ImportKind.Orders and <= ImportKind.Subscriptions) or ImportKind.Activities when !row.Has(ImportField.RecordId) => $"The row has no number of the {ImportKinds.One(row.Kind)}.",
            _ => null,
        };
        if (problem is not null) row.Reject(Rejection.IdMissing, problem);
        else if (row.Kind is ImportKind.Orders or ImportKind.Invoices && !row.Has(ImportField.Time) && row.Has(ImportField.Value)) row.Reject(Rejection.TimeMissing, $"The row does not say when the {ImportKinds.One(row.Kind)} was.");
        // Without its day a word would be today's, and stand above what the customer withdrew since.
        else if (row.Kind == ImportKind.Consents && !row.Has(ImportField.Time) && ConsentWord(row[ImportField.State]) != "withdrawn") row.Reject(Rejection.TimeMissing, "The row does not say when the consent was given.");
        if (row.Kind == ImportKind.Feedback) _said = FeedbackRow.Of(row, touchpointOf);
        if (row.Reason != Rejection.None) return null;
        if (row.Kind == ImportKind.Feedback && !row.Has(ImportField.RecordId)) return Alike(row);
        _onlyLinks = (row.Kind is >= ImportKind.Orders and <= ImportKind.Subscriptions && IsOnlyLinks(row)) || (row.Kind == ImportKind.Activities && !row.Has(ImportField.Time));
        var isWord = row.Kind is ImportKind.Consents or ImportKind.Merges || _onlyLinks;
        return isWord ? $"{row.Kind} {Convert.ToHexString(row.Content)}"
            : row.Kind == ImportKind.Persons ? $"{row.Kind} {_user}" : $"{row.Kind} {(row.Has(ImportField.RecordId) ? row[ImportField.RecordId] : row[ImportField.Name])}";
    }

    /// <summary>Writes the row's lines.</summary>
    /// <param name="row">Identified before.</param>
    /// <param name="key">Key of the line that it is known by.</param>
    /// <param name="changed">The record was known: what is empty now is said to be so.</param>
    public void Write(RecordRow row, UInt128 key, bool changed)
    {
        switch (row.Kind)
        {
            case ImportKind.Persons:
                foreach (var merged in Split(row[ImportField.MergedIds])) if (_prefix + merged != _user) Alias(merged);
                if (row.Has(ImportField.CompanyId)) Member(row, Derived(key, 1));
                Person(row, key, changed, withOthers: true);
                break;
            case ImportKind.Companies:
                Company(row, key, changed);
                break;
            case ImportKind.Consents:
                Consent(row, key);
                break;
            case ImportKind.Merges:
                _user = _prefix + row[ImportField.RecordId];
                var others = Split(row[ImportField.MergedIds]);
                for (var i = 0; i < others.Length; i++) Alias(others[i], i == others.Length - 1 ? key : null);
                break;
            case ImportKind.Activities:
                Activity(row, key);
                break;
            case ImportKind.Feedback:
                if (_user.Length > 0 && row.Has(ImportField.Email)) Person(row, Derived(key, 2), changed: false, withOthers: false);
                Feedback(row, _said!, key);
                break;
            default:
                if (_user.Length > 0 && row.Has(ImportField.Email)) Person(row, Derived(key, 2), changed: false, withOthers: false);
                if (_user.Length > 0 && row.Has(ImportField.CompanyId)) Member(row, Derived(key, 1));
                if (_user.Length > 0 && row.Has(ImportField.Time)) Event(row);
                Record(row, key, changed);
                break;
        }

        foreach (var (_, _, length) in _lines)
            if (length > limits.MaxEventBytes) row.Reject(Rejection.EventTooLarge, $"The row becomes {length} bytes; at most {limits.MaxEventBytes} are allowed.");
    }

    private static bool IsOnlyLinks(RecordRow row)
    {
        foreach (var field in ImportKinds.Fields(row.Kind))
            if (field is not (ImportField.RecordId or ImportField.Customer or ImportField.Email or ImportField.CompanyId or ImportField.Deal or ImportField.Updated) && row.Has(field)) return false;
        return row.Others.Count == 0 && (row.Has(ImportField.Customer) || row.Has(ImportField.Email) || row.Has(ImportField.CompanyId) || row.Has(ImportField.Deal));
    }

    private void Alias(string merged, UInt128? key = null)
    {
        Begin("alias"u8, _user);
        _json.WriteString("previousId"u8, _prefix + merged);
        End(key ?? Derived(0, 3, _user + "\u0001" + merged));
    }

    private void Member(RecordRow row, UInt128 key)
    {
        Begin("group"u8, _user, row[ImportField.Updated]);
        _json.WriteString("groupId"u8, _prefix + row[ImportField.CompanyId]);
        if (row.Has(ImportField.Company))
        {
            _json.WriteStartObject("traits"u8);
            _json.WriteString("name"u8, row[ImportField.Company]);
            _json.WriteEndObject();
        }

        End(key);
    }

    private void Person(RecordRow row, UInt128 key, bool changed, bool withOthers)
    {
        Begin("identify"u8, _user, row[ImportField.Updated]);
        _json.WriteStartObject("traits"u8);
        Traits(row, changed && withOthers, withOthers);
        End(key, 1);
    }

    private void Company(RecordRow row, UInt128 key, bool changed)
    {
        Begin("group"u8, "", row[ImportField.Updated]);
        _json.WriteString("groupId"u8, row.Has(ImportField.RecordId) ? _prefix + row[ImportField.RecordId] : row[ImportField.Name]);
        _json.WriteStartObject("traits"u8);
        if (row.Has(ImportField.ParentId)) _json.WriteString("parentId"u8, _prefix + row[ImportField.ParentId]);
        else if (changed) _json.WriteNull("parentId"u8);
        Traits(row, changed, withOthers: true);
        End(key, 1);
    }

    private void Traits(RecordRow row, bool changed, bool withOthers)
    {
        var fields = ImportKinds.Fields(row.Kind);
        foreach (var field in Facts)
        {
            if (row.Has(field)) _json.WriteString(ImportMapping.NameOf(field), row[field]);
            // Whose company has a number is of that company, whatever else is empty.
            else if (changed && fields.Contains(field) && !(field == ImportField.Company && row.Has(ImportField.CompanyId))) _json.WriteNull(ImportMapping.NameOf(field));
        }

        if (withOthers)
        {
            if (row.Has(ImportField.Owner)) _json.WriteString("owner"u8, row[ImportField.Owner]);
            foreach (var (name, value) in row.Others) _json.WriteString(name, value);
        }

        if (row.Originals.Count == 0)
        {
            if (changed) _json.WriteNull("original"u8);
            return;
        }

        _json.WriteStartObject("original"u8);
        foreach (var (field, value) in row.Originals) _json.WriteString(ImportMapping.NameOf(field), value);
        _json.WriteEndObject();
    }

    private void Consent(RecordRow row, UInt128 key)
    {
        Begin("identify"u8, _user.Length > 0 ? _user : row[ImportField.Phone], row[ImportField.Time]);
        _json.WriteStartObject("consent"u8);
        _json.WriteString("contactPoint"u8, ContactPointOf(row));
        _json.WriteString("purpose"u8, row[ImportField.Purpose]);
        if (row.Has(ImportField.Topic)) _json.WriteString("topic"u8, row[ImportField.Topic]);
        _json.WriteString("state"u8, ConsentWord(row[ImportField.State]));
        if (row.Has(ImportField.Wording)) _json.WriteString("wording"u8, row[ImportField.Wording]);
        if (row.Has(ImportField.WordingVersion)) _json.WriteString("wordingVersion"u8, row[ImportField.WordingVersion]);
        End(key, 1);
    }

    /// <summary>The event is there once, whatever becomes of the record later.</summary>
    private void Event(RecordRow row)
    {
        Begin("track"u8, _user);
        _json.WriteString("event"u8, ImportKinds.EventOf(row.Kind));
        _json.WriteString("timestamp"u8, row[ImportField.Time]);
        _json.WriteStartObject("properties"u8);
        _json.WriteString("recordId"u8, row[ImportField.RecordId]);
        Amount(row);
        foreach (var field in (ReadOnlySpan<ImportField>)[ImportField.Status, ImportField.Product])
            if (row.Has(field)) _json.WriteString(ImportMapping.NameOf(field), row[field]);
        if (row.Further.Count > 0)
        {
            _json.WriteStartArray("products"u8);
            foreach (var product in row.Further.Select(f => f.Product).Prepend(row[ImportField.Product]).Where(p => p.Length > 0)) _json.WriteStringValue(product);
            _json.WriteEndArray();
        }

        End(Derived(0, 4, $"{row.Kind} {row[ImportField.RecordId]}"), 1);
    }

    private void Record(RecordRow row, UInt128 key, bool changed)
    {
        Begin("identify"u8, _user);
        _json.WriteStartObject("record"u8);
        _json.WriteString("kind"u8, ImportKinds.One(row.Kind));
        _json.WriteString("id"u8, row[ImportField.RecordId]);
        if (row.Has(ImportField.CompanyId)) _json.WriteString("account"u8, _prefix + row[ImportField.CompanyId]);
        Amount(row);
        foreach (var (field, name) in (ReadOnlySpan<(ImportField, string)>)[(ImportField.Subject, "title"), (ImportField.Status, "status"), (ImportField.Time, "at"), (ImportField.Closed, "closed")])
        {
            if (row.Has(field)) _json.WriteString(name, row[field]);
            else if (changed) _json.WriteNull(name);
        }

        _json.WriteStartObject("fields"u8);
        foreach (var field in (ReadOnlySpan<ImportField>)[ImportField.Product, ImportField.Owner, ImportField.Deal])
            if (row.Has(field)) _json.WriteString(ImportMapping.NameOf(field), row[field]);
        var ofProducts = row.Further.Count > 0 ? row.ColumnsOfProducts() : null;
        foreach (var (name, value) in row.Others)
            if (ofProducts?.Contains(name) != true) _json.WriteString(name, value);
        if (ofProducts is not null) Products(row, ofProducts);
        End(key, 2);
    }

    private void Products(RecordRow row, IReadOnlySet<string> columns)
    {
        _json.WriteStartArray("products"u8);
        foreach (var (product, others) in row.Further.Prepend((row[ImportField.Product], [.. row.Others])))
        {
            _json.WriteStartObject();
            if (product.Length > 0) _json.WriteString("product"u8, product);
            foreach (var (name, value) in others)
                if (columns.Contains(name)) _json.WriteString(name, value);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void Amount(RecordRow row)
    {
        if (row.Has(ImportField.Value))
        {
            _json.WritePropertyName("value"u8);
            _json.WriteRawValue(row[ImportField.Value], skipInputValidation: true);
        }

        if (row.Has(ImportField.Currency)) _json.WriteString("currency"u8, row[ImportField.Currency].ToUpperInvariant());
    }

    private void Begin(ReadOnlySpan<byte> type, string user, string at = "")
    {
        _lines.Add((0, _buffer.WrittenCount, 0));
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _json.WriteString("type"u8, type);
        if (user.Length > 0) _json.WriteString("userId"u8, user);
        // Said in the future it would stand above everything that comes.
        if (at.Length > 0 && string.CompareOrdinal(at, DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture)) < 0) _json.WriteString("timestamp"u8, at);
    }

    private void End(UInt128 key, int open = 0)
    {
        for (; open >= 0; open--) _json.WriteEndObject();
        _json.Flush();
        var start = _lines[^1].Start;
        _lines[^1] = (key, start, _buffer.WrittenCount - start);
    }

    /// <summary>Another key than that of the row, the same for the same.</summary>
    private UInt128 Derived(UInt128 key, byte tag, string text = "") => ContentHash.Of(sourceId, Encoding.UTF8.GetBytes($"{key:x32} {tag} {text}"));

    private static string[] Split(string ids) => ids.Split(BetweenIds, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Whose consent a row is: of tracking the customer's as such, and nothing is named; else an address, a number or what the row names.</summary>
    /// <returns>Null where it names nothing that can be read.</returns>
    private string? ContactPointOf(RecordRow row)
    {
        if (row.Has(ImportField.ContactPoint)) return ConsentNames.PointOf(row[ImportField.ContactPoint]);
        if (_user.Length > 0 && ConsentNames.KeyOf(row[ImportField.Purpose]) == ConsentNames.Tracking) return "";
        return row.Has(ImportField.Email) ? $"email:{row[ImportField.Email]}" : row.Has(ImportField.Phone) ? $"phone:{row[ImportField.Phone]}" : null;
    }

    /// <returns>given, withdrawn or pending; empty where the word is none of them.</returns>

    private static string ConsentWord(string text) => text.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal) switch
    {
        "given" or "granted" or "true" or "yes" or "1" or "optin" or "optedin" or "subscribed" or "confirmed" or "active" or "ja" or "erteilt" or "gegeben" or "tak" or "wyrażona" or "udzielona" => "given",
        "withdrawn" or "denied" or "false" or "no" or "0" or "optout" or "optedout" or "unsubscribed" or "revoked" or "declined" or "nein" or "widerrufen" or "abgelehnt" or "nie" or "wycofana" or "cofnięta" => "withdrawn",
        "pending" or "unconfirmed" or "offen" or "unbestätigt" or "oczekuje" or "niepotwierdzona" => "pending",
        _ => "",
    };
}
