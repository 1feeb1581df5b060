using System.Net;
using System.Text.Json;
using Tangent.Collect;

namespace Tangent.Tests.Web;

/// <summary>Lists that grow go on by cursor.</summary>
public sealed class ListCursorTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("/api/v1/collect/imports", "importId")]
    [InlineData("/api/v1/collect/signatures", "signature")]
    [InlineData("/api/v1/collect/mapping", "event")]
    [InlineData("/api/v1/access/audit", "id")]
    public async Task A_list_is_read_to_its_end_without_gap_or_repetition(string list, string name)
    {
        // Three of the events are as frequent as each other.
        foreach (var (file, count) in ((string, int)[])[("one", 1), ("two", 1), ("three", 1), ("four", 2), ("five", 3)])
        {
            var rows = string.Concat(Enumerable.Range(1, count).Select(day => $"c{day},Event {file},2024-01-0{day}\n"));
            (await server.Http.PostAsync($"/api/v1/collect/imports?fileName={file}.csv", new StringContent("customer,event,time\n" + rows))).EnsureSuccessStatusCode();
        }

        await server.Get<JourneyStore>().WaitUntilVisibleAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);
        var all = await PageAsync(list + "?take=1000");
        all.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        Names(all, name).Count.ShouldBeGreaterThanOrEqualTo(5);
        foreach (var take in (int[])[1, 2, 3])
        {
            List<string> read = [];
            for (string? cursor = ""; cursor is not null;)
            {
                var page = await PageAsync($"{list}?take={take}&cursor={Uri.EscapeDataString(cursor)}");
                Names(page, name).Count.ShouldBeInRange(1, take);
                read.AddRange(Names(page, name));
                cursor = page.GetProperty("next").GetString();
            }

            read.ShouldBe(Names(all, name));
        }

        var other = Uri.EscapeDataString((await PageAsync(list + "?take=1")).GetProperty("next").GetString()!);
        foreach (var wrong in (string[])["take=0", "take=1001", "cursor=nonsense"])
            (await server.Http.GetAsync($"{list}?{wrong}")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, wrong);
        (await server.Http.GetAsync($"/api/v1/unify/customers?cursor={other}")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    private static List<string> Names(JsonElement page, string name) => [.. page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty(name).ToString())];

    private async Task<JsonElement> PageAsync(string address) => JsonElement.Parse(await server.Http.GetStringAsync(address));
}
