using System.Net;
using System.Text.Json;

namespace Tangent.Tests.Analyse;

/// <summary>Lists that go on by cursor: whatever is added while they are read, nothing is left out and nothing comes twice.</summary>
public sealed class CursorTests : IAsyncLifetime
{
    private readonly Shop _shop = new();

    public Task InitializeAsync() => _shop.InitializeAsync();

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData("/api/v1/analyse/events/customers?", 5)]
    [InlineData("/api/v1/analyse/events/customers?event=Visit&", 5)]
    [InlineData("/api/v1/unify/customers?", 5)]
    [InlineData("/api/v1/unify/customers?search=shopper&", 7)]
    public async Task A_list_is_read_to_its_end_without_gap_or_repetition(string list, int count)
    {
        await Shop.AppendAsync(_shop.Server, [.. Enumerable.Range(0, list.Contains("search") ? 7 : 0).Select(i => (object)new { type = "identify", userId = $"s{i}", traits = new { name = $"Shopper {i % 3}", email = $"s{i}@example.com" } })]);
        var all = await UntilAsync(() => GetAsync(list + "take=1000"), page => Ids(page).Count >= count);
        all.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        foreach (var take in (int[])[1, 2, 3])
        {
            List<string> read = [];
            string? cursor = "";
            while (cursor is not null)
            {
                var page = await GetAsync($"{list}take={take}&cursor={Uri.EscapeDataString(cursor)}");
                Ids(page).Count.ShouldBeInRange(1, take);
                read.AddRange(Ids(page));
                cursor = page.GetProperty("next").GetString();
            }

            read.ShouldBe(Ids(all));
        }
    }

    [Fact]
    public async Task Whoever_comes_while_a_list_is_read_shifts_nothing()
    {
        var first = await GetAsync("/api/v1/unify/customers?take=2");
        await Shop.AppendAsync(_shop.Server, Shop.Track("frida", "Visit", "web", 60 * 24 * 60), Shop.Track("gerd", "Visit", "web", 61 * 24 * 60));
        var second = await GetAsync("/api/v1/unify/customers?take=3&cursor=" + Uri.EscapeDataString(first.GetProperty("next").GetString()!));
        Ids(first).Concat(Ids(second)).Order().ShouldBe(["anna", "ben", "cleo", "dora", "eva"]);
        // By number, the newcomers come last.
        var behind = await GetAsync("/api/v1/analyse/events/customers?take=3");
        await Shop.AppendAsync(_shop.Server, Shop.Track("hugo", "Visit", "web", 0));
        var rest = await GetAsync("/api/v1/analyse/events/customers?take=9&cursor=" + Uri.EscapeDataString(behind.GetProperty("next").GetString()!));
        Ids(behind).Concat(Ids(rest)).ShouldBe(["anna", "ben", "cleo", "dora", "eva", "frida", "gerd", "hugo"]);
    }

    [Fact]
    public async Task A_customers_events_go_on_where_they_ended_whatever_happens_meanwhile()
    {
        var number = (await GetAsync("/api/v1/unify/customers?search=anna")).GetProperty("items")[0].GetProperty("customer").GetInt32();
        var first = await GetAsync($"/api/v1/unify/customers/{number}?take=1");
        await Shop.AppendAsync(_shop.Server, Shop.Track("anna", "Later", "web", 999));
        var rest = await GetAsync($"/api/v1/unify/customers/{number}?take=9&cursor=" + Uri.EscapeDataString(first.GetProperty("next").GetString()!));
        rest.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("signature").GetProperty("event").GetString()).ShouldBe(["Search", "Visit"]);
        rest.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Customers_behind_a_number_have_names()
    {
        await Shop.AppendAsync(_shop.Server, new { type = "identify", userId = "anna", traits = new { name = "Anna Berger", email = "anna@example.com" } });
        var named = await UntilAsync(() => GetAsync("/api/v1/analyse/events/customers?customer=anna"), page => page.GetProperty("items")[0].GetProperty("name").GetString() != "");
        named.GetProperty("items")[0].GetProperty("name").GetString().ShouldBe("Anna Berger");
        named.GetProperty("items")[0].GetProperty("email").GetString().ShouldBe("anna@example.com");
    }

    [Theory]
    [InlineData("/api/v1/analyse/events/customers")]
    [InlineData("/api/v1/unify/customers")]
    [InlineData("/api/v1/unify/customers/0")]
    [InlineData("/api/v1/collect/joins?customer=anna")]
    public async Task A_forged_cursor_or_one_of_another_list_is_refused(string list)
    {
        var other = (await GetAsync("/api/v1/analyse/events/customers?event=Visit&take=1")).GetProperty("next").GetString()!;
        foreach (var cursor in (string[])["1", "x", "%00", "CfDJ8AAAA", new string('a', 5000), other, other[..^2], other + "&cursor=" + other])
        {
            var answer = await _shop.Http.GetAsync($"{list}{(list.Contains('?') ? '&' : '?')}cursor={cursor}");
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, cursor);
            JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("field").GetString().ShouldBe("cursor");
        }
    }

    private static List<string> Ids(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()!)];

    private async Task<JsonElement> GetAsync(string address) => JsonDocument.Parse(await _shop.Http.GetStringAsync(address)).RootElement;

    /// <summary>Profiles follow the log a little behind the journeys.</summary>
    private static async Task<JsonElement> UntilAsync(Func<Task<JsonElement>> get, Func<JsonElement, bool> enough)
    {
        for (var i = 0; ; i++)
        {
            var page = await get();
            if (enough(page) || i == 100) return page;
            await Task.Delay(100);
        }
    }
}
