using System.Text;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

public sealed class CsvReaderTests
{
    [Fact]
    public void Quoted_fields_keep_delimiters_line_breaks_and_doubled_quotes()
    {
        Read("a,b\n\"x,1\",\"line\r\nbreak\"\n\"say \"\"hi\"\"\",\"\"\n").ShouldBe(["1:a|b", "2:x,1|line\r\nbreak", "4:say \"hi\"|"]);
    }

    [Fact]
    public void Line_ends_of_all_systems_blanks_around_fields_and_a_missing_last_line_break_are_read()
    {
        Read("a, b ,c\r\n 1 , \"2\" ,3").ShouldBe(["1:a|b|c", "2:1|2|3"]);
        Read("a;b\r1;2\r", ';', '\r').ShouldBe(["1:a|b", "2:1|2"]);
        Read("a,b\n\n\n1,2\n\n").ShouldBe(["1:a|b", "4:1|2"]);
        Read("a,b\n1,\n,").ShouldBe(["1:a|b", "2:1|", "3:|"]);
        Read("").ShouldBeEmpty();
    }

    [Fact]
    public void A_quote_inside_unquoted_text_is_text() => Read("a,5\" pipe,it's \"so\"\n").ShouldBe(["1:a|5\" pipe|it's \"so\""]);

    [Fact]
    public void A_quote_that_never_closes_costs_its_own_line_only()
    {
        Read("a,b\n1,\"open\n2,ok\n3,fine\n").ShouldBe(["1:a|b", "2:BrokenQuote at 2:3 1,\"open", "3:2|ok", "4:3|fine"]);
        Read("a,b\n1,\"two\nlines\",\"x\n").ShouldBe(["1:a|b", "2:BrokenQuote at 3:8 1,\"two", "3:BrokenQuote at 3:8 lines\",\"x"]);
    }

    [Fact]
    public void Text_after_a_closing_quote_costs_its_own_line_only() =>
        Read("\"He said \"hi\"\",1\nok,2\n").ShouldBe(["1:BrokenQuote at 1:1 \"He said \"hi\"\",1", "2:ok|2"]);

    [Fact]
    public void More_columns_than_allowed_are_one_refusal_and_no_memory()
    {
        var wide = string.Join(',', Enumerable.Range(0, 5_000));
        Read(wide + "\n1,2\n").ShouldBe([$"1:TooManyColumns {wide}", "2:1|2"]);
    }

    [Fact]
    public void A_line_without_end_is_passed_over_in_bounded_memory()
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        using var reader = new CsvReader(new EndlessLine(64 << 20), (byte)',');
        reader.Read().ShouldBe(CsvRecord.TooLong);
        reader.Read().ShouldBe(CsvRecord.Fields);
        Encoding.UTF8.GetString(reader[0]).ShouldBe("next");
        reader.Line.ShouldBe(2);
        (GC.GetTotalAllocatedBytes(precise: true) - before).ShouldBeLessThan(8 << 20);
    }

    [Fact]
    public void Reading_in_pieces_of_any_size_gives_the_same_records()
    {
        var text = new StringBuilder("name,text\n");
        for (var i = 0; i < 3_000; i++) text.Append(i).Append(i % 7 == 0 ? ",\"a \"\"b\"\"\nline " : ",\"plain ").Append('x', i % 50).Append("\"\r\n");
        var whole = Read(text.ToString());
        whole.Count.ShouldBe(3_001);
        foreach (var piece in (int[])[1, 7, 4_096]) Read(new PieceStream(Encoding.UTF8.GetBytes(text.ToString()), piece)).ShouldBe(whole);
    }

    private static List<string> Read(string text, char delimiter = ',', char newline = '\n') => Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), delimiter, newline);

    private static List<string> Read(Stream stream, char delimiter = ',', char newline = '\n')
    {
        using var reader = new CsvReader(stream, (byte)delimiter, (byte)newline);
        var records = new List<string>();
        for (var record = reader.Read(); record != CsvRecord.End; record = reader.Read())
        {
            var fields = new List<string>();
            for (var i = 0; i < reader.Count; i++) fields.Add(Encoding.UTF8.GetString(reader[i]));
            records.Add(record switch
            {
                CsvRecord.Fields => $"{reader.Line}:{string.Join('|', fields)}",
                CsvRecord.BrokenQuote => $"{reader.Line}:BrokenQuote at {reader.QuoteLine}:{reader.QuoteColumn} {Encoding.UTF8.GetString(reader.Raw)}",
                _ => $"{reader.Line}:{record} {Encoding.UTF8.GetString(reader.Raw)}",
            });
        }

        return records;
    }

    private sealed class PieceStream(byte[] content, int piece) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));
    }

    private sealed class EndlessLine(int length) : MemoryStream
    {
        private int _rest = length;
        private bool _ended;

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_rest > 0)
            {
                var size = Math.Min(count, _rest);
                buffer.AsSpan(offset, size).Fill((byte)'x');
                _rest -= size;
                return size;
            }

            if (_ended) return 0;
            _ended = true;
            return Encoding.UTF8.GetBytes("\nnext,1\n", buffer.AsSpan(offset));
        }
    }
}
