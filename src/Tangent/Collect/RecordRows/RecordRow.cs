using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tangent.Collect;

/// <summary>One row of a file of records: its values by field, brought into one form, and what it says besides.</summary>
internal sealed class RecordRow(ImportKind kind, string country, IngestionOptions limits) : ImportedRow
{
    // Columns that shops write anew for each product of an order, whatever their values are.
    private static readonly string[] OfProducts = ["lineitem", "item", "quantity", "qty", "sku", "menge", "anzahl", "artikel", "ilosc", "towar", "pozycja"];

    // Rows of one order may say again and again what is kept once; more than this together can become no event.
    private const int RowsRepeat = 16;

    private readonly long _latestMs = limits.LatestMs(DateTime.UtcNow);
    private string[] _values = new string[Enum.GetValues<ImportField>().Length];
    private ArrayBufferWriter<byte> _content = new(1024);

    public ImportKind Kind => kind;

    /// <summary>Values of columns that are no field, by name.</summary>
    public List<(string Name, string Value)> Others { get; private set; } = [];

    /// <summary>Values as they were written, where they are kept in another form.</summary>
    public List<(ImportField Field, string Value)> Originals { get; private set; } = [];

    /// <summary>The further rows of an order of several products: product and other columns.</summary>
    public List<(string Product, (string Name, string Value)[] Others)> Further { get; private set; } = [];

    /// <summary>What makes two rows the same.</summary>
    public ReadOnlySpan<byte> Content => _content.WrittenSpan;

    public string this[ImportField field]
    {
        get => _values[(int)field];
        private set => _values[(int)field] = value;
    }

    public bool Has(ImportField field) => this[field].Length > 0;

    public override void Begin()
    {
        base.Begin();
        _values.AsSpan().Fill("");
        Others.Clear();
        Originals.Clear();
        Further.Clear();
        _content.ResetWrittenCount();
    }

    public void Exchange(RecordRow other)
    {
        base.Exchange(other);
        (_values, _content, Others, Originals, Further, other._values, other._content, other.Others, other.Originals, other.Further) =
            (other._values, other._content, other.Others, other.Originals, other.Further, _values, _content, Others, Originals, Further);
    }

    /// <summary>Whether a row is one more product of the same order, and not the order as it is later.</summary>
    public bool IsContinuedBy(RecordRow next) =>
        Has(ImportField.RecordId) && Same(ImportField.RecordId, next)
        && (!next.Has(ImportField.Time) || (next.Has(ImportField.Product) && Same(ImportField.Time, next) && (!next.Has(ImportField.Status) || Same(ImportField.Status, next))));

    /// <summary>Takes in a further row of the same order.</summary>
    /// <param name="next">The row.</param>
    /// <param name="addsUp">Its amount is of its product alone.</param>
    public void Continue(RecordRow next, bool addsUp)
    {
        if (next.Reason != Rejection.None) Reject(next.Reason, next.Detail);
        if (_content.WrittenCount + next.Content.Length > limits.MaxEventBytes * RowsRepeat) Reject(Rejection.EventTooLarge, $"The rows of one {ImportKinds.One(kind)} have more than {limits.MaxEventBytes * RowsRepeat} bytes.");
        if (Reason != Rejection.None) return;
        Further.Add((next[ImportField.Product], [.. next.Others]));
        _content.Write(next.Content);
        if (!next.Has(ImportField.Value)) return;
        if (!Has(ImportField.Value)) this[ImportField.Value] = next[ImportField.Value];
        else if (addsUp && Amount(this) + Amount(next) is { } sum) this[ImportField.Value] = sum.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Names of the columns that say something of one product of the order.</summary>
    public IReadOnlySet<string> ColumnsOfProducts()
    {
        var own = Others.ToDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal);
        return Further.SelectMany(f => f.Others).Where(o => own.GetValueOrDefault(o.Name) != o.Value).Select(o => o.Name)
            .Concat(own.Keys.Where(n => OfProducts.Any(FieldGuess.Plain(n).StartsWith))).ToHashSet(StringComparer.Ordinal);
    }

    public void Set(ImportField field, ReadOnlySpan<byte> value)
    {
        value = value.Trim(" \t"u8);
        // So shops keep spreadsheets from taking it for a number.
        if (field is ImportField.Postcode or ImportField.Phone or ImportField.Mobile) value = value.TrimStart((byte)'\'');
        if (value.IsEmpty) return;
        // That a record was looked at again is no change of it.
        if (field != ImportField.Updated) Add((byte)field, value);
        this[field] = Encoding.UTF8.GetString(value);
    }

