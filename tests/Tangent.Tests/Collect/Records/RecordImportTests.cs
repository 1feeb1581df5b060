using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Tests.Collect;

/// <summary>Persons, companies and records brought in from files, through the running program.</summary>
public sealed class RecordImportTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly string[] HubSpotFiles =
        ["contact_data", "company_data", "deal_data", "ticket_data", "deal_contact_data", "deal_company_data", "ticket_company_data", "ticket_deal_data", "contact_merge_audit_data"];

    [FixtureFact]
    public async Task The_whole_hubspot_export_comes_in_by_itself_and_changes_nothing_the_second_time()
    {
        await using var own = await TestServer.StartAsync();
        long[] rows = [22, 24, 44, 25, 11, 2, 9, 9, 4];
        for (var i = 0; i < HubSpotFiles.Length; i++)
        {
            var look = await ImportAsync(own, HubSpot(HubSpotFiles[i]), $"fileName={HubSpotFiles[i]}.csv&dryRun=true");
            Figures(look).ShouldBe((rows[i], rows[i], 0, 0, 0), HubSpotFiles[i]);
            var report = await ImportAsync(own, HubSpot(HubSpotFiles[i]), $"fileName={HubSpotFiles[i]}.csv");
            Figures(report).ShouldBe((rows[i], rows[i], 0, 0, 0), HubSpotFiles[i] + report);
            report.GetProperty("source").GetString().ShouldBe("HubSpot");
        }

        foreach (var file in HubSpotFiles) Figures(await ImportAsync(own, HubSpot(file), $"fileName={file}.csv")).ShouldBe((rows[Array.IndexOf(HubSpotFiles, file)], 0, 0, rows[Array.IndexOf(HubSpotFiles, file)], 0), file);

        await KeptAsync(own);
        // The audit's four merges, and the two contacts that name what was merged into them.
        foreach (var (kept, merged) in (ReadOnlySpan<(string, string)>)[("5555", "11111"), ("4444", "7777"), ("3333", "8888"), ("2222", "9999"), ("78971951", "76340251"), ("78971951", "46897301"), ("78971951", "76226001")])
            Customer(own, $"hubspot:{merged}").ShouldBe(Customer(own, $"user:hubspot:{kept}"));
        var record = (await own.Http.GetFromJsonAsync<JsonElement>($"/api/v1/unify/customers/{Customer(own, "user:hubspot:78971951")}")).GetProperty("values");
        record.ToString().ShouldContain("SampleCompany");

        var deals = await own.Http.GetFromJsonAsync<JsonElement>("/api/v1/unify/accounts/hubspot:12345/records?kind=deal");
        deals.GetProperty("total").GetInt32().ShouldBe(1);
        (await own.Http.GetFromJsonAsync<JsonElement>("/api/v1/unify/accounts/hubspot:1/records?kind=ticket&open=true")).GetProperty("total").GetInt32().ShouldBe(6);
        var contact = await own.Http.GetFromJsonAsync<JsonElement>($"/api/v1/unify/customers/{Customer(own, "user:hubspot:1499466")}/records");
        contact.GetProperty("items").EnumerateArray().Select(r => r.GetProperty("id").GetString()).Order().ShouldBe(["86133127", "86134193"]);
    }

    [Fact]
    public async Task Persons_come_in_one_form_with_what_was_written_kept_and_bad_rows_cost_only_themselves()
    {
        const string file = """
            Kundennummer;Vorname;Nachname;E-Mail;Telefon;Straße;PLZ;Ort;Land;Geburtsdatum;Tarif
            K-1;Dr. Anna;Meier-Groß; Anna.Meier@Example.ORG ;030 / 123 45 67;Hauptstr. 5;10115;Berlin;Deutschland;29.10.1980;Gold
            K-2;Łukasz;Żak;lukasz@example.pl;601 234 567;ulica Długa 7;00-238;Warszawa;Polska;01.02.1990;Silber
            ;;;keine;;;;;;;
            K-3;Urs;Frei;urs@example.ch;044 668 18 00;Bahnhofstr. 1;8001;Zürich;CH;5.6.1970;Gold
            """;
        var report = await ImportAsync(server, file, "source=crm-de&kind=persons");
        Figures(report).ShouldBe((4, 3, 0, 0, 1));
        report.GetProperty("rejects")[0].GetProperty("line").GetInt64().ShouldBe(4);
        await KeptAsync(server);
        var anna = Traits(await ProfilesAsync(server, "user:K-1"));
        anna.GetProperty("phone").GetString().ShouldBe("+49301234567");
        anna.GetProperty("email").GetString().ShouldBe("anna.meier@example.org");
        anna.GetProperty("title").GetString().ShouldBe("Dr.");
        anna.GetProperty("firstName").GetString().ShouldBe("Anna");
        anna.GetProperty("street").GetString().ShouldBe("Hauptstraße 5");
        anna.GetProperty("country").GetString().ShouldBe("DE");
        anna.GetProperty("birthDate").GetString().ShouldBe("1980-10-29");
        anna.GetProperty("Tarif").GetString().ShouldBe("Gold");
        anna.GetProperty("original").GetProperty("phone").GetString().ShouldBe("030 / 123 45 67");
        var lukasz = Traits(await ProfilesAsync(server, "user:K-2"));
        lukasz.GetProperty("phone").GetString().ShouldBe("+48601234567");
        lukasz.GetProperty("street").GetString().ShouldBe("ul. Długa 7");
        var urs = Traits(await ProfilesAsync(server, "user:K-3"));
        urs.GetProperty("phone").GetString().ShouldBe("+41446681800");
        urs.GetProperty("street").GetString().ShouldBe("Bahnhofstrasse 1");
    }

    [Fact]
    public async Task A_changed_row_updates_and_a_value_that_changes_back_does_too()
    {
        string Row(string town, string phone) => $"id,email,city,phone\n7,seven@example.org,{town},{phone}\n8,eight@example.org,Graz,\n";
        Figures(await ImportAsync(server, Row("Linz", "+43 1 58858"), "source=crm-turns&kind=persons")).ShouldBe((2, 2, 0, 0, 0));
        var look = await ImportAsync(server, Row("Wels", ""), "source=crm-turns&kind=persons&dryRun=true");
        Figures(look).ShouldBe((2, 0, 1, 1, 0));
        look.GetProperty("samples").EnumerateArray().Count(s => s.GetProperty("isChanged").GetBoolean()).ShouldBe(1);
        Figures(await ImportAsync(server, Row("Wels", ""), "source=crm-turns&kind=persons")).ShouldBe((2, 0, 1, 1, 0));
        await KeptAsync(server);
        var changed = Traits(await ProfilesAsync(server, "user:7"));
        changed.GetProperty("city").GetString().ShouldBe("Wels");
        changed.TryGetProperty("phone", out _).ShouldBeFalse("what was emptied is gone");
        Figures(await ImportAsync(server, Row("Linz", "+43 1 58858"), "source=crm-turns&kind=persons")).ShouldBe((2, 0, 1, 1, 0));
        await KeptAsync(server);
        Traits(await ProfilesAsync(server, "user:7")).GetProperty("city").GetString().ShouldBe("Linz");
    }

    [Fact]
    public async Task An_order_is_one_event_at_its_touchpoint_and_a_record_that_follows_its_status()
    {
        string Orders(string status) => $"order number,customer id,date,amount,currency,status\nA-1,buyer-1,2026-03-01 10:00,\"1.234,50 €\",eur,{status}\nA-2,buyer-1,soon,5,EUR,paid\n,buyer-1,2026-03-01,5,EUR,paid\nA-4,buyer-2,2026-03-02 10:00,much,EUR,paid\n";
        var report = await ImportAsync(server, Orders("paid"), "source=shop-orders&kind=orders");
        Figures(report).ShouldBe((4, 1, 0, 0, 3), report.ToString());
        report.GetProperty("rejects").EnumerateArray().Select(r => r.GetProperty("reason").GetString()).ShouldBe(["timeUnreadable", "idMissing", "numberNotFinite"]);
        Figures(await ImportAsync(server, Orders("sent back"), "source=shop-orders&kind=orders")).ShouldBe((4, 0, 1, 0, 3));
        await KeptAsync(server);
        var number = Customer(server, "user:buyer-1");
        var customer = await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/unify/customers/{number}");
        customer.ToString().ShouldContain("\"Order\"");
        var journeys = server.Get<JourneyStore>();
        journeys.Lines([number]).Single().Events.ShouldBe(1);
        var records = (await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/unify/customers/{number}/records?kind=order")).GetProperty("items");
        records.GetArrayLength().ShouldBe(1);
        records[0].GetProperty("status").GetString().ShouldBe("sent back");
        records[0].GetProperty("value").GetDouble().ShouldBe(1234.5);
        records[0].GetProperty("currency").GetString().ShouldBe("EUR");
        (await server.Http.GetStringAsync($"/unify/customers/{number}/records")).ShouldContain("A-1");
    }

    [Fact]
    public async Task Undoing_an_import_takes_back_what_it_said_of_people_companies_and_records()
    {
        await ImportAsync(server, "id,email,city\nu1,u1@example.org,Bern\n", "source=crm-undo&kind=persons");
        var second = await ImportAsync(server, "id,email,city\nu1,u1@example.org,Basel\nu2,u2@example.org,Chur\n", "source=crm-undo&kind=persons");
        var orders = await ImportAsync(server, "order number,customer id,date,amount\nB-1,u1,2026-03-01 10:00,7\n", "source=crm-undo&kind=orders");
        await KeptAsync(server);
        Traits(await ProfilesAsync(server, "user:u1")).GetProperty("city").GetString().ShouldBe("Basel");
        foreach (var import in (JsonElement[])[second, orders]) (await server.Http.PostAsync(new Uri($"/api/v1/collect/imports/{import.GetProperty("importId").GetInt32()}/undo", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await KeptAsync(server);
        Traits(await ProfilesAsync(server, "user:u1")).GetProperty("city").GetString().ShouldBe("Bern");
        (await ProfilesAsync(server, "user:u2")).ShouldBeEmpty();
        (await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/unify/customers/{Customer(server, "user:u1")}/records")).GetProperty("total").GetInt32().ShouldBe(0);
        // Taken back it is new again.
        Figures(await ImportAsync(server, "id,email,city\nu1,u1@example.org,Basel\n", "source=crm-undo&kind=persons")).ShouldBe((1, 0, 1, 0, 0));
        await KeptAsync(server);
        Traits(await ProfilesAsync(server, "user:u1")).GetProperty("city").GetString().ShouldBe("Basel");
    }

    [Fact]
    public async Task Erasing_a_person_leaves_nothing_of_an_import_that_brought_it()
    {
        await ImportAsync(server, "Record ID,First Name,Last Name,Email,Merged Contact IDs,Associated Company IDs\n901,Erna,Vergessmich,erna.v@example.org,902,77\n", "fileName=erase.csv");
        await ImportAsync(server, "Record ID,Deal Name,Deal Stage,Associated Contact IDs,Create Date,Amount\n5001,Geheimes Fahrrad,won,901,2026-01-05 10:00,900\n", "fileName=erase-deals.csv");
        await KeptAsync(server);
        (await server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = "user:hubspot:901", reason = "request 1" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var path in Directory.EnumerateFiles(server.DataFolder, "*", SearchOption.AllDirectories).Where(p => !p.EndsWith(".sock", StringComparison.Ordinal) && Path.GetFileName(p) != "lock"))
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false);
            foreach (var word in (string[])["Vergessmich", "erna.v@example.org", "hubspot:901", "hubspot:902", "Geheimes"])
                bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)).ShouldBe(-1, $"{word} in {path}");
        }
    }

    [Fact]
    public async Task Records_come_as_json_lines_too_and_a_wrong_kind_or_preset_is_refused()
    {
        const string lines = """
            {"id":"j1","properties":{"email":"j1@example.org","firstname":"Jan"}}
            no json
            {"id":"j2","properties":{"email":"j2@example.org","firstname":"Ida"}}
            """;
        var report = await ImportAsync(server, lines, "source=crm-json&kind=persons&format=jsonl&map=email=properties.email&map=firstName=properties.firstname");
        Figures(report).ShouldBe((3, 2, 0, 0, 1), report.ToString());
        await KeptAsync(server);
        Traits(await ProfilesAsync(server, "user:j2")).GetProperty("firstName").GetString().ShouldBe("Ida");
        foreach (var wrong in (string[])["kind=friends", "preset=abacus", "kind=consents", "kind=merges"])
            (await server.Http.PostAsync(new Uri("/api/v1/collect/imports?source=x&" + wrong, UriKind.Relative), new StringContent("a,b\n1,2\n"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, wrong);
    }

    private static (long Rows, long New, long Changed, long Duplicates, long Rejected) Figures(JsonElement report)
    {
        long Count(string name) => report.GetProperty(name).GetInt64();
        return (Count("rows"), Count("new"), Count("changed"), Count("duplicates"), Count("rejected"));
    }

    private static string HubSpot(string file) => File.ReadAllText(Path.Combine(Repository.Fixtures, "hubspot", file + ".csv"));

    private static async Task<JsonElement> ImportAsync(TestServer server, string file, string query)
    {
        var answer = await server.Http.PostAsync(new Uri("/api/v1/collect/imports?" + query, UriKind.Relative), new StringContent(file));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static async Task KeptAsync(TestServer server) => await server.Get<ProfileFeed>().WaitUntilKeptAsync(server.Get<EventLog>().EndPosition, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));

    private static int Customer(TestServer server, string identifier) => server.Get<JourneyStore>().Named(identifier)!.Customer;

    private static async Task<List<Profile>> ProfilesAsync(TestServer server, string key)
    {
        using var scope = server.Services.CreateScope();
        return await scope.ServiceProvider.GetRequiredService<ProfileQueries>().FindAsync([key], CancellationToken.None);
    }

    private static JsonElement Traits(List<Profile> profiles) => JsonDocument.Parse(profiles.ShouldHaveSingleItem().Traits).RootElement;
}
