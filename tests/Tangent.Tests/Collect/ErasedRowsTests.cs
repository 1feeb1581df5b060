using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

/// <summary>Rows of files that are rejected and name somebody who was erased.</summary>
public sealed class ErasedRowsTests(TestServer server) : IClassFixture<TestServer>
{
    /// <summary>A number says of no other column whose row it is; in that of the customer it does.</summary>
    [Theory]
    [InlineData("bad.csv", "customer,event,time,note\n7731,Letter,notadate,hello\ndora,Letter,notadate,7731 pieces\ndora,Letter,2026-01-02,good\ndora,Letter,2026-01-03,good\n")]
    [InlineData("bad.jsonl", "{\"type\":\"track\",\"userId\":\"7731\",\"event\":\"Letter\",\"timestamp\":\"notadate\"}\n{\"type\":\"track\",\"userId\":\"dora\",\"event\":\"Letter\",\"timestamp\":\"notadate\",\"properties\":{\"pieces\":\"7731\"}}\n")]
    public async Task A_rejected_event_of_an_erased_person_with_a_short_id_is_not_kept(string name, string file)
    {
        var key = await server.Http.AddSourceAsync("source of " + name, "server");
        await server.Http.SendCallsAsync(key, ["""{"type":"track","event":"Visit","userId":"7731"}"""]);
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);
        (await server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = "user:7731", reason = "asked for" })).EnsureSuccessStatusCode();

        using var answer = await server.Http.PostAsync("/api/v1/collect/imports?fileName=" + name, new StringContent(file));
        var report = await answer.Content.ReadFromJsonAsync<JsonElement>();
        answer.IsSuccessStatusCode.ShouldBeTrue(report.ToString());
        var reasons = report.GetProperty("rejects").EnumerateArray().Select(r => r.GetProperty("reason").GetString()).ToList();
        (reasons.Count, reasons[0], reasons[1] == "erasedPerson").ShouldBe((2, "erasedPerson", false));
    }
}
