using System.Text;
using System.Text.Json;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

public sealed class ImportPlanTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Delimiter_encoding_and_mapping_are_found_out()
    {
        foreach (var (delimiter, name) in (ReadOnlySpan<(char, string)>)[(',', "comma"), (';', "semicolon"), ('\t', "tab"), ('|', "pipe")])
        {
            var text = "Kundennummer;Ereignis;Zeitpunkt;Kanal;Betrag;Währung;Bemerkung\n7;Besuch;2024-03-01 10:00;Filiale;12,50;eur;\"a;b\"\n".Replace(';', delimiter);
            if (delimiter == ',') text = text.Replace("12,50", "\"12,50\"", StringComparison.Ordinal);
            var plan = Plan(Encoding.UTF8.GetBytes(text));
            (plan.Delimiter, plan.Encoding!.Name, plan.Zone).ShouldBe((name, "utf-8", "Europe/Berlin"));
            plan.Mapping!.Columns.OrderBy(c => c.Key).Select(c => $"{c.Key}={c.Value}").ShouldBe(
                ["channel=Kanal", "currency=Währung", "customer=Kundennummer", "event=Ereignis", "time=Zeitpunkt", "value=Betrag"]);
            var json = Events(plan).Single();
            json.GetProperty("userId").GetString().ShouldBe("7");
            json.GetProperty("timestamp").GetString().ShouldBe("2024-03-01T09:00:00.000Z");
            var properties = json.GetProperty("properties");
            properties.GetProperty("channel").GetString().ShouldBe("Filiale");
            properties.GetProperty("value").GetDouble().ShouldBe(12.5);
            properties.GetProperty("Bemerkung").GetString().ShouldBe($"a{delimiter}b");
        }
    }

    [Theory]
    [InlineData("utf-8", "utf-8", false)]
    [InlineData("utf-8", "utf-8", true)]
    [InlineData("utf-16", "utf-16le", true)]
    [InlineData("utf-16BE", "utf-16be", true)]
    [InlineData("latin1", "windows-1252", false)]
    public void Texts_of_every_encoding_arrive_whole(string encoding, string shown, bool mark)
    {
        var code = Encoding.GetEncoding(encoding);
        // What decides stands far behind the part that is looked at first.
        var text = "customer,event,time\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},plain,2024-01-01T00:00:00Z\n")) + "Zoë,Rückgabe bezahlt,2024-01-01T00:00:00Z\n";
        var plan = Plan([.. mark ? code.GetPreamble() : [], .. code.GetBytes(text)]);
        plan.Encoding!.Name.ShouldBe(shown);
        var last = Events(plan)[^1];
        last.GetProperty("userId").GetString().ShouldBe("Zoë");
        last.GetProperty("event").GetString().ShouldBe("Rückgabe bezahlt");
    }

    [Fact]
    public void A_damaged_place_in_utf8_costs_its_row_and_does_not_turn_the_file_into_another_encoding()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes("customer,event,time\nZoë,größer,2024-01-01\nx,"), 0xC3, .. Encoding.UTF8.GetBytes("(,2024-01-01\nAnaïs,später,2024-01-02\n")];
        var plan = Plan(bytes);
        plan.Encoding!.Name.ShouldBe("utf-8");
        Rows(plan).Select(r => r.Reason).ShouldBe([Rejection.None, Rejection.InvalidText, Rejection.None]);
    }

    [Fact]
    public void The_whole_file_decides_between_day_and_month()
    {
        var text = new StringBuilder("customer,event,time\n");
        for (var i = 0; i < 5_000; i++) text.Append("a,visit,05/03/2024 10:00\n");
        text.Append("a,visit,13/03/2024 10:00\n");
        var plan = Plan(Encoding.UTF8.GetBytes(text.ToString()));
        plan.Dates!.Order.ShouldBe(DateOrder.DayFirst);
        plan.Dates.Describe().ShouldBe("dd/MM/yyyy HH:mm");
        Rows(plan).ShouldAllBe(r => r.Reason == Rejection.None);
    }

    [Fact]
    public void The_mapping_can_be_set_and_remembered_and_a_constant_can_stand_for_a_column()
    {
        var bytes = "household_id,campaign_id,when,total\n1,A,2024-01-02,3\n"u8.ToArray();
        Should.Throw<FileRefusedException>(() => Plan(bytes)).Message.ShouldContain("event==NAME");
        var json = Events(Plan(bytes, "event==Coupon redeemed", "value=", "stock=campaign_id")).Single();
        json.GetProperty("userId").GetString().ShouldBe("1");
        json.GetProperty("event").GetString().ShouldBe("Coupon redeemed");
        json.GetProperty("properties").ToString().ShouldBe("""{"column:total":"3","stock":"A"}""");
        var remembered = ImportMapping.Parse(["event==Coupon redeemed", "gone=nowhere"]).Mapping!;
        Plan(bytes, remembered).Mapping![ImportField.Event].ShouldBe("=Coupon redeemed");
        Should.Throw<FileRefusedException>(() => Plan(bytes, "event=nowhere")).Message.ShouldContain("household_id, campaign_id, when, total");
        ImportMapping.Parse(["nonsense"]).Error!.ShouldContain("FIELD=COLUMN");
    }

    [Fact]
    public void Row_numbers_without_name_are_left_out_and_equal_names_get_a_number()
    {
        var json = Events(Plan(",customer,event,time,x,x,\n0,a,b,2024-01-01,1,2,z\n1,a,b,2024-01-02,3,4,y\n"u8.ToArray()))[0];
        json.GetProperty("properties").EnumerateObject().Select(p => $"{p.Name}={p.Value}").ShouldBe(["column 7=z", "x=1", "x (2)=2"]);
    }

    [Fact]
    public void Formulas_and_signs_arrive_untouched()
    {
        var json = Events(Plan("customer,event,time,note\na,\"=1+1 \"\"x\"\"\",2024-01-01,\"@SUM(A1)\\\t\n-x\"\n"u8.ToArray())).Single();
        json.GetProperty("event").GetString().ShouldBe("=1+1 \"x\"");
        json.GetProperty("properties").GetProperty("note").GetString().ShouldBe("@SUM(A1)\\\t\n-x");
    }

    [Fact]
    public void Events_of_a_log_carry_their_trace_and_only_complete_ones_are_taken_when_asked()
    {
        var log = """
            <log xmlns="http://www.xes-standard.org/"><extension name="x"/><global scope="event"><string key="concept:name" value="none"/></global>
            <string key="creator" value="ignored"/>
            <trace><string key="concept:name" value="case 1"/><string key="channel" value="Desk"/>
              <event><string key="concept:name" value="A &amp; B"/><date key="time:timestamp" value="2011-10-11T13:45:40.276+02:00"/><string key="lifecycle:transition" value="start"/></event>
              <event><string key="concept:name" value="A &amp; B"/><date key="time:timestamp" value="2011-10-11T13:46:40+02:00"/><string key="lifecycle:transition" value="complete"/>
                <string key="org:resource" value="Ann"><int key="age" value="40"/></string></event>
            </trace></log>
            """;
        var plan = Plan(Encoding.UTF8.GetBytes(log));
        Events(plan).Count.ShouldBe(2);
        var second = Events(plan)[1];
        second.GetProperty("userId").GetString().ShouldBe("case 1");
        second.GetProperty("event").GetString().ShouldBe("A & B");
        second.GetProperty("timestamp").GetString().ShouldBe("2011-10-11T11:46:40.000Z");
        second.GetProperty("properties").ToString().ShouldBe("""{"channel":"Desk","lifecycle:transition":"complete","org:resource":"Ann","org:resource.age":"40"}""");
        Events(Plan(Encoding.UTF8.GetBytes(log), completeOnly: true)).Count.ShouldBe(1);
    }

    private ImportPlan Plan(byte[] bytes, params string[] map) => Plan(bytes, ImportMapping.Empty, false, map);

    private ImportPlan Plan(byte[] bytes, bool completeOnly) => Plan(bytes, ImportMapping.Empty, completeOnly);

    private ImportPlan Plan(byte[] bytes, ImportMapping remembered, bool completeOnly = false, params string[] map)
    {
        File.WriteAllBytes(_file, bytes);
        return ImportPlan.Of(new ImportFile(_file), new ImportSettings(null, ImportMapping.Parse(map).Mapping!, remembered, completeOnly, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")));
    }

    private static List<(Rejection Reason, string Json)> Rows(ImportPlan plan)
    {
        using var rows = plan.Open(new IngestionOptions(), null);
        var one = new ImportedEvent(new IngestionOptions());
        var all = new List<(Rejection, string)>();
        while (rows.Next(one)) all.Add((one.Reason, one.Reason == Rejection.None ? Encoding.UTF8.GetString(one.Json) : one.Detail));
        return all;
    }

    private static List<JsonElement> Events(ImportPlan plan)
    {
        var rows = Rows(plan);
        rows.Where(r => r.Reason != Rejection.None).ShouldBeEmpty();
        return [.. rows.Select(r => JsonDocument.Parse(r.Json).RootElement)];
    }
}
