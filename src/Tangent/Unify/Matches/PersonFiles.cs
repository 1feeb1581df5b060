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

    private readonly List<RawColumn> _columns = [];
    private readonly HashSet<string> _ignored;
    private readonly HashSet<string> _seen = [];

    /// <param name="ignored">Headers of columns that are left out.</param>
    public PersonFiles(IEnumerable<string> ignored) => _ignored = ignored.Select(FoldedText.Of).ToHashSet();

    public List<PersonRow> Rows { get; } = [];

    /// <summary>Headers that were asked to be left out and stand in no file.</summary>
    public HashSet<string> NotFound => [.. _ignored.Except(_seen)];

    /// <summary>Reads one more file.</summary>
    /// <exception cref="FileRefusedException">It is no CSV with a header, or a row cannot be read.</exception>
    public void Read(ImportFile file, int number)
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
        var rows = ReadRows(reader, own);
        for (var row = 1; row <= rows; row++) Rows.Add(new PersonRow(number, row));
        Take(own, Rows.Count - rows);
    }

    /// <summary>The persons of all files read.</summary>
    /// <param name="country">Country of telephone numbers without calling code.</param>
    public PersonTable Table(string country)
    {
        var columns = new List<PersonColumn>();
        foreach (var raw in _columns)
        {
            raw.FillUpTo(Rows.Count);
            if (raw.Guess() is not ColumnKind.Ignored and var kind && columns.Count < PatternCounts.MostColumns) columns.Add(PersonColumn.Of(raw, kind, country));
        }

        return new PersonTable(columns, Rows.Count);
    }

    private static int ReadRows(CsvReader reader, RawColumn[] columns)
    {
        var rows = 0;
        Span<char> text = stackalloc char[1024];
        for (var record = reader.Read(); record != CsvRecord.End; record = reader.Read(), rows++)
        {
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
        foreach (var column in own)
        {
            var name = FoldedText.Of(column.Name);
            _seen.Add(name);
            if (_ignored.Contains(name)) continue;
            var kind = column.Guess();
            var target = _columns.Find(c => FoldedText.Of(c.Name) == name) ?? (rowsBefore > 0 && OfOneKind.Contains(kind) && own.Count(c => c.Guess() == kind) == 1
                ? _columns.FindAll(c => c.Guess() == kind) is [var only] ? only : null : null);
            if (target is null && rowsBefore == 0)
            {
                _columns.Add(column);
                continue;
            }

            if (target is null)
            {
                target = new RawColumn(column.Name);
                target.FillUpTo(rowsBefore);
                _columns.Add(target);
            }

            foreach (var text in column.Rows) target.Add(text < 0 ? "" : column.Texts[text]);
        }
    }
}
