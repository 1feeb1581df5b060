using System.Text;
using Tangent.Data;

namespace Tangent.Collect;

/// <summary>What is asked of an import besides the file.</summary>
/// <param name="Format">Null: decided by the content.</param>
/// <param name="Map">Settings of this import.</param>
/// <param name="Remembered">Settings that the source's last import was made with.</param>
/// <param name="CompleteOnly">Only events whose life-cycle transition is complete, or that have none.</param>
/// <param name="Zone">Where times without offset were taken.</param>
/// <param name="Kind">What the rows are; null: that of the preset which knows the file, else events.</param>
/// <param name="Program">Whose export it is; null: found out; empty: nobody's.</param>
/// <param name="Country">Where telephone numbers and streets without country are.</param>
/// <param name="DayFirst">How dates are read that all rows leave open; null: nobody said it.</param>
internal sealed record ImportSettings(
    ImportFormat? Format, ImportMapping Map, ImportMapping Remembered, bool CompleteOnly, TimeZoneInfo Zone, ImportKind? Kind = null, string? Program = null, string Country = "", bool? DayFirst = null)
{
    public static ImportSettings Of(ImportRequest request, ImportMapping map, CompanyOptions company) => new(
        FileReading.FormatOf(request.Format), map, ImportMapping.Empty, string.Equals(request.Lifecycle, "complete", StringComparison.OrdinalIgnoreCase), company.Zone(),
        request.Kind, request.Preset is "none" ? "" : request.Preset is { Length: > 0 } program ? program : null, company.OwnCountry(),
        request.Dates is { Length: > 0 } dates ? string.Equals(dates, ImportRequest.DayFirst, StringComparison.OrdinalIgnoreCase) : null);
}

/// <summary>How a file is read, found out before the first event is taken.</summary>
internal sealed class ImportPlan
{
    public const string LifecycleColumn = "lifecycle:transition";
    private const int SampleEvents = 200;

    // A preview answers at once; an import looks at every line.
    private const int PreviewLines = 5_000;

    private readonly ImportFile _file;
    private readonly ImportSettings _settings;
    private readonly CsvDialect? _dialect;
    private readonly ColumnFacts? _facts;
    private string[] _names = [];
    private List<string[]> _records = [];

    private ImportPlan(ImportFile file, ImportSettings settings, bool toPreview)
    {
        (_file, _settings) = (file, settings);
        Format = settings.Format ?? file.DetectFormat();
        switch (Format)
        {
            case ImportFormat.JsonLines when settings.Kind is { } rows and not ImportKind.Events:
                Encoding = ByMark();
                (_names, _records) = ObjectLine.Sample(Lines(), SampleEvents, toPreview ? PreviewLines : long.MaxValue);
                if (_names.Length == 0) throw new FileRefusedException("The file has no JSON objects, one a line.");
                Kind = rows;
                break;
            case ImportFormat.JsonLines:
                if (settings.Map.Columns.Count > 0) throw new FileRefusedException("JSON lines hold events in Segment's form already; leave the mapping out.");
                Encoding = ByMark();
                return;
            case ImportFormat.VCard:
                if (settings.Kind is not (null or ImportKind.Persons)) throw new FileRefusedException("vCards are persons; leave the kind out.");
                using (var stream = file.Open()) Encoding = TextEncoding.Detect(stream);
                (_names, _records) = (VCard.Columns, CardRows<RecordRow>.Sample(Lines(), SampleEvents));
                if (_records.Count == 0) throw new FileRefusedException("The file has no vCards (BEGIN:VCARD … END:VCARD).");
                break;
            case ImportFormat.Csv:
                using (var stream = file.Open()) Encoding = TextEncoding.Detect(stream);
                var sample = Sample();
                _dialect = CsvDialect.Detect(sample);
                _names = Header(_dialect);
                _records = [.. _dialect.Records(sample).Skip(1)];
                NameColumns();
                break;
            default:
                if (settings.Kind is not (null or ImportKind.Events)) throw new FileRefusedException("XES files hold events; persons, companies and records come as CSV or JSON lines.");
                SampleLog();
                break;
        }

        if (Format != ImportFormat.Xes && settings.Program is not "") Preset = Preset.Find(_names, settings.Kind, settings.Program);
        Kind = settings.Kind ?? Preset?.Kind ?? (Format == ImportFormat.VCard ? ImportKind.Persons : ImportKind.Events);
        // A program's exports of one kind have several forms: what was remembered of another one says nothing of this.
        var remembered = Preset is null || settings.Remembered.IsOf(_names) ? settings.Remembered.Fitting(_names) : ImportMapping.Empty;
        Mapping = Suggested().With(remembered).With(settings.Map.As(Kind));
        Problem = Mapping.Problem(_names);
        if (Problem is not null && !toPreview) throw new FileRefusedException(Problem);
        if (Problem is null) Problem = DetectContent(inAllRows: !toPreview);
        if (Problem is not null && !toPreview) throw new FileRefusedException(Problem);
        if (Kind == ImportKind.Events || toPreview) return;
        var planned = ColumnPlan.Columns(_names, Mapping, new HashSet<string>());
        _facts = ColumnFacts.Of(plan => OpenRows(plan, null), _names, planned, Numbers, settings.DayFirst);
        Dates = _facts.DatesOf(ColumnOf(ImportField.Time));
        if (Kind == ImportKind.Feedback) ScaleFacts.Check(plan => OpenRows(plan, null), planned);
    }

