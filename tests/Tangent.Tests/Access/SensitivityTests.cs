using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.StaticAssets;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Tests.Access;

/// <summary>Which roles see what of a person: every address is asked as every role, with a person whose every value is marked.</summary>
public sealed class SensitivityTests : IAsyncLifetime
{
    private const string Mail = "anna.marker@example.org", Phone = "+491701239867", Street = "Markerstrasse 77", Birth = "1971-02-03";

    public static TheoryData<string, SensitiveKind?> Fields => new()
    {
        { "E-Mail Adresse", SensitiveKind.Email }, { "customer_email", SensitiveKind.Email }, { "adres e-mail", SensitiveKind.Email },
        { "Handynummer", SensitiveKind.Phone }, { "Mobilnummer", SensitiveKind.Phone }, { "Rufnummer privat", SensitiveKind.Phone }, { "komórka", SensitiveKind.Phone }, { "telefon komórkowy", SensitiveKind.Phone },
        { "Anschrift", SensitiveKind.Address }, { "Lieferadresse", SensitiveKind.Address }, { "deliveryAddress", SensitiveKind.Address }, { "Straße", SensitiveKind.Address }, { "ulica i numer", SensitiveKind.Address },
        { "adres zamieszkania", SensitiveKind.Address }, { "numer domu", SensitiveKind.Address }, { "billingAddressZip", SensitiveKind.Address }, { "ship_address", SensitiveKind.Address }, { "ipAddress", null }, { "client_ip_address", null }, { "IP-Adresse", null }, { "city", null },
        { "Geburtsdatum", SensitiveKind.BirthDate }, { "data urodzenia", SensitiveKind.BirthDate },
        { "Anmerkung", SensitiveKind.Comments }, { "uwagi", SensitiveKind.Comments }, { "opinia", SensitiveKind.Comments }, { "Freitext", SensitiveKind.Comments }, { "footnotes", null }, { "plan", null },
    };

