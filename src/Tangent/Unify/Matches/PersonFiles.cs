using System.Text;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>Where a row stands: the number of its file and its number in it, from 1 without the header.</summary>
internal readonly record struct PersonRow(int File, int Row);

/// <summary>Reads persons from CSV files in any encoding and dialect that imports know, and puts columns of several files that mean the same together.</summary>
internal sealed class PersonFiles
{
    /// <summary>Kinds of which a person has one: columns of different files that hold it are the same, whatever they are called.</summary>
    private static readonly ColumnKind[] OfOneKind = [ColumnKind.GivenName, ColumnKind.Surname, ColumnKind.Name, ColumnKind.Email, ColumnKind.Phone, ColumnKind.Date, ColumnKind.Address];

    /// <summary>Rows that fit into memory with all that matching needs of them: about 1.5 KB each.</summary>
    private const int MostRows = 5_000_000;

    private readonly List<RawColumn> _columns = [];
    private readonly List<HashSet<RawColumn>> _columnsOfFiles = [];
    private readonly HashSet<string> _ignored;
    private readonly HashSet<string> _seen = [];

    /// <param name="ignored">Headers of columns that are left out.</param>
    public PersonFiles(IEnumerable<string> ignored) => _ignored = ignored.Select(FoldedText.Of).ToHashSet();

    public List<PersonRow> Rows { get; } = [];

    /// <summary>Headers that were asked to be left out and stand in no file.</summary>
    public HashSet<string> NotFound => [.. _ignored.Except(_seen)];

    /// <summary>Columns that would say who a person is and were too many to be compared.</summary>
    public IReadOnlyList<string> LeftOut { get; private set; } = [];

    /// <summary>Reads one more file.</summary>
    /// <exception cref="FileRefusedException">It is no CSV with a header, or a row cannot be read.</exception>
    public void Read(ImportFile file, int number, CancellationToken ct)
    {
        if (file.DetectFormat() != ImportFormat.Csv) throw new FileRefusedException("Persons are matched from CSV files.");
        TextEncoding encoding;
        using (var all = file.Open()) encoding = TextEncoding.Detect(all);
        var dialect = CsvDialect.Detect(file.Sample(CsvDialect.SampleBytes));
        using var reader = new CsvReader(encoding.Decode(file.Open()), dialect.Delimiter, dialect.Newline);
        if (reader.Read() != CsvRecord.Fields) throw new FileRefusedException("The file has no header.");
        var header = new string[reader.Count];
        for (var i = 0; i < header.Length; i++) header[i] = Encoding.UTF8.GetString(reader[i]);
        var own = header.Select(h => new RawColumn(h)).ToArray();
        var rows = ReadRows(reader, own, MostRows - Rows.Count, ct);
        for (var row = 1; row <= rows; row++) Rows.Add(new PersonRow(number, row));
        Take(own, Rows.Count - rows);
    }

    /// <summary>The persons of all files read.</summary>
    /// <param name="country">Country of telephone numbers without calling code.</param>
    /// <param name="rules">What is known about columns and values; with rules only the columns they name are taken.</param>
    /// <exception cref="FileRefusedException">The rules name a column that no file has.</exception>
    public PersonTable Table(string country, MatchRules rules)
    {
        foreach (var raw in _columns) raw.FillUpTo(Rows.Count);
        var named = rules.Rules.SelectMany(r => r.All.Concat(r.Except)).ToLookup(c => Column(c.Column));
        foreach (var header in rules.Columns.Keys.Concat(rules.Alias.Keys).Concat(rules.Bypass.Keys).Where(h => h != "*")) Column(header);
        var kinds = _columns.ConvertAll(c => (Raw: c, Kind: Kind(c, rules, named[c])));
        var divided = WholeNames.Divide(kinds, _columnsOfFiles);
        // The columns with the most values tell persons apart best, should there be more than can be compared.
        var telling = kinds.Where(c => rules.Rules.Length == 0 ? c.Raw != divided : named.Contains(c.Raw)).Where(c => c.Kind != ColumnKind.Ignored).OrderByDescending(c => c.Raw.Texts.Count).ToList();
        var most = rules.Rules.Length == 0 ? PatternCounts.MostColumns : int.MaxValue;
        LeftOut = [.. telling.Skip(most).Select(c => c.Raw.Name)];
        var columns = telling.Take(most).OrderBy(c => _columns.IndexOf(c.Raw)).Select(c => PersonColumn.Of(c.Raw, c.Kind, country, rules)).ToList();
        return new PersonTable(columns, Rows.Count);
    }

    /// <summary>The rows that rules name as one person or as different ones.</summary>
    /// <exception cref="FileRefusedException">They name a column that no file has.</exception>
    public KnownPairs Known(MatchRules rules) => new(
        [.. Groups(rules.Always).Select(g => g.SelectMany(rows => rows).ToArray())],
        [.. Groups(rules.Never)]);