    /// <summary>Names of the columns in the order of the file; an empty name is left out.</summary>
    public IReadOnlyList<string> Columns => _names;

    /// <summary>The first rows, values by column.</summary>
    public IReadOnlyList<string[]> Records => _records;

    /// <summary>What keeps the file from being imported like this; null where nothing does. Only of a plan that is a preview.</summary>
    public string? Problem { get; }

    public ImportFormat Format { get; }

    /// <summary>What the rows are.</summary>
    public ImportKind Kind { get; }

    /// <summary>Whose export it is; null where it is none that is known.</summary>
    public Preset? Preset { get; }

    /// <summary>Null where the format says it itself.</summary>
    public TextEncoding? Encoding { get; }

    public string? Delimiter => _dialect?.DelimiterName;

    /// <summary>Null for events that are in Segment's form already.</summary>
    public ImportMapping? Mapping { get; }

    public DateDetection? Dates { get; private set; }

    public NumberFormat Numbers { get; private set; } = new(false);

    /// <summary>Time zone of the times without offset; null where they have one.</summary>
    public string? Zone => Dates is { HasOffset: false, Seen: > 0 } ? TimesOf.Id : null;

    private TimeZoneInfo TimesOf => Preset is { IsUtc: true } ? TimeZoneInfo.Utc : _settings.Zone;

    private DateFormat DateFormat => new(Dates!.Order, TimesOf);

    /// <exception cref="FileRefusedException">The file cannot be used at all.</exception>
    public static ImportPlan Of(ImportFile file, ImportSettings settings) => Of(file, settings, toPreview: false);

    /// <summary>The same by the first rows alone; a mapping that is not whole is no reason to refuse.</summary>
    /// <exception cref="FileRefusedException">The file cannot be used at all.</exception>
    public static ImportPlan ToPreview(ImportFile file, ImportSettings settings) => Of(file, settings, toPreview: true);

    private static ImportPlan Of(ImportFile file, ImportSettings settings, bool toPreview)
    {
        try
        {
            return new ImportPlan(file, settings, toPreview);
        }
        catch (InvalidDataException e)
        {
            throw new FileRefusedException($"The file cannot be read. {e.Message}");
        }
    }