    public void SetDate(ImportField field, ReadOnlySpan<byte> value, DateFormat format)
    {
        Set(field, value);
        if (!Has(field)) return;
        if (!format.TryParseAny(value.Trim(" \t"u8), out var ticks))
        {
            if (field != ImportField.BirthDate && field != ImportField.Updated) Reject(Rejection.TimeUnreadable, $"'{ImportedEvent.Shorten(value)}' is no time in the format of this column.");
            Keep(field, "");
            return;
        }

        // An order, a meeting or a contract can be of a later day; an answer is not.
        var problem = ImportedEvent.TimeProblem((ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond, kind == ImportKind.Feedback ? _latestMs : CollectedEvent.EndMs - 1);
        if (problem != Rejection.None && field == ImportField.Time) Reject(problem, $"'{ImportedEvent.Shorten(value)}' {ImportedEvent.OutOfRange(problem)}");
        // A birthday is a day, wherever midnight is.
        var local = field == ImportField.BirthDate ? TimeZoneInfo.ConvertTimeFromUtc(new DateTime(ticks, DateTimeKind.Utc), format.Zone) : new DateTime(ticks, DateTimeKind.Utc);
        if (field == ImportField.BirthDate) Keep(field, local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        else this[field] = local.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
    }

    public void SetNumber(ImportField field, ReadOnlySpan<byte> value, NumberFormat format)
    {
        Set(field, value);
        if (!Has(field)) return;
        Span<byte> number = stackalloc byte[48];
        if (format.TryWrite(value.Trim(" \t"u8), number, out var written)) this[field] = Encoding.UTF8.GetString(number[..written]);
        else Reject(Rejection.NumberNotFinite, $"The value '{ImportedEvent.Shorten(value)}' is no number.");
    }

    public void Other(string name, ReadOnlySpan<byte> value)
    {
        value = value.Trim(" \t"u8);
        if (value.IsEmpty) return;
        Add(0xFE, Encoding.UTF8.GetBytes(name));
        Add(0xFD, value);
        Others.Add((name, Encoding.UTF8.GetString(value)));
    }

    public override bool End()
    {
        Normalise();
        foreach (var field in (ReadOnlySpan<ImportField>)[ImportField.RecordId, ImportField.Customer, ImportField.CustomerNumber, ImportField.CompanyId, ImportField.MergedIds]) CheckId(field);
        return Reason == Rejection.None;
    }

    private void Normalise()
    {
        if (Has(ImportField.Country)) Keep(ImportField.Country, CountryValue.Of(this[ImportField.Country]) ?? this[ImportField.Country]);
        if (Has(ImportField.Email)) Keep(ImportField.Email, EmailValue.Address(this[ImportField.Email]));
        var own = this[ImportField.Country].Length == 2 ? this[ImportField.Country] : country;
        foreach (var field in (ReadOnlySpan<ImportField>)[ImportField.Phone, ImportField.Mobile])
            if (Has(field)) Keep(field, PhoneValue.Of(this[field], own) ?? "");
        if (Has(ImportField.Street)) Keep(ImportField.Street, AddressValue.Written(this[ImportField.Street], own));
        if (kind == ImportKind.Companies) return;
        foreach (var field in (ReadOnlySpan<ImportField>)[ImportField.Name, ImportField.FirstName, ImportField.LastName])
        {
            if (!Has(field)) continue;
            var (title, name) = NameValue.Written(this[field]);
            Keep(field, name);
            if (title.Length > 0 && !Has(ImportField.Title)) this[ImportField.Title] = title;
        }
    }

    private bool Same(ImportField field, RecordRow other) => this[field] == other[field];

    /// <returns>Null where it is beyond what money can be.</returns>
    private static decimal? Amount(RecordRow row) => decimal.TryParse(row[ImportField.Value], NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) && Math.Abs(amount) < 1e20m ? amount : null;

    /// <summary>Takes a value in another form; what was written is kept beside it.</summary>
    private void Keep(ImportField field, string value)
    {
        if (value == this[field]) return;
        Originals.Add((field, this[field]));
        this[field] = value;
    }

    private void CheckId(ImportField field)
    {
        var id = this[field];
        if (id.Length == 0) return;
        if (id is "null" or "NULL" or "undefined" or "NaN") Reject(Rejection.IdEmptyValue, $"The id is \"{id}\", which a program writes where it has none.");
        // Room for the name of the program before it.
        if (id.Length > limits.MaxIdLength - 20 && field != ImportField.MergedIds) Reject(Rejection.IdTooLong, $"An id has {id.Length} characters; at most {limits.MaxIdLength - 20} are allowed.");
        if (id.Any(char.IsControl)) Reject(Rejection.IdUnreadable, "An id holds control characters.");
    }

    private void Add(byte tag, ReadOnlySpan<byte> value)
    {
        _content.Write(value);
        _content.Write((ReadOnlySpan<byte>)[0xFF, tag]);
    }
}