    /// <summary>For each group of a list the rows of each of its values.</summary>
    private IEnumerable<int[][]> Groups(MatchList? list)
    {
        if (list is null) yield break;
        var column = Column(list.Column);
        var rows = Enumerable.Range(0, column.Rows.Count).Where(r => column.Rows[r] >= 0).ToLookup(r => column.Texts[column.Rows[r]], StringComparer.Ordinal);
        foreach (var group in list.Groups) yield return [.. group.Distinct().Select(value => rows[value.Trim()].ToArray())];
    }

    private RawColumn Column(string header) => _columns.Find(c => c.Names.Contains(FoldedText.Of(header))) ?? throw new FileRefusedException($"No file has a column {header}, which the rules name.");

    /// <summary>What a column holds: as the rules say, as their comparators ask for, or as it looks.</summary>
    private static ColumnKind Kind(RawColumn column, MatchRules rules, IEnumerable<MatchCondition> conditions)
    {
        foreach (var (header, kind) in rules.Columns)
            if (column.Names.Contains(FoldedText.Of(header))) return kind;
        foreach (var condition in conditions)
            if (condition.Compare is Comparator.Number or Comparator.Date) return condition.Compare == Comparator.Number ? ColumnKind.Number : ColumnKind.Date;
        var guess = column.Guess();
        return guess == ColumnKind.Ignored && conditions.Any() ? ColumnKind.Text : guess;
    }

    private static int ReadRows(CsvReader reader, RawColumn[] columns, int most, CancellationToken ct)
    {
        var rows = 0;
        Span<char> text = stackalloc char[1024];
        for (var record = reader.Read(); record != CsvRecord.End; record = reader.Read(), rows++)
        {
            if (rows == most) throw new FileRefusedException($"The files have more than {MostRows} rows.");
            if ((rows & 0xFFFF) == 0) ct.ThrowIfCancellationRequested();
            if (record != CsvRecord.Fields) throw new FileRefusedException($"Line {reader.Line} cannot be read: {record switch { CsvRecord.BrokenQuote => "a quotation mark is never closed", CsvRecord.TooLong => "it is too long", _ => "it has too many columns" }}.");
            for (var i = 0; i < columns.Length; i++)
            {
                var bytes = i < reader.Count ? reader[i] : [];
                // Nobody's name or address is longer; what is, is compared by its beginning.
                if (bytes.Length > text.Length) bytes = bytes[..text.Length];
                columns[i].Add(text[..Encoding.UTF8.GetChars(bytes, text)]);
            }
        }

        return rows;
    }

    private void Take(RawColumn[] own, int rowsBefore)
    {
        // A column of the same kind may serve only where the file has one of it, and where one of the files before has.
        var kinds = own.Select(c => c.Guess()).ToArray();
        if (kinds.Contains(ColumnKind.GivenName) && !kinds.Contains(ColumnKind.Surname) && kinds.Count(k => k == ColumnKind.Name) == 1)
        {
            // As "Vorname" and "Name".
            var at = Array.IndexOf(kinds, ColumnKind.Name);
            own[at].IsBesideGivenNames = true;
            kinds[at] = own[at].Guess();
        }

        var taken = new HashSet<RawColumn>();
        for (var i = 0; i < own.Length; i++)
        {
            var (column, kind) = (own[i], kinds[i]);
            var name = FoldedText.Of(column.Name);
            _seen.Add(name);
            if (_ignored.Contains(name)) continue;
            var target = _columns.Find(c => FoldedText.Of(c.Name) == name && c.IsBesideGivenNames == column.IsBesideGivenNames && !taken.Contains(c))
                ?? (OfOneKind.Contains(kind) && kinds.Count(k => k == kind) == 1 && _columns.FindAll(c => c.Guess() == kind) is [var only] && !taken.Contains(only) ? only : null)
                ?? _columns.Find(c => MeansTheSame(c.Name, column.Name) && !taken.Contains(c));
            if (target is null) _columns.Add(target = new RawColumn(column.Name));
            taken.Add(target);
            target.Names.Add(name);
            target.IsBesideGivenNames |= column.IsBesideGivenNames;
            target.FillUpTo(rowsBefore);
            foreach (var text in column.Rows) target.Add(text < 0 ? "" : column.Texts[text]);
        }

        _columnsOfFiles.Add(taken);
    }

    /// <summary>Whether two headers are words for the same of which the content says too little: PLZ and postcode, Ort and city.</summary>
    private static bool MeansTheSame(string one, string other) =>
        StoredPersons.ColumnOf(one) is { } column && StoredPersons.Columns[column] is ColumnKind.Code or ColumnKind.Text or ColumnKind.Category && StoredPersons.ColumnOf(other) == column;
}