    /// <summary>Opens a file of events for its rows.</summary>
    /// <param name="limits">Sizes an event may have.</param>
    /// <param name="progress">Told how many bytes of the file have been read.</param>
    public ImportRows<ImportedEvent> Open(IngestionOptions limits, Action<long>? progress)
    {
        switch (Format)
        {
            case ImportFormat.JsonLines:
                return new JsonRows(new LineReader(Encoding!.Decode(_file.Open(progress))), limits);
            case ImportFormat.Xes:
                return new XesRows(new XesReader(_file.Open(progress)), _names, Mapping!,
                    (columns, lifecycle) => new ColumnPlan(columns, DateFormat, Numbers, _settings.CompleteOnly ? lifecycle : -1));
            default:
                var lifecycle = _settings.CompleteOnly ? Array.IndexOf(_names, LifecycleColumn) : -1;
                var times = _names.Where((_, i) => HoldsTimes(i)).ToHashSet(StringComparer.Ordinal);
                var plan = new ColumnPlan(ColumnPlan.Columns(_names, Mapping!, times), DateFormat, Numbers, lifecycle);
                return new CsvRows<ImportedEvent>(Csv(progress), _names, plan, Encoding!.HasInvalid);
        }
    }

    /// <summary>Opens a file of persons, companies or records for its rows.</summary>
    /// <param name="spare">A row to read ahead with.</param>
    /// <param name="progress">Told how many bytes of the file have been read.</param>
    public ImportRows<RecordRow> OpenRecords(RecordRow spare, Action<long>? progress)
    {
        var rows = OpenRows(new RecordPlan(_names, ColumnPlan.Columns(_names, Mapping!, new HashSet<string>()), column => new DateFormat(_facts!.OrderOf(column), TimesOf), Numbers), progress);
        return Kind is ImportKind.Orders or ImportKind.Invoices ? new OrderRows(rows, spare, Preset is null && _facts!.AddsUp) : rows;
    }

    private ImportRows<TRow> OpenRows<TRow>(RowPlan<TRow> plan, Action<long>? progress)
        where TRow : ImportedRow => Format switch
        {
            ImportFormat.JsonLines => new ObjectRows<TRow>(Lines(progress), _names, plan),
            ImportFormat.VCard => new CardRows<TRow>(Lines(progress), plan),
            _ => new CsvRows<TRow>(Csv(progress), _names, plan, Encoding!.HasInvalid),
        };

    private CsvReader Csv(Action<long>? progress) => new(Encoding!.Decode(_file.Open(progress)), _dialect!.Delimiter, _dialect.Newline);

    private ImportMapping Suggested() => Preset?.Mapping(_names) ?? Kind switch
    {
        ImportKind.Events => MappingSuggestion.Suggest(_names, _records),
        ImportKind.Feedback => FeedbackGuess.Suggest(_names, _records),
        _ => FieldGuess.Suggest(Kind, _names, _records),
    };

    private LineReader Lines(Action<long>? progress = null) => new(Encoding!.Decode(_file.Open(progress)));

    private TextEncoding ByMark() => _file.Sample(4) switch
    {
        [0xEF, 0xBB, 0xBF, ..] => new TextEncoding(TextEncoding.Utf8Name, 3),
        [0xFF, 0xFE, ..] => new TextEncoding(TextEncoding.Utf16LittleEndianName, 2),
        [0xFE, 0xFF, ..] => new TextEncoding(TextEncoding.Utf16BigEndianName, 2),
        _ => new TextEncoding(TextEncoding.Utf8Name),
    };

    private byte[] Sample()
    {
        using var stream = Encoding!.Decode(_file.Open());
        var sample = new byte[CsvDialect.SampleBytes];
        return sample[..stream.ReadAtLeast(sample, sample.Length, throwOnEndOfStream: false)];
    }

    private string[] Header(CsvDialect dialect)
    {
        using var reader = new CsvReader(Encoding!.Decode(_file.Open()), dialect.Delimiter, dialect.Newline);
        switch (reader.Read())
        {
            case CsvRecord.TooManyColumns:
                throw new FileRefusedException($"The file has more than {CsvReader.MaxColumns} columns. Export the columns that are needed and import that.");
            case CsvRecord.TooLong or CsvRecord.BrokenQuote:
                throw new FileRefusedException("The first line is no header: its quotes do not match, or it is longer than 1 MB.");
            case CsvRecord.End:
                throw new FileRefusedException("The file has no lines.");
        }

        var names = new string[reader.Count];
        for (var i = 0; i < names.Length; i++) names[i] = System.Text.Encoding.UTF8.GetString(reader[i]);
        return names;
    }

