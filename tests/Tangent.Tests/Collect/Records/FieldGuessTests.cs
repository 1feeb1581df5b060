using System.Globalization;
using System.Text.Json.Nodes;
using Tangent.Collect;
using static Tangent.Tests.Collect.RecordImportTests;

namespace Tangent.Tests.Collect;

/// <summary>What columns of files of records stand for, and how their values are read, through the running program.</summary>
public sealed class FieldGuessTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("subscriptions", "subscription id;email;start;end;amount\nS1;a@x.example;2026-01-01;2026-12-31;12\nS2;b@x.example;2026-02-03;;9\n", "recordId time closed value email")]
    [InlineData("orders", "order no;email;bought;delivered;total\nO1;a@x.example;2026-01-01;2026-01-05;12\nO2;b@x.example;2026-02-03;2026-02-07;9\n", "recordId time value email")]
    [InlineData("persons", "id;email;member since;last visit\n1;a@x.example;2026-01-01;2026-05-01\n2;b@x.example;2026-02-03;2026-04-01\n", "recordId email")]
    [InlineData("orders", "order no;email;Geburtsdatum;total\nO8;a@x.example;1980-10-29;12\nO9;b@x.example;1981-02-03;9\n", "recordId value email", 2)]
    [InlineData("consents", "email;purpose;state;birthday\na@x.example;commercial;given;1980-10-29\n", "email purpose state", 1)]
    public async Task Dates_are_never_taken_for_telephone_numbers_nor_for_another_day(string kind, string file, string fields, int rejected = 0)
    {
        var look = await ImportAsync(server, file, $"kind={kind}&dryRun=true");
        look.GetProperty("reading").GetProperty("mapping").EnumerateObject().Select(c => c.Name).ShouldBe(fields.Split(' '), ignoreOrder: true);
        look.GetProperty("rejected").GetInt64().ShouldBe(rejected, look.ToString());
    }

    [Fact]
    public async Task Birth_dates_are_read_however_each_is_written_and_what_became_empty_leaves_nothing()
    {
        await using var own = await TestServer.StartAsync();
        const string head = "Kundennummer;Nachname;Telefon;Firma;Geburtsdatum\n";
        await ImportAsync(own, head + "D1;Eins;030 1234567;ACME;29.10.1980\nD2;Zwei;;;1980-10-29\nD3;Drei;;;29. Oktober 1980\nD4;Vier;;;unbekannt\nD5;Fünf;;;10/29/1980\nD6;Sechs;;;29 października 1980\nD7;Sieben;;;0000-00-00\n", "source=dates&kind=persons");
        await KeptAsync(own);
        foreach (var (id, born, original) in new[] { ("D1", "1980-10-29", "29.10.1980"), ("D2", "1980-10-29", ""), ("D3", "1980-10-29", "29. Oktober 1980"), ("D4", "", "unbekannt"), ("D5", "1980-10-29", "10/29/1980"), ("D6", "1980-10-29", "29 października 1980") })
            (await TraitAsync(own, id, "birthDate"), await OriginalAsync(own, id, "birthDate")).ShouldBe((born, original), id);

        await ImportAsync(own, head + "D1;Eins;;;29.10.1980\n", "source=dates&kind=persons");
        await KeptAsync(own);
        (await TraitAsync(own, "D1", "phone"), await TraitAsync(own, "D1", "company"), await OriginalAsync(own, "D1", "phone")).ShouldBe(("", "", ""));
        (await ProfilesAsync(own, "user:D1")).ShouldHaveSingleItem().Company.ShouldBe("");
    }

    [Fact]
    public async Task What_was_deleted_in_its_program_is_left_out()
    {
        var report = await ImportAsync(server, "id,property_email,property_firstname,property_lastname,_fivetran_deleted\n1,a@del.example,Ann,A,FALSE\n2,b@del.example,Ben,B,TRUE\n", "kind=persons&source=deleted");
        (Figures(report).New, report.GetProperty("skipped").GetInt64()).ShouldBe((1, 1), report.ToString());
        var page = await server.Http.GetStringAsync("/unify/customers?lang=en");
        page.ShouldContain("known without an event");
    }

    [Fact]
    public void What_a_file_lacks_is_said_in_the_readers_language()
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("pl");
            (ImportMapping.Empty with { Columns = new Dictionary<string, string> { ["customer"] = "Vorname" } }).Problem(["Vorname", "Nachname"])!.ShouldContain("wybierz je zamiast zdarzeń");
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    private static async Task<string> TraitAsync(TestServer server, string id, string name) => (string?)JsonNode.Parse((await ProfilesAsync(server, "user:" + id)).ShouldHaveSingleItem().Traits)![name] ?? "";

    private static async Task<string> OriginalAsync(TestServer server, string id, string name) => (string?)JsonNode.Parse((await ProfilesAsync(server, "user:" + id)).ShouldHaveSingleItem().Traits)!["original"]?[name] ?? "";
}
