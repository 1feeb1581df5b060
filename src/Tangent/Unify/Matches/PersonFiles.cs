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
    private static readonly ColumnKind[] OfOneKind = [ColumnKind.GivenName, ColumnKind.Surname, ColumnKind.Name, ColumnKind.Email, ColumnKind.Phone, ColumnKind.Date];

    /// <summary>Rows that fit into memory with all that matching needs of them: about 1.5 KB each.</summary>
    private const int MostRows = 5_000_000;

    private readonly List<RawColumn> _columns = [];
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
    public PersonTable Table(string country)
    {
        foreach (var raw in _columns) raw.FillUpTo(Rows.Count);
        // The columns with the most values tell persons apart best, should there be more than can be compared.
        var telling = _columns.Select(c => (Raw: c, Kind: c.Guess())).Where(c => c.Kind != ColumnKind.Ignored).OrderByDescending(c => c.Raw.Texts.Count).ToList();
        LeftOut = [.. telling.Skip(PatternCounts.MostColumns).Select(c => c.Raw.Name)];
        var columns = telling.Take(PatternCounts.MostColumns).OrderBy(c => _columns.IndexOf(c.Raw)).Select(c => PersonColumn.Of(c.Raw, c.Kind, country)).ToList();
        return new PersonTable(columns, Rows.Count);
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
        var taken = new HashSet<RawColumn>();
        for (var i = 0; i < own.Length; i++)
        {
            var (column, kind) = (own[i], kinds[i]);
            var name = FoldedText.Of(column.Name);
            _seen.Add(name);
            if (_ignored.Contains(name)) continue;
            var target = _columns.Find(c => FoldedText.Of(c.Name) == name && !taken.Contains(c))
                ?? (OfOneKind.Contains(kind) && kinds.Count(k => k == kind) == 1 && _columns.FindAll(c => c.Guess() == kind) is [var only] && !taken.Contains(only) ? only : null);
            if (target is null) _columns.Add(target = new RawColumn(column.Name));
            taken.Add(target);
            target.FillUpTo(rowsBefore);
            foreach (var text in column.Rows) target.Add(text < 0 ? "" : column.Texts[text]);
        }
    }
}