    /// <summary>Every column gets a name of its own; a column of row numbers without name is left out.</summary>
    private void NameColumns()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < _names.Length; i++)
        {
            var name = _names[i];
            if (DateFormat.TryParse(System.Text.Encoding.UTF8.GetBytes(name), DateOrder.YearFirst, out _))
                throw new FileRefusedException($"The first line must name the columns, but it holds data ('{name}'). Put a header above it.");
            if (name.Length == 0)
            {
                if (_records.Count > 0 && _records.All(r => i < r.Length && r[i].Length > 0 && r[i].All(char.IsAsciiDigit))) continue;
                name = $"column {i + 1}";
            }

            var unique = name;
            for (var n = 2; !seen.Add(unique); n++) unique = $"{name} ({n})";
            _names[i] = unique;
        }
    }

    private void SampleLog()
    {
        using var reader = new XesReader(_file.Open());
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        var events = new List<XesAttribute[]>();
        while (events.Count < SampleEvents && reader.Read())
        {
            events.Add([.. reader.Trace, .. reader.Event]);
            foreach (var attribute in events[^1]) columns.TryAdd(attribute.Name, columns.Count);
        }

        if (events.Count == 0) throw new FileRefusedException("The log has no events.");
        _names = [.. columns.Keys];
        _records = [.. events.Select(Record)];

        string[] Record(XesAttribute[] attributes)
        {
            var record = new string[columns.Count];
            Array.Fill(record, "");
            foreach (var attribute in attributes) record[columns[attribute.Name]] = attribute.Value;
            return record;
        }
    }

    /// <returns>What is wrong with the column of times; null where nothing is.</returns>
    private string? DetectContent(bool inAllRows)
    {
        var time = ColumnOf(ImportField.Time);
        if (time < 0 && Kind != ImportKind.Events) return null;
        Dates = Detect(time);
        if (inAllRows && Kind == ImportKind.Events && Dates.Ambiguous && _dialect is not null) Dates = DetectInAllRows(time);
        if (_settings.DayFirst is { } dayFirst) Dates.Decide(dayFirst);
        if (Dates is { Seen: > 0, Share: 0 })
            return $"The column '{_names[time]}' is taken for the time, but holds no dates that can be read, for example '{_records[0][time]}'. Name another with the mapping time=COLUMN.";
        if (Mapping![ImportField.Value] is not null && ColumnOf(ImportField.Value) is var value and >= 0)
            Numbers = NumberFormat.Detect(_records.Where(r => value < r.Length).Select(r => r[value]), _dialect?.Delimiter ?? (byte)',');
        return null;
    }

    private int ColumnOf(ImportField field) => Array.IndexOf(_names, Mapping![field]);

    private DateDetection Detect(int column)
    {
        var dates = new DateDetection();
        foreach (var record in _records)
            if (column >= 0 && column < record.Length) dates.Add(System.Text.Encoding.UTF8.GetBytes(record[column]));
        return dates;
    }

    /// <summary>One 13th of a month anywhere in the file decides what the first rows leave open.</summary>
    private DateDetection DetectInAllRows(int column)
    {
        var dates = new DateDetection();
        using var reader = new CsvReader(Encoding!.Decode(_file.Open()), _dialect!.Delimiter, _dialect.Newline);
        reader.Read();
        for (var record = reader.Read(); record != CsvRecord.End; record = reader.Read())
        {
            if (record == CsvRecord.Fields && column < reader.Count) dates.Add(reader[column]);
            if (dates.Seen % 1_000 == 0 && dates is { Seen: > 0, Ambiguous: false }) break;
        }

        return dates;
    }

    private bool HoldsTimes(int column) => Detect(column) is { Seen: > 0, Share: 1, Order: DateOrder.YearFirst, HasOffset: true };
}
