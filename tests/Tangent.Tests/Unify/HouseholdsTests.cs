using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Collect;
using Tangent.Unify;
using static Tangent.Tests.TestCalls;

namespace Tangent.Tests.Unify;

/// <summary>Who lives together: found by address and surname or telephone, live, and nobody is merged.</summary>
public sealed class HouseholdsTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private string _key = "";

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(settings: "--Company:TimeZone=Europe/Vienna");
        _key = await _server.Http.AddSourceAsync("CRM", "server");
        await _server.Http.SendCallsAsync(_key, [
            Person("anna", "Anna", "Nowak", "Hauptstraße 7", "1070", "+43 1 5055123"),
            Person("jan", "Jan", "Nowak", "Hauptstr. 7", "1070", "+43 1 5055999"),
            // Her phone is his, as it is dialled in the company's country; her name is another one.
            Person("eva", "Eva", "Huber", "Hauptstraße 7", "A-1070", "(01) 5055 999"),
            // The same house, nothing else; and the same name in another house.
            Person("karl", "Karl", "Wagner", "Hauptstraße 7", "1070", "+43 1 7777777"),
            Person("ida", "Ida", "Nowak", "Hauptstraße 9", "1070", "+43 1 8888888"),
            Person("piotr", "Piotr", "Kowalski", "ul. Długa 5", "00-238", "+48 22 6351234"),
            Person("zofia", "Zofia", "Kowalska", "Długa 5", "00238", "+48 22 6350000"),
        ]);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Persons_of_one_address_who_share_name_or_telephone_are_a_household_and_stay_customers_of_their_own()
    {
        await UntilAsync(async () => (await MembersAsync("anna")).Count == 3);
        (await MembersAsync("eva")).ShouldBe(["anna", "eva", "jan"], "By way of his name and her telephone.");
        (await MembersAsync("karl")).ShouldBeEmpty();
        (await MembersAsync("ida")).ShouldBeEmpty();
        (await MembersAsync("zofia")).ShouldBe(["piotr", "zofia"]);
        new[] { "anna", "jan", "eva" }.Select(Number).Distinct().Count().ShouldBe(3);

        var list = await _server.Http.JsonAsync("/api/v1/unify/households");
        list.GetProperty("total").GetInt32().ShouldBe(2);
        list.GetProperty("items").EnumerateArray().Select(h => h.GetProperty("members").GetArrayLength()).ShouldBe([3, 2]);
        (await _server.Http.GetStringAsync("/unify/households")).ShouldContain("Hauptstr");
        var fragment = await _server.Http.GetStringAsync($"/unify/customers/{Number("anna")}/household");
        fragment.ShouldContain("Jan Nowak");
        fragment.ShouldNotContain("Karl");
    }

    [Fact]
    public async Task Who_moves_out_or_is_erased_is_in_the_household_no_more()
    {
        await UntilAsync(async () => (await MembersAsync("anna")).Count == 3);
        await _server.Http.SendCallsAsync(_key, [Person("jan", "Jan", "Nowak", "Am Graben 1", "1010", "+43 1 5055999")]);
        await UntilAsync(async () => (await MembersAsync("anna")).Count == 0);
        (await MembersAsync("eva")).ShouldBeEmpty("She was there by way of him.");

        await _server.Http.SendCallsAsync(_key, [Person("jan", "Jan", "Nowak", "Hauptstraße 7", "1070", "+43 1 5055999")]);
        await UntilAsync(async () => (await MembersAsync("anna")).Count == 3);
        (await _server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = "eva", reason = "Request 12" })).IsSuccessStatusCode.ShouldBeTrue();
        await UntilAsync(async () => (await MembersAsync("anna")).Count == 2);
    }

    [Fact]
    public async Task A_house_of_many_is_no_household_and_a_browser_moves_nobody_in()
    {
        var browser = await _server.Http.AddSourceAsync("Website", "web");
        await _server.Http.SendCallsAsync(browser, [Person("forged", "Otto", "Nowak", "Hauptstraße 7", "1070", "+43 1 5055123")]);
        await _server.Http.SendCallsAsync(_key, Enumerable.Range(0, 9).Select(i => Person($"flat-{i}", "Max", "Meier", "Hochhaus 1", "1100", $"+43 1 60000{i:00}")));
        // Whoever came before the last is in the index with them.
        await _server.Http.SendCallsAsync(_key, [Person("last-1", "Ewa", "Lis", "Ring 1", "1010", "+43 1 6111111"), Person("last-2", "Jan", "Lis", "Ring 1", "1010", "+43 1 6222222")]);
        await UntilAsync(async () => (await MembersAsync("last-1")).Count == 2);
        (await MembersAsync("flat-0")).ShouldBeEmpty();
        (await MembersAsync("anna")).ShouldBe(["anna", "eva", "jan"]);
        await UntilAsync(async () => (await ListAsync()).Households.Count == 3);
        (await ListAsync()).Total.ShouldBe(3);
    }

    [Fact]
    public async Task The_list_follows_an_erasure_of_the_first_a_merge_a_restriction_and_an_import_taken_back()
    {
        await UntilAsync(async () => (await ListAsync()).Households.Count == 2);
        (await _server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = "anna", reason = "Request 12" })).EnsureSuccessStatusCode();
        await UntilAsync(async () => (await ListAsync()) is (2, ["eva jan", "piotr zofia"]));
        (await _server.Http.PutAsJsonAsync($"/api/v1/unify/customers/{Number("piotr")}/restriction", new { reason = "request 12" })).EnsureSuccessStatusCode();
        await UntilAsync(async () => (await ListAsync()) is (1, ["eva jan"]));
        (await _server.Http.PostAsJsonAsync("/api/v1/collect/merges", new { customers = new[] { "eva", "jan" }, reason = "by hand" })).EnsureSuccessStatusCode();
        await UntilAsync(async () => (await ListAsync()) is (0, []));

        using var file = new StringContent("userId,firstName,lastName,street,postcode\nkasia,Kasia,Wagner,Hauptstraße 7,1070\n");
        using var imported = await _server.Http.PostAsync(new Uri("/api/v1/collect/imports?source=list&kind=persons&fileName=c.csv", UriKind.Relative), file);
        var import = (await imported.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("importId").GetInt32();
        await UntilAsync(async () => (await ListAsync()) is (1, ["karl kasia"]));
        (await _server.Http.PostAsync($"/api/v1/collect/imports/{import}/undo", null)).EnsureSuccessStatusCode();
        await UntilAsync(async () => (await ListAsync()) is (0, []));
    }

    [Theory]
    [InlineData("?skip=2147483647")]
    [InlineData("?skip=-1")]
    public async Task A_page_beyond_all_is_empty_and_the_last(string page)
    {
        await UntilAsync(async () => (await ListAsync()).Total == 2);
        (await _server.Http.JsonAsync("/api/v1/unify/households" + page)).GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("Surname", "anna", "jan", true)]
    [InlineData("Surname", "jan", "eva", false)]
    [InlineData("Phone", "jan", "eva", true)]
    [InlineData("Phone", "anna", "jan", false)]
    [InlineData("Address", "anna", "karl", true)]
    [InlineData("Address", "anna", "ida", false)]
    public void What_is_shared_can_be_set(string bond, string one, string other, bool together)
    {
        var known = new Dictionary<string, Dictionary<string, string>>
        {
            ["anna"] = new() { ["lastName"] = "Nowak", ["street"] = "Hauptstraße 7", ["postcode"] = "1070", ["phone"] = "+43 1 5055123" },
            ["jan"] = new() { ["lastName"] = "Nowak", ["street"] = "Hauptstraße", ["houseNumber"] = "7", ["postcode"] = "1070", ["phone"] = "+43 1 5055999" },
            ["eva"] = new() { ["lastName"] = "Huber", ["street"] = "Hauptstraße 7", ["postcode"] = "1070", ["phone"] = "01 5055999" },
            ["karl"] = new() { ["lastName"] = "Wagner", ["street"] = "Hauptstraße 7", ["postcode"] = "1070" },
            ["ida"] = new() { ["lastName"] = "Nowak", ["street"] = "Hauptstraße 9", ["postcode"] = "1070" },
        };
        HouseholdKeys Keys(string person) => HouseholdKeys.Of(Record(known[person]), new HouseholdOptions { SharedBy = Enum.Parse<HouseholdBond>(bond) }, "AT");
        Keys(one).Share(Keys(other)).ShouldBe(together);
    }

    [Theory]
    [InlineData(false, "Vertragsnummer", "AB 12/7", "numerUmowy", "ab-12-7", false)]
    [InlineData(true, "Vertragsnummer", "AB 12/7", "numerUmowy", "ab-12-7", true)]
    [InlineData(true, "contractNumber", "AB 12/7", "contractNumber", "AB 12/8", false)]
    [InlineData(true, "contractNumber", "", "contractNumber", " ", false)]
    public void A_contract_is_shared_where_that_is_set(bool shared, string name, string one, string otherName, string other, bool together)
    {
        HouseholdKeys Keys(string trait, string value) => HouseholdKeys.Of(Record(new() { [trait] = value }), new HouseholdOptions { SharedContract = shared }, "AT");
        Keys(name, one).Share(Keys(otherName, other)).ShouldBe(together);
    }

    [Fact]
    public async Task Who_shares_a_contract_is_a_household_wherever_they_live_and_a_segment_asks_for_its_size()
    {
        await using var server = await TestServer.StartAsync(settings: "--Households:SharedContract=true");
        var key = await server.Http.AddSourceAsync("CRM", "server");
        string Has(string id, string contract, string street) => JsonSerializer.Serialize(new { type = "identify", userId = id, traits = new { name = $"{id} Lis", contractNumber = contract, street, postcode = "1010" } });
        await server.Http.SendCallsAsync(key, [Has("ewa", "V-77", "Ring 1"), Has("jan", "V 77", "Graben 9"), Has("ola", "v77", ""), Has("max", "V-78", "Ring 2"), .. new[] { "ewa", "jan", "ola", "max" }.Select(id => JsonSerializer.Serialize(new { type = "track", userId = id, @event = "Visit" }))]);
        async Task<List<string>> SegmentAsync(string condition) => [.. (await server.Http.JsonAsync("/api/v1/unify/segments/customers?condition=" + Uri.EscapeDataString(condition))).GetProperty("items").EnumerateArray().Select(c => c.GetProperty("id").GetString()!).Order(StringComparer.Ordinal)];
        await UntilAsync(async () => (await SegmentAsync("household: size >= 2")).Count == 3);
        (await SegmentAsync("household: size = 3")).ShouldBe(["ewa", "jan", "ola"]);
        (await SegmentAsync("household: size > 3")).ShouldBeEmpty();
        (await SegmentAsync("not household: size")).ShouldBe(["max"]);
        var household = (await server.Http.JsonAsync("/api/v1/unify/households")).GetProperty("items")[0];
        household.GetProperty("contract").GetString()!.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant().ShouldBe("V77");
        foreach (var wrong in (string[])["household: rooms = 3", "household: size >= many"])
            (await server.Http.GetAsync("/api/v1/unify/segments/size?condition=" + Uri.EscapeDataString(wrong))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    private static GoldenRecord Record(Dictionary<string, string> traits) => new([.. traits.Select(t => new GoldenValue(t.Key, t.Value, "", "", default, false, []))]);

    [Fact]
    public async Task Of_a_customer_who_is_not_there_nothing_is_said() =>
        (await _server.Http.GetAsync("/api/v1/unify/customers/9999/household")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    private static string Person(string id, string first, string last, string street, string postcode, string phone) => JsonSerializer.Serialize(new
    {
        type = "identify",
        userId = id,
        traits = new { firstName = first, lastName = last, street, postcode, phone, email = $"{id}@example.org" },
    });

    private int Number(string id) => _server.Get<JourneyStore>().FindCustomer(id).ShouldNotBeNull();

    private async Task<(int Total, List<string> Households)> ListAsync()
    {
        var list = await _server.Http.JsonAsync("/api/v1/unify/households");
        return (list.GetProperty("total").GetInt32(), [.. list.GetProperty("items").EnumerateArray().Select(h => string.Join(' ', h.GetProperty("members").EnumerateArray().Select(m => m.GetProperty("id").GetString()).Order(StringComparer.Ordinal)))]);
    }

    private async Task<List<string>> MembersAsync(string id)
    {
        if (_server.Get<JourneyStore>().FindCustomer(id) is not { } number) return [];
        var household = (await _server.Http.JsonAsync($"/api/v1/unify/customers/{number}/household")).GetProperty("household");
        return household.ValueKind == JsonValueKind.Null ? [] : [.. household.GetProperty("members").EnumerateArray().Select(m => m.GetProperty("id").GetString()!).Order(StringComparer.Ordinal)];
    }
}
