using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Unify;

namespace Tangent.Tests.Unify;

/// <summary>Who lives together: found by address and surname or telephone, live, and nobody is merged.</summary>
public sealed class HouseholdsTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private string _key = "";

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _key = await SourceAsync("CRM", "server");
        await SendAsync(_key, [
            Person("anna", "Anna", "Nowak", "Hauptstraße 7", "1070", "+43 1 5055123"),
            Person("jan", "Jan", "Nowak", "Hauptstr. 7", "1070", "+43 1 5055999"),
            // Her phone is his, her name another one.
            Person("eva", "Eva", "Huber", "Hauptstraße 7", "A-1070", "+43 (1) 5055 999"),
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

        var list = await JsonAsync("/api/v1/unify/households");
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
        await SendAsync(_key, [Person("jan", "Jan", "Nowak", "Am Graben 1", "1010", "+43 1 5055999")]);
        await UntilAsync(async () => (await MembersAsync("anna")).Count == 0);
        (await MembersAsync("eva")).ShouldBeEmpty("She was there by way of him.");

        await SendAsync(_key, [Person("jan", "Jan", "Nowak", "Hauptstraße 7", "1070", "+43 1 5055999")]);
        await UntilAsync(async () => (await MembersAsync("anna")).Count == 3);
        (await _server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = "eva", reason = "Request 12" })).IsSuccessStatusCode.ShouldBeTrue();
        await UntilAsync(async () => (await MembersAsync("anna")).Count == 2);
    }

    [Fact]
    public async Task A_house_of_many_is_no_household_and_a_browser_moves_nobody_in()
    {
        var browser = await SourceAsync("Website", "web");
        await SendAsync(browser, [Person("forged", "Otto", "Nowak", "Hauptstraße 7", "1070", "+43 1 5055123")]);
        await SendAsync(_key, Enumerable.Range(0, 9).Select(i => Person($"flat-{i}", "Max", "Meier", "Hochhaus 1", "1100", $"+43 1 60000{i:00}")));
        await UntilAsync(async () => (await MembersAsync("anna")).Count == 3);
        await _server.Get<ProfileFeed>().WaitUntilKeptAsync(_server.Get<EventLog>().EndPosition, CancellationToken.None);
        (await MembersAsync("flat-0")).ShouldBeEmpty();
        (await MembersAsync("anna")).ShouldNotContain("forged");
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
        HouseholdKeys Keys(string person) => HouseholdKeys.Of(known[person], Enum.Parse<HouseholdBond>(bond), "AT");
        Keys(one).Share(Keys(other)).ShouldBe(together);
    }

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

    private async Task<List<string>> MembersAsync(string id)
    {
        if (_server.Get<JourneyStore>().FindCustomer(id) is not { } number) return [];
        var household = (await JsonAsync($"/api/v1/unify/customers/{number}/household")).GetProperty("household");
        return household.ValueKind == JsonValueKind.Null ? [] : [.. household.GetProperty("members").EnumerateArray().Select(m => m.GetProperty("id").GetString()!).Order(StringComparer.Ordinal)];
    }

    private static async Task UntilAsync(Func<Task<bool>> look)
    {
        for (var waited = 0; !await look(); waited += 50)
        {
            if (waited > 60_000) throw new TimeoutException("It did not come.");
            await Task.Delay(50);
        }
    }

    private async Task<string> SourceAsync(string name, string kind)
    {
        var source = await (await _server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name, kind })).Content.ReadFromJsonAsync<JsonElement>();
        return source.GetProperty("writeKey").GetString()!;
    }

    private async Task SendAsync(string key, IEnumerable<string> calls)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch") { Content = new StringContent($$"""{"batch":[{{string.Join(',', calls)}}]}""", Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));
        (await _server.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<JsonElement> JsonAsync(string address) => JsonDocument.Parse(await _server.Http.GetStringAsync(address)).RootElement;
}