    private readonly Dictionary<Role, HttpClient> _people = [];
    private TestServer _server = null!;
    private int _customer, _source;
    private long _position;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(false, null, "--Journeys:Properties:0=email");
        foreach (var role in Enum.GetValues<Role>()) _people[role] = await _server.ComeInAsync($"{role}@staff.example", role);
        var owner = _people[Role.Owner];
        var made = await (await owner.PostAsJsonAsync("/api/v1/collect/sources", new { name = "shop", kind = "server" })).Content.ReadFromJsonAsync<JsonElement>();
        _source = made.GetProperty("id").GetInt32();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch")
        {
            Content = new StringContent($$$"""
                {"batch":[
                  {"type":"identify","userId":"k-1","traits":{"name":"Anna M.","email":"{{{Mail}}}","phone":"{{{Phone}}}","street":"{{{Street}}}","city":"Bonn","birthDate":"{{{Birth}}}","plan":"gold"}},
                  {"type":"track","event":"Order","userId":"k-1","properties":{"customerEmail":"{{{Mail}}}","shippingAddress":{"line":"{{{Street}}}"},"birthday":"{{{Birth}}}","contact":"call {{{Phone}}} or {{{Mail}}}"}},
                  {"type":"track","event":"Visit {{{Mail}}}","userId":"{{{Mail}}}"},
                  {"type":"group","userId":"k-1","groupId":"firm","traits":{"name":"Firm","email":"{{{Mail}}}"}},
                  {"type":"track","userId":"k-1","properties":{"birthDate":"{{{Birth}}}","email":"{{{Mail}}}","street":"{{{Street}}}"}}]}
                """),
        };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(made.GetProperty("writeKey").GetString() + ":")));
        (await _server.Http.SendAsync(request)).EnsureSuccessStatusCode();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var end = _server.Get<EventLog>().EndPosition;
        await _server.Get<ProfileFeed>().WaitUntilKeptAsync(end, patience.Token);
        await _server.Get<JourneyStore>().WaitUntilVisibleAsync(end, patience.Token);
        _customer = _server.Get<JourneyStore>().FindCustomer("k-1")!.Value;
        _position = 1;
    }

    public async Task DisposeAsync()
    {
        foreach (var person in _people.Values) person.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_is_known_by_its_name_in_three_languages(string name, SensitiveKind? kind) => SensitiveFields.KindOf(name).ShouldBe(kind);

    [Fact]
    public async Task No_address_shows_a_viewer_what_others_see()
    {
        var leaks = new List<string>();
        var seenByOthers = 0;
        foreach (var address in Addresses())
        {
            var (_, shown) = await GetAsync(Role.Viewer, address);
            leaks.AddRange(new[] { Mail, "anna.marker", Phone, "1701239867", Street, Birth }.Where(secret => shown.Contains(secret, StringComparison.OrdinalIgnoreCase)).Select(secret => $"{address}: {secret}"));
            var (status, open) = await GetAsync(Role.Contributor, address);
            ((int)status).ShouldBeLessThan(500, address);
            if (open.Contains(Mail, StringComparison.Ordinal) || open.Contains(Birth, StringComparison.Ordinal)) seenByOthers++;
        }

        leaks.ShouldBeEmpty();
        seenByOthers.ShouldBeGreaterThan(12, "The addresses that show the person.");
    }

    [Fact]
    public async Task A_viewer_sees_masks_and_the_rest_as_it_is()
    {
        var page = WebUtility.HtmlDecode((await GetAsync(Role.Viewer, $"/unify/customers/{_customer}")).Text);
        foreach (var shown in (string[])["a…@example.org", "+49 … 67", "Anna M.", "Bonn", "gold"]) page.ShouldContain(shown);
        var json = JsonDocument.Parse((await GetAsync(Role.Viewer, $"/api/v1/unify/customers/{_customer}")).Text).RootElement;
        json.GetProperty("traits").GetProperty("email").GetString().ShouldBe("a…@example.org");
        json.GetProperty("traits").GetProperty("birthDate").GetString().ShouldBe("…");
        json.GetProperty("values").EnumerateArray().Single(v => v.GetProperty("name").GetString() == "street").GetProperty("value").GetString().ShouldBe("…");
        (await GetAsync(Role.Viewer, "/")).Text.ShouldContain("Viewer@staff.example", Case.Insensitive, "One's own address is no secret.");
    }

    [Fact]
    public async Task What_is_hidden_of_a_company_cannot_be_found_out_by_asking_either()
    {
        async Task<int> FoundAsync(Role role) => JsonDocument.Parse((await GetAsync(role, "/api/v1/unify/accounts?search=marker@")).Text).RootElement.GetProperty("total").GetInt32();
        (await FoundAsync(Role.Viewer)).ShouldBe(0);
        (await FoundAsync(Role.Contributor)).ShouldBe(1);
        const string asked = "/api/v1/unify/segments/size?condition=account: email = anna.marker@example.org";
        (await GetAsync(Role.Viewer, asked)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await GetAsync(Role.Contributor, asked)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_hidden_cannot_be_found_out_by_asking()
    {
        foreach (var search in (string[])["marker@", "anna.marker@example.org", "9867", "markerstrasse", "1971"])
        {
            (await TotalAsync(Role.Viewer, search)).ShouldBe(0, search);
            (await TotalAsync(Role.Contributor, search)).ShouldBeGreaterThanOrEqualTo(1, search);
        }

        (await TotalAsync(Role.Viewer, "anna bonn")).ShouldBe(1);
        foreach (var address in (string[])["/api/v1/analyse/touchpoints?property.email=anna.marker@example.org", "/api/v1/analyse/funnels?step=Order&breakdown=property.email", "/api/v1/analyse/funnels?step=Order %26 email=anna.marker@example.org", "/api/v1/unify/segments/size?condition=did: Order %26 email=anna.marker@example.org", "/api/v1/unify/segments/size?condition=trait: email = anna.marker@example.org", "/api/v1/unify/segments/size?condition=not trait: birthDate < 1980-01-01", "/api/v1/unify/segments/size?condition=account: email = anna.marker@example.org", "/api/v1/analyse/touchpoints?trait.email=anna.marker@example.org", "/api/v1/analyse/funnels?step=Order&step=Order&breakdown=trait.phone"])
        {
            (await GetAsync(Role.Viewer, address)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, address);
            (await GetAsync(Role.Contributor, address)).Status.ShouldBe(HttpStatusCode.OK, address);
        }

        async Task<int> AccountsAsync(Role role, string search) => JsonDocument.Parse((await GetAsync(role, "/api/v1/unify/accounts?search=" + search)).Text).RootElement.GetProperty("total").GetInt32();
        (await AccountsAsync(Role.Viewer, "marker")).ShouldBe(0);
        (await AccountsAsync(Role.Viewer, "firm")).ShouldBe(1);
        (await AccountsAsync(Role.Contributor, "marker")).ShouldBe(1);
        (await GetAsync(Role.Viewer, "/unify/traits/choices")).Text.ShouldNotContain("birthDate");
        (await GetAsync(Role.Viewer, $"/unify/customers/{_customer}/timeline?text=markerstrasse")).Text.ShouldNotContain("timeline-event ch");
        (await GetAsync(Role.Contributor, $"/unify/customers/{_customer}/timeline?text=markerstrasse")).Text.ShouldContain("timeline-event ch");
        // A segment that somebody who sees it wrote can be used.
        (await _people[Role.Editor].PostAsJsonAsync("/api/v1/unify/segments", new { name = "Reachable", conditions = new[] { "trait: email" } })).EnsureSuccessStatusCode();
        (await GetAsync(Role.Viewer, "/api/v1/analyse/touchpoints?segment=Reachable")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Whose_an_address_is_cannot_be_found_out_where_it_is_an_id()
    {
        foreach (var customer in (string[])[Mail, "user:" + Mail])
        {
            foreach (var address in (string[])["/api/v1/collect/joins?customer=", "/api/v1/collect/decisions?customer=", "/api/v1/analyse/touchpoints?customer="])
            {
                (await GetAsync(Role.Viewer, address + customer)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, address);
                (await GetAsync(Role.Contributor, address + customer)).Status.ShouldBe(HttpStatusCode.OK, address);
            }

            async Task<JsonElement> SizeAsync(Role role) => JsonDocument.Parse((await GetAsync(role, "/api/v1/unify/segments/size?condition=customers: " + customer)).Text).RootElement;
            (await SizeAsync(Role.Viewer)).GetProperty("customers").GetInt32().ShouldBe(0, customer);
            (await SizeAsync(Role.Viewer)).GetProperty("conditions")[0].GetProperty("note").GetString()!.ShouldContain("nobody's");
            (await SizeAsync(Role.Contributor)).GetProperty("customers").GetInt32().ShouldBe(1, customer);
        }

        // A list that somebody who sees it wrote can be used.
        (await _people[Role.Editor].PostAsJsonAsync("/api/v1/unify/segments", new { name = "Listed", conditions = new[] { "customers: user:" + Mail } })).EnsureSuccessStatusCode();
        JsonDocument.Parse((await GetAsync(Role.Viewer, "/api/v1/analyse/events?segment=Listed")).Text).RootElement.GetProperty("customers").GetInt32().ShouldBe(1);
        var masking = new Masking(Enum.GetValues<SensitiveKind>().ToHashSet());
        (masking.Shows("user:" + Phone), masking.Shows("user:k-1")).ShouldBe((false, true));
    }

    [Fact]
    public async Task Files_and_the_live_view_are_masked_too()
    {
        foreach (var file in (string[])["csv", "xlsx"])
        {
            using var answer = await _people[Role.Viewer].GetAsync($"/unify/customers?export=customers.{file}&customers.columns=customer,id,email");
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            var text = file == "csv" ? Encoding.UTF8.GetString(bytes) : Unzipped(bytes);
            text.ShouldContain("…@example.org", customMessage: file);
            text.ShouldNotContain("anna.marker", customMessage: file);
        }

        using var stream = await _people[Role.Viewer].GetAsync($"/api/v1/collect/sources/{_source}/tail", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
        await lines.ReadLineAsync();
        await _server.Get<EventLog>().AppendAsync(new LogAppend(_source, LogKind.Events, true, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null,
            [new AcceptedEvent(default, Encoding.UTF8.GetBytes($$$"""{"type":"track","event":"Late","userId":"k-1","properties":{"email":"{{{Mail}}}","birthDate":"{{{Birth}}}"}}"""))]), CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        string? line;
        do line = await lines.ReadLineAsync(patience.Token);
        while (line is not null && !line.Contains("Late", StringComparison.Ordinal));
        line.ShouldNotBeNull().ShouldNotContain("anna.marker");
        line.ShouldNotContain(Birth);
    }

    [Fact]
    public async Task The_matrix_is_a_setting_and_counts_from_the_next_request_on()
    {
        var owner = _people[Role.Owner];
        (await owner.PatchAsJsonAsync("/api/v1/operate/settings", new Dictionary<string, string> { ["Sensitivity:Email"] = "nobody" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await owner.PatchAsJsonAsync("/api/v1/operate/settings", new Dictionary<string, string> { ["Sensitivity:Email"] = "Owner", ["Sensitivity:BirthDate"] = "Viewer" })).EnsureSuccessStatusCode();
        (await GetAsync(Role.Editor, $"/api/v1/unify/customers/{_customer}")).Text.ShouldNotContain(Mail);
        (await GetAsync(Role.Owner, $"/api/v1/unify/customers/{_customer}")).Text.ShouldContain(Mail);
        (await GetAsync(Role.Viewer, $"/api/v1/unify/customers/{_customer}")).Text.ShouldContain(Birth);
        (await GetAsync(Role.Owner, "/operate/settings")).Text.ShouldContain("Sensitivity:Email");
    }

    [Fact]
    public async Task An_export_is_refused_to_who_does_not_see_everything_and_has_everything_as_it_is()
    {
        (await _people[Role.Owner].PatchAsJsonAsync("/api/v1/operate/settings", new Dictionary<string, string> { ["Sensitivity:Email"] = "Owner" })).EnsureSuccessStatusCode();
        var export = $"/api/v1/unify/customers/{_customer}/export";
        var refused = await GetAsync(Role.Editor, export);
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Text.ShouldContain("role Owner");
        (await GetAsync(Role.Editor, $"/unify/customers/{_customer}/privacy/export")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = (await GetAsync(Role.Editor, $"/unify/customers/{_customer}/privacy")).Text;
        page.ShouldContain("role Owner");
        page.ShouldNotContain("privacy/export");
        (await GetAsync(Role.Owner, $"/unify/customers/{_customer}/privacy")).Text.ShouldContain("privacy/export");
        using var zip = new System.IO.Compression.ZipArchive(await _people[Role.Owner].GetStreamAsync(export));
        using var golden = new StreamReader(zip.GetEntry("golden-record.json")!.Open());
        (await golden.ReadToEndAsync()).ShouldContain(Mail);
    }

    [Fact]
    public async Task Who_does_not_see_everything_pages_through_what_a_search_finds()
    {
        await _server.Get<EventLog>().AppendAsync(new LogAppend(_source, LogKind.Events, true, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null, [.. Enumerable.Range(1, 5).Select(n => new AcceptedEvent(
            default, Encoding.UTF8.GetBytes($$$"""{"type":"identify","userId":"page-{{{n}}}","traits":{"name":"{{{(n < 4 ? "Vera Sichtbar" : "Otto")}}} {{{n}}}","email":"sichtbar-{{{n}}}@example.org"}}""")))]), CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await _server.Get<ProfileFeed>().WaitUntilKeptAsync(_server.Get<EventLog>().EndPosition, patience.Token);
        await _server.Get<JourneyStore>().WaitUntilVisibleAsync(_server.Get<EventLog>().EndPosition, patience.Token);

        const string search = "/api/v1/unify/customers?search=sichtbar&take=2";
        (await TotalAsync(Role.Contributor, "sichtbar")).ShouldBe(5);
        var first = JsonDocument.Parse((await GetAsync(Role.Viewer, search)).Text).RootElement;
        (first.GetProperty("total").GetInt64(), first.GetProperty("items").GetArrayLength()).ShouldBe((3, 2), "There is another page.");
        foreach (var next in (string[])["&skip=2", "&cursor=" + Uri.EscapeDataString(first.GetProperty("next").GetString()!)])
            JsonDocument.Parse((await GetAsync(Role.Viewer, search + next)).Text).RootElement.GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("id").GetString().ShouldBe("page-3", next);
        (await TotalAsync(Role.Viewer, "sichtbar-")).ShouldBe(0);
    }

    [Theory]
    [InlineData("email", "a@b.example", "a…@b.example")]
    [InlineData("E-Mail Adresse", "a@b.example", "a…@b.example")]
    [InlineData("Geburtsdatum", "3.2.1971", "…")]
    [InlineData("kod pocztowy", "00-838", "…")]
    [InlineData("plan", "gold", "gold")]
    [InlineData("anything", "write to a.b+c@d.example, or +48 601 234 567!", "write to a…@d.example, or +48 … 67!")]
    [InlineData("when", "2026-03-01T10:00:00+01:00", "2026-03-01T10:00:00+01:00")]
    [InlineData("sum", "1+2345678901234567890", "1+2345678901234567890")]
    public void A_field_is_masked_by_its_name_and_else_by_what_it_looks_like(string name, string value, string shown) =>
        new Masking(Enum.GetValues<SensitiveKind>().ToHashSet()).Field(name, System.Text.Json.Nodes.JsonValue.Create(value))!.ToString().ShouldBe(shown);

    [Fact]
    public void A_text_that_is_no_json_is_masked_pair_by_pair()
    {
        var masked = new Masking(Enum.GetValues<SensitiveKind>().ToHashSet()).Json("""{"birthDate":"1971-02-03","email":"a@b.example","street":"Cut he""");
        masked.ShouldNotContain("1971");
        masked.ShouldNotContain("Cut");
        masked.ShouldNotContain("a@b");
    }

    /// <summary>Every address that is read, with the person, the event and the source in it; what never ends is asked by itself.</summary>
    private IEnumerable<string> Addresses() => _server.Get<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null && e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
        .Select(e => Address(e.RoutePattern)).OfType<string>().Distinct().Where(a => !a.EndsWith("/tail", StringComparison.Ordinal))
        .SelectMany(a => a is "/unify/customers" or "/api/v1/unify/customers" or "/search" or "/api/v1/search" ? [a, a + "?search=anna", a + "?q=anna"]
            : a.EndsWith("/customers", StringComparison.Ordinal) && a.Contains("analyse", StringComparison.Ordinal) ? [a, a + "?at=Order&step=Order&touchpoint=Order"] : new[] { a });

    private string? Address(RoutePattern pattern)
    {
        var parts = new List<string>();
        foreach (var segment in pattern.PathSegments)
            foreach (var part in segment.Parts)
            {
                if (part is RoutePatternLiteralPart literal) parts.Add("/" + literal.Content);
                else if (part is not RoutePatternParameterPart parameter) return null;
                else if (parameter.Name is "number") parts.Add("/" + _customer);
                else if (parameter.Name is "position") parts.Add("/" + _position);
                else if (parameter.Name is "id" && parts.Contains("/sources")) parts.Add("/" + _source);
                else parts.Add("/1");
            }

        return parts.Count == 0 ? "/" : string.Concat(parts);
    }

    private async Task<(HttpStatusCode Status, string Text)> GetAsync(Role role, string address)
    {
        using var answer = await _people[role].GetAsync(address);
        return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()));
    }

    private async Task<long> TotalAsync(Role role, string search) =>
        JsonDocument.Parse((await GetAsync(role, "/api/v1/unify/customers?search=" + Uri.EscapeDataString(search))).Text).RootElement.GetProperty("total").GetInt64();

    private static string Unzipped(byte[] file)
    {
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(file));
        return string.Concat(zip.Entries.Select(e =>
        {
            using var reader = new StreamReader(e.Open());
            return reader.ReadToEnd();
        }));
    }
}
