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

        var deals = await own.Http.GetFromJsonAsync<JsonElement>("/api/v1/unify/accounts/records?account=hubspot:12345&kind=deal");
        deals.GetProperty("total").GetInt32().ShouldBe(1);
        (await own.Http.GetFromJsonAsync<JsonElement>("/api/v1/unify/accounts/records?account=hubspot:1&kind=ticket&open=true")).GetProperty("total").GetInt32().ShouldBe(6);
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

    [Fact]
    public async Task A_word_about_consent_says_of_what_and_since_when()
    {
        const string rows = """
            customer id,email,contact point,purpose,consent,date
            7,anna@example.org,,commercial,given,2024-05-01
            7,,bartek@example.org,commercial,given,2024-05-01
            7,,+48 601 234 567,commercial,given,2024-05-01
            7,,,tracking,given,2024-05-01
            7,anna@example.org,,commercial,withdrawn,
            7,anna@example.org,,commercial,given,
            7,anna@example.org,,tracking,withdrawn,2024-05-01
            7,,sms:+48601234567,commercial,withdrawn,2024-05-01
            7,,foo,commercial,withdrawn,2024-05-01
            7,,,commercial,given,2024-05-01
            7,no address,,commercial,given,2024-05-01
            7,anna@example.org,,E-Mail & SMS,given,2024-05-01
            """;
        await using var server = await TestServer.StartAsync();
        var report = await ImportAsync(server, rows, "source=list&kind=consents");
        Figures(report).ShouldBe((12, 6, 0, 0, 6), report.ToString());
        report.GetProperty("rejects").EnumerateArray().Select(r => r.GetProperty("reason").GetString()).ShouldBe(["timeMissing", "idMissing", "idMissing", "idMissing", "idMissing", "idMissing"]);
        server.Get<EventLog>().Read(0).SelectMany(Lines).Where(l => l.TryGetProperty("consent", out _)).Select(l => l.GetProperty("consent").GetProperty("contactPoint").GetString()).ShouldBe(["email:anna@example.org", "email:bartek@example.org", "phone:+48 601 234 567", "", "email:anna@example.org", ""]);
    }

    [FixtureFact]
    public async Task HubSpots_letters_calls_and_meetings_become_events_of_their_contacts_whichever_file_comes_first()
    {
        await using var own = await TestServer.StartAsync();
        (string File, long Rows)[] files = [("contact_data", 22), ("email_event_data", 100), ("engagement_contact_data", 1), ("engagement_call_data", 1), ("engagement_email_data", 1), ("engagement_meeting_data", 100)];
        foreach (var (file, rows) in files) Figures(await ImportAsync(own, HubSpot(file), $"fileName={file}.csv&preset=hubspot")).ShouldBe((rows, rows, 0, 0, 0), file);
        foreach (var (file, rows) in files) Figures(await ImportAsync(own, HubSpot(file), $"fileName={file}.csv&preset=hubspot")).ShouldBe((rows, 0, 0, rows, 0), file);
        await KeptAsync(own);
        var journeys = own.Get<JourneyStore>();
        await journeys.WaitUntilVisibleAsync(own.Get<EventLog>().EndPosition, CancellationToken.None);
        var names = own.Get<EventLog>().Read(0).SelectMany(Lines).Where(l => l.GetProperty("type").GetString() == "track").Select(l => l.GetProperty("event").GetString()!).CountBy(n => n).ToDictionary();
        names.ShouldBe(new Dictionary<string, int> { ["E-mail opened"] = 90, ["E-mail sent"] = 4, ["E-mail delivered"] = 3, ["E-mail processed"] = 3, ["Call"] = 1 }, ignoreOrder: true);
        journeys.Lines([Customer(own, "user:hubspot:501")]).Single().Events.ShouldBe(1);
        journeys.Lines([Customer(own, "user:hubspot:o2wjpPyUfzBfq9OSt9I2NQ==")]).Single().Events.ShouldBe(16);

        // The other way round: first the call, then whose it is.
        await using var turned = await TestServer.StartAsync();
        await ImportAsync(turned, HubSpot("engagement_call_data"), "fileName=engagement_call_data.csv");
        await ImportAsync(turned, HubSpot("engagement_contact_data"), "fileName=engagement_contact_data.csv");
        await KeptAsync(turned);
        await turned.Get<JourneyStore>().WaitUntilVisibleAsync(turned.Get<EventLog>().EndPosition, CancellationToken.None);
        turned.Get<JourneyStore>().Lines([Customer(turned, "user:hubspot:501")]).Single().Events.ShouldBe(1);
        var records = (await turned.Http.GetFromJsonAsync<JsonElement>($"/api/v1/unify/customers/{Customer(turned, "user:hubspot:501")}/records")).GetProperty("items");
        records[0].GetProperty("title").GetString().ShouldBe("Call");
        records[0].GetProperty("at").GetDateTime().ToUniversalTime().ShouldBe(new DateTime(2014, 8, 27, 20, 50, 44, 778, DateTimeKind.Utc), "replicated tables are in UTC");
    }

    [Fact]
    public async Task An_order_of_several_products_is_one_order()
    {
        const string shopify = """
            Name,Email,Financial Status,Created at,Currency,Total,Lineitem quantity,Lineitem name,Billing Zip
            #1001,ada@example.org,paid,2026-03-01 10:00:00 +0100,EUR,53.91,1,Lamp,'10115
            #1001,ada@example.org,,,,,2,Bell,
            #1001,ada@example.org,,,,,1,Lock,
            #1002,bob@example.org,paid,2026-03-02 10:00:00 +0100,EUR,9.00,1,Bell,'10117
            """;
        Figures(await ImportAsync(server, shopify, "fileName=orders_export.csv")).ShouldBe((2, 2, 0, 0, 0));
        Figures(await ImportAsync(server, shopify, "fileName=orders_export.csv")).ShouldBe((2, 0, 0, 2, 0));
        const string woo = """
            order_id,order_number,date,status,billing_email,customer_id,order_total,order_currency,item_name,item_quantity
            7,700,2026-03-04 09:00,completed,eve@example.org,0,30.00,EUR,Helmet,1
            7,700,2026-03-04 09:00,completed,eve@example.org,0,30.00,EUR,Pump,1
            8,800,2026-03-05 09:00,completed,dan@example.org,0,5.00,EUR,Pump,1
            """;
        Figures(await ImportAsync(server, woo, "fileName=woo.csv")).ShouldBe((2, 2, 0, 0, 0));
        await KeptAsync(server);
        var ada = await OrderAsync("user:ada@example.org");
        ada.GetProperty("value").GetDouble().ShouldBe(53.91);
        ada.GetProperty("fields").GetProperty("products").EnumerateArray().Select(p => $"{p.GetProperty("product")} {p.GetProperty("Lineitem quantity")}").ShouldBe(["Lamp 1", "Bell 2", "Lock 1"]);
        Traits(await ProfilesAsync(server, "user:ada@example.org")).GetProperty("postcode").GetString().ShouldBe("10115");
        var eve = await OrderAsync("user:eve@example.org");
        eve.GetProperty("value").GetDouble().ShouldBe(30);
        eve.GetProperty("fields").GetProperty("products").GetArrayLength().ShouldBe(2);
        Customer(server, "user:dan@example.org").ShouldNotBe(Customer(server, "user:eve@example.org"), "0 is nobody's number");
    }

    [Fact]
    public async Task Amounts_of_an_orders_rows_add_up_where_some_order_shows_that_they_are_of_one_product_each()
    {
        const string lines = "Bestellnummer;Kundennummer;Datum;Produkt;Betrag\n1;k-1;1.3.2026;Lampe;20,00\n1;k-1;1.3.2026;Lampe;20,00\n2;k-2;2.3.2026;Klingel;5,50\n2;k-2;2.3.2026;Schloss;4,50\n2;k-2;2.3.2026;Helm;viel\n3;k-3;2.3.2026;Helm;7\n3;k-3;2.3.2026;Helm;8\n";
        var report = await ImportAsync(server, lines, "source=lines&kind=orders");
        Figures(report).ShouldBe((3, 2, 0, 0, 1), report.ToString());
        report.GetProperty("rejects")[0].GetProperty("line").GetInt64().ShouldBe(6);
        await KeptAsync(server);
        (await OrderAsync("user:k-1")).GetProperty("value").GetDouble().ShouldBe(40);
        (await OrderAsync("user:k-3")).GetProperty("value").GetDouble().ShouldBe(15);
    }

    [Fact]
    public async Task An_order_that_comes_again_later_or_written_otherwise_does_not_make_amounts_add_up()
    {
        const string wholes = "Bestellnummer;Kundennummer;Datum;Status;Produkt;Betrag\n1;w-1;1.3.2026;offen;Lampe;20,00\n1;w-1;2.3.2026;offen;Lampe;25,00\n2;w-2;2.3.2026;offen;Helm;30\n2;w-2;2.3.2026;offen;Schloss;30,00\n3;w-3;2.3.2026;offen;Helm;7\n3;w-3;2.3.2026;bezahlt;Helm;8\n";
        await ImportAsync(server, wholes, "source=wholes&kind=orders");
        await KeptAsync(server);
        (await OrderAsync("user:w-2")).GetProperty("value").GetDouble().ShouldBe(30);
    }

    [Fact]
    public async Task What_day_a_date_is_is_decided_by_all_rows_or_asked_for()
    {
        string Persons(int rows, string last) => "id,email,birth date\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"p{i},p{i}@dates.example,0{1 + (i % 9)}/02/1980\n")) + $"last,last@dates.example,{last}\n";
        var unclear = await server.Http.PostAsync(new Uri("/api/v1/collect/imports?source=dates&kind=persons", UriKind.Relative), new StringContent(Persons(300, "03/04/1990")));
        unclear.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await unclear.Content.ReadAsStringAsync()).ShouldContain("line 2: '01/02/1980'");
        await ImportAsync(server, Persons(300, "03/04/1990"), "source=dates&kind=persons&dates=month-first");
        await KeptAsync(server);
        Traits(await ProfilesAsync(server, "user:last")).GetProperty("birthDate").GetString().ShouldBe("1990-03-04");
        // One row far behind those that are looked at first says which it is.
        await ImportAsync(server, Persons(300, "31/04/1990") + "z,z@dates.example,31/12/1970\n", "source=dates2&kind=persons");
        await KeptAsync(server);
        var first = (await ProfilesAsync(server, "user:p2")).Single(p => p.Traits.Contains("1980-02-03", StringComparison.Ordinal));
        JsonDocument.Parse(first.Traits).RootElement.GetProperty("birthDate").GetString().ShouldBe("1980-02-03");
        (await server.Http.PostAsync(new Uri("/api/v1/collect/imports?source=x&dates=year-last", UriKind.Relative), new StringContent("a\n1\n"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_column_that_only_a_late_line_of_json_has_comes_along()
    {
        var lines = string.Concat(Enumerable.Range(0, 400).Select(i => $"{{\"id\":\"late-{i}\",\"email\":\"late-{i}@example.org\"}}\n")) + "{\"id\":\"late-x\",\"email\":\"late-x@example.org\",\"shoe\":\"44\"}\n";
        Figures(await ImportAsync(server, lines, "source=late&kind=persons")).ShouldBe((401, 401, 0, 0, 0));
        await KeptAsync(server);
        Traits(await ProfilesAsync(server, "user:late-x")).GetProperty("shoe").GetString().ShouldBe("44");
    }

    [Fact]
    public async Task Cards_of_every_version_come_in_as_persons()
    {
        const string cards = """
            BEGIN:VCARD
            VERSION:4.0
            UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1
            FN:Dr. Anna Meier-Groß
            N:Meier-Groß;Anna;;Dr.;
            EMAIL;TYPE=home:privat@cards.example
            EMAIL;PREF=1;TYPE=work:Anna.Meier@Cards.example
            TEL;VALUE=uri;TYPE="voice,home":tel:+49-30-1234567;ext=3
            TEL;TYPE=fax:+49 30 999
            ADR;TYPE=home:;;Hauptstr. 5;Berlin;;10115;Deutschland
            ORG:Räder\; Teile GmbH;Einkauf
            TITLE:Leiterin
            BDAY:19801029
            REV:20260101T120000Z
            NOTE:Erste Zeile\nzweite
              Zeile
            END:VCARD
            BEGIN:VCARD
            VERSION:2.1
            N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Wei=DF;J=F6=
            rg
            TEL;CELL:0170 1112233
            BDAY:--1224
            END:VCARD
            begin:vcard
            version:3.0
            FN:Łukasz Żak
            N:Żak;Łukasz;;;
            item1.EMAIL;type=INTERNET;type=pref:lukasz@cards.example
            END:VCARD
            BEGIN:VCARD
            VERSION:4.0
            KIND:org
            FN:Firma AG
            END:VCARD
            BEGIN:VCARD
            FN:Halb
            """;
        var text = cards.ReplaceLineEndings("\r\n");
        var report = await ImportAsync(server, text, "fileName=kontakte.vcf");
        Figures(report).ShouldBe((5, 3, 0, 0, 2), report.ToString());
        report.GetProperty("source").GetString().ShouldBe("vCard");
        report.GetProperty("rejects").EnumerateArray().Select(r => r.GetProperty("line").GetInt64()).ShouldBe([31, 36]);
        await KeptAsync(server);
        var anna = Traits(await ProfilesAsync(server, "user:vcard:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1"));
        string Of(JsonElement traits, string name) => traits.GetProperty(name).GetString()!;
        (Of(anna, "name"), Of(anna, "title"), Of(anna, "firstName"), Of(anna, "lastName")).ShouldBe(("Anna Meier-Groß", "Dr.", "Anna", "Meier-Groß"));
        (Of(anna, "email"), Of(anna, "phone"), Of(anna, "birthDate"), Of(anna, "company")).ShouldBe(("anna.meier@cards.example", "+49301234567", "1980-10-29", "Räder; Teile GmbH"));
        (Of(anna, "street"), Of(anna, "postcode"), Of(anna, "city"), Of(anna, "country")).ShouldBe(("Hauptstraße 5", "10115", "Berlin", "DE"));
        Of(anna, "NOTE").ShouldBe("Erste Zeile zweite Zeile");
        (Of(Traits(await ProfilesAsync(server, "user:lukasz@cards.example")), "firstName")).ShouldBe("Łukasz");
        using var scope = server.Services.CreateScope();
        var log = server.Get<EventLog>();
        log.Read(0).Any(r => Encoding.UTF8.GetString(r.Body.Span).Contains("\"firstName\":\"Jörg\",\"lastName\":\"Weiß\"", StringComparison.Ordinal)).ShouldBeTrue("quoted-printable in another charset");
        // Again, with a new address: one changes, the others are known.
        var again = await ImportAsync(server, text.Replace("Hauptstr. 5", "Nebenstr. 6", StringComparison.Ordinal).Replace("20260101", "20260102", StringComparison.Ordinal), "fileName=kontakte.vcf&dryRun=true");
        Figures(again).ShouldBe((5, 0, 1, 2, 2));
        (await server.Http.PostAsync(new Uri($"/api/v1/collect/imports/{report.GetProperty("importId").GetInt32()}/undo", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<JsonElement> OrderAsync(string identifier) =>
        (await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/unify/customers/{Customer(server, identifier)}/records?kind=order")).GetProperty("items").EnumerateArray().Single();

    internal static (long Rows, long New, long Changed, long Duplicates, long Rejected) Figures(JsonElement report)
    {
        long Count(string name) => report.GetProperty(name).GetInt64();
        return (Count("rows"), Count("new"), Count("changed"), Count("duplicates"), Count("rejected"));
    }

    private static string HubSpot(string file) => File.ReadAllText(Path.Combine(Repository.Fixtures, "hubspot", file + ".csv"));

    internal static async Task<JsonElement> ImportAsync(TestServer server, string file, string query)
    {
        var answer = await server.Http.PostAsync(new Uri("/api/v1/collect/imports?" + query, UriKind.Relative), new StringContent(file));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    internal static async Task KeptAsync(TestServer server) => await server.Get<ProfileFeed>().WaitUntilKeptAsync(server.Get<EventLog>().EndPosition, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));

    private static int Customer(TestServer server, string identifier) => server.Get<JourneyStore>().Named(identifier)!.Customer;

    internal static async Task<List<Profile>> ProfilesAsync(TestServer server, string key)
    {
        using var scope = server.Services.CreateScope();
        return await scope.ServiceProvider.GetRequiredService<ProfileQueries>().FindAsync([key], CancellationToken.None);
    }

    private static JsonElement Traits(List<Profile> profiles) => JsonDocument.Parse(profiles.ShouldHaveSingleItem().Traits).RootElement;

    private static IEnumerable<JsonElement> Lines(LogRow row)
    {
        foreach (var line in row.Events) yield return JsonDocument.Parse(line).RootElement;
    }
}
