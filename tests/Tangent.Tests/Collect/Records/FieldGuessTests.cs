using System.Globalization;
using System.Net.Http.Json;
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

    [Theory]
    [InlineData("persons", "recordId,email,firstName,lastName,phone,city", null)]
    [InlineData("persons", "record id,email,first name,last name,phone,city", null)]
    [InlineData("persons", "Record ID,Email,First Name,Last Name,Phone Number,City", "HubSpot")]
    [InlineData("persons", "ID,PROPERTY_EMAIL,PROPERTY_FIRSTNAME,PROPERTY_LASTNAME,PROPERTY_PHONE,PROPERTY_CITY", "HubSpot")]
    [InlineData("persons", "recordId,email,firstName,lastName,phone,city", "HubSpot", "&preset=hubspot")]
    [InlineData("companies", "accountId,name,email,firstName,phone,city", null)]
    [InlineData("tickets", "id,case number,subject,status,phone,city", null)]
    public async Task A_programs_export_is_known_by_headers_as_it_writes_them(string kind, string head, string? program, string preset = "")
    {
        var look = await ImportAsync(server, head + "\n77,a@neutral.example,Ann,Able,030 1234567,Linz\n", $"kind={kind}&source=neutral-{Guid.NewGuid():N}&dryRun=true{preset}");
        look.GetProperty("reading").GetProperty("preset").GetString().ShouldBe(program);
    }

    [Fact]
    public async Task Documented_names_of_fields_are_taken_as_they_are()
    {
        await ImportAsync(server, "recordId,email,firstName,lastName,phone,city,updated\nn-77,n77@neutral.example,Ann,Able,030 1234567,Berlin,2026-02-03 10:00\n", "kind=persons&source=neutral");
        await KeptAsync(server);
        (await TraitAsync(server, "n-77", "phone"), await TraitAsync(server, "n-77", "column:phone")).ShouldBe(("+49301234567", ""));
    }

    [Theory]
    [InlineData("Merged Record IDs", "9011", "9012")]
    [InlineData("Merged Contact IDs", "9021", "9022")]
    public async Task Merges_are_honoured_by_whatever_name_hubspot_gives_them(string header, string kept, string merged)
    {
        await ImportAsync(server, $"Record ID,First Name,Last Name,Email,{header}\n{kept},Erna,Huber,erna.{kept}@merged.example,{merged}\n", "kind=persons");
        await KeptAsync(server);
        var journeys = server.Get<JourneyStore>();
        journeys.Named("hubspot:" + merged)!.Customer.ShouldBe(journeys.Named("user:hubspot:" + kept)!.Customer);
    }

    [Theory]
    [InlineData("salesforce", "Id,AccountId,FirstName,LastName,Email,Phone,MobilePhone,MailingCity,MailingCountryCode\n0031,0011,Ann,Able,ann@mobile.example,+49 30 1234567,0171 5556667,Berlin,DE\n0032,0011,Ben,Able,ben@mobile.example,,0171 5556668,Berlin,DE\n")]
    [InlineData("", "id,AccountId,Vorname,Nachname,E-Mail,Telefon,Handy,Ort,Land\nm-0031,0011,Ida,Able,ida@mobile.example,+49 30 1234567,0171 5556667,Berlin,DE\nm-0032,0011,Jan,Able,jan@mobile.example,,0171 5556668,Berlin,DE\n")]
    public async Task A_mobile_number_beside_a_telephone_has_its_form_too(string program, string file)
    {
        var own = program.Length == 0 ? "m-" : program + ":";
        await ImportAsync(server, file, $"kind=persons&source=mobile{program}");
        await KeptAsync(server);
        (await TraitAsync(server, own + "0031", "phone"), await TraitAsync(server, own + "0031", "mobile"), await OriginalAsync(server, own + "0031", "mobile")).ShouldBe(("+49301234567", "+491715556667", "0171 5556667"));
        (await TraitAsync(server, own + "0032", "mobile"), await TraitAsync(server, own + "0032", "MobilePhone")).ShouldBe(("+491715556668", ""));
        var known = await (await server.Http.PostAsJsonAsync("/api/v1/unify/duplicates/candidates", new { values = new { phone = "0171/5556667" } })).Content.ReadAsStringAsync();
        known.ShouldContain(own + "0031", Case.Sensitive, "by either of her numbers she is known");
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
