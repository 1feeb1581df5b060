using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Tangent.Collect;

namespace Tangent.Tests.Data;

public sealed class HealthTests
{
    [Fact]
    public async Task A_new_data_folder_is_healthy()
    {
        await using var server = await TestServer.StartAsync();
        var health = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/health");
        health.GetProperty("status").GetString().ShouldBe("healthy");
        health.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("name").GetString()).ShouldBe(["data folder", "database", "configuration", "event log", "journeys"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_gap_in_the_event_log_is_found_and_named()
    {
        await using var server = await TestServer.StartAsync();
        var log = server.Get<EventLog>();
        for (var i = 0; i < 3; i++)
            await log.AppendAsync(new LogAppend(1, LogKind.Events, true, 0, null, [new AcceptedEvent((UInt128)(i + 1), Encoding.UTF8.GetBytes("""{"type":"track","event":"x","userId":"u"}"""))]), CancellationToken.None);
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(log.EndPosition, CancellationToken.None);
        await using (var db = new SqliteConnection($"Data Source={Path.Combine(server.DataFolder, "events.db")};Pooling=False"))
        {
            await db.OpenAsync();
            await using var command = db.CreateCommand();
            command.CommandText = "DELETE FROM log WHERE position = 1";
            await command.ExecuteNonQueryAsync();
        }

        var health = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/health");
        health.GetProperty("status").GetString().ShouldBe("unhealthy");
        health.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("status").GetString() == "unhealthy")
            .GetProperty("detail").GetString()!.ShouldContain("record 2 follows where 1 should");
    }

    [Fact]
    public async Task A_wrong_time_zone_keeps_the_server_from_starting_and_is_named() =>
        (await Should.ThrowAsync<Exception>(() => TestServer.StartAsync(true, null, "--Company:TimeZone=Mars/Olympus"))).Message.ShouldContain("Company:TimeZone");
}
