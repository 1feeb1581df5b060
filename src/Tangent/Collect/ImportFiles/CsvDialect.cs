using System.Text;

namespace Tangent.Collect;

/// <summary>How a CSV file is written: what separates its fields and ends its lines.</summary>
internal sealed record CsvDialect(byte Delimiter, byte Newline)
{
    public const int SampleBytes = 1 << 18;
    private const int SampleRecords = 200;

    /// <summary>The name to show.</summary>
    public string DelimiterName => Delimiter switch { (byte)',' => "comma", (byte)';' => "semicolon", (byte)'\t' => "tab", _ => "pipe" };

    /// <summary>The delimiter under which most of the sample's records have as many fields as the header.</summary>
    public static CsvDialect Detect(byte[] sample)
    {
        var newline = sample.AsSpan().Contains((byte)'\n') || !sample.AsSpan().Contains((byte)'\r') ? (byte)'\n' : (byte)'\r';
        var best = new CsvDialect((byte)',', newline);
        var bestScore = 0.0;
        foreach (var delimiter in ",;\t|"u8)
        {
            var score = Score(sample, new CsvDialect(delimiter, newline));
            if (score <= bestScore) continue;
            bestScore = score;
            best = best with { Delimiter = delimiter };
        }

        return best;
    }

    /// <summary>The first records of the file as texts, the header first; a last record that the sample cuts off is left out.</summary>
    public List<string[]> Records(byte[] sample)
    {
        var records = new List<string[]>();
        using var reader = new CsvReader(new MemoryStream(WholeLines(sample)), Delimiter, Newline);
        for (var result = reader.Read(); result != CsvRecord.End && records.Count < SampleRecords; result = reader.Read())
        {
            if (result != CsvRecord.Fields) continue;
            var record = new string[reader.Count];
            for (var i = 0; i < record.Length; i++) record[i] = Encoding.UTF8.GetString(reader[i]);
            records.Add(record);
        }

        return records;
    }

    private static double Score(byte[] sample, CsvDialect dialect)
    {
        using var reader = new CsvReader(new MemoryStream(dialect.WholeLines(sample)), dialect.Delimiter, dialect.Newline);
        int header = 0, records = 0, alike = 0;
        for (var result = reader.Read(); result != CsvRecord.End && records < SampleRecords; result = reader.Read())
        {
            var count = result == CsvRecord.TooManyColumns ? CsvReader.MaxColumns + 1 : reader.Count;
            if (records++ == 0) header = count;
            if (count == header) alike++;
        }

        // Every delimiter agrees with itself on one column; among several, more columns are the better explanation.
        return header < 2 ? 0 : ((double)alike / records) + (Math.Min(header, CsvReader.MaxColumns) / 10_000.0);
    }

    private byte[] WholeLines(byte[] sample)
    {
        if (sample.Length < SampleBytes) return sample;
        var last = sample.AsSpan().LastIndexOf(Newline);
        return last < 0 ? sample : sample[..(last + 1)];
    }
}
