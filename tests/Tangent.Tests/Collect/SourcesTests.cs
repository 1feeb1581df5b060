using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Tangent.Cli;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

public sealed class SourcesTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_source_is_added_once_and_listed_with_its_write_key()
    {
        var made = await server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name = " Web shop ", kind = "web" });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        var source = await made.Content.ReadFromJsonAsync<JsonElement>();
        source.GetProperty("name").GetString().ShouldBe("Web shop");
        source.GetProperty("writeKey").GetString()!.Length.ShouldBe(32);
        made.Headers.Location!.ToString().ShouldBe($"/api/v1/collect/sources/{source.GetProperty("id").GetInt32()}");
        (await server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name = "Web shop" })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var list = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/collect/sources");
        var listed = list.GetProperty("items").EnumerateArray().Single(s => s.GetProperty("name").GetString() == "Web shop");
        listed.GetProperty("writeKey").GetString().ShouldBe(source.GetProperty("writeKey").GetString());
        (listed.GetProperty("kind").GetString(), listed.GetProperty("events").GetInt64()).ShouldBe(("web", 0));
        listed.GetProperty("lastReceived").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("", "server", "name")]
    [InlineData("a\u0007b", "server", "name")]
    [InlineData("x", "import", "kind")]
    [InlineData("x", "7", "kind")]
    public async Task A_source_without_a_usable_name_or_kind_is_refused(string name, string kind, string field)
    {
        var refused = await server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name, kind });
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task A_source_that_is_not_there_is_not_found()
    {
        (await server.Http.GetAsync("/api/v1/collect/sources/99999")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Http.GetAsync("/api/v1/collect/sources/99999/rejections")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Asked_for_by_name_at_once_a_source_is_made_once()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var scope = server.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<SourceQueries>().GetOrCreateAsync("Receipts", SourceKind.Import, CancellationToken.None);
        }));
        made.Select(s => s.Id).Distinct().Count().ShouldBe(1);
        made[0].Trusted.ShouldBeTrue();
    }

    [Fact]
    public async Task The_checks_name_every_reason_an_event_can_be_rejected_for()
    {
        var checks = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/collect/checks");
        checks.GetProperty("items").GetArrayLength().ShouldBe(EventChecks.All.Count);
        Rejection[] ofBodies = [Rejection.None, Rejection.BodyTooLarge, Rejection.BodyDamaged, Rejection.NotABatch, Rejection.TooManyEvents, Rejection.SourcePaused];
        Rejection[] ofFiles = [Rejection.TimeMissing, Rejection.QuoteBroken, Rejection.ColumnCount, Rejection.LineTooLong, Rejection.ErasedPerson, Rejection.MetricUnknown, Rejection.ScoreOffScale, Rejection.TouchpointUnknown, Rejection.NothingSaid];
        EventChecks.All.SelectMany(c => c.Reasons).Concat(ofBodies).Concat(ofFiles).Distinct().Order().ShouldBe(Enum.GetValues<Rejection>());
    }

    [Fact]
    public async Task A_source_can_be_added_from_the_shell_of_a_running_server()
    {
        (await CommandLine.RunAsync(["source", "add", "Shell", "--kind", "web", "--data", server.DataFolder])).ShouldBe(ExitCode.Done);
        (await CommandLine.RunAsync(["source", "add", "Shell", "--data", server.DataFolder])).ShouldBe(ExitCode.Refused);
        (await CommandLine.RunAsync(["source", "list", "--json", "--data", server.DataFolder])).ShouldBe(ExitCode.Done);
        await using var scope = server.Services.CreateAsyncScope();
        (await scope.ServiceProvider.GetRequiredService<SourceQueries>().FindAsync("Shell", CancellationToken.None)).ShouldNotBeNull().Kind.ShouldBe(SourceKind.Web);
    }

    [Fact]
    public async Task Limits_that_cannot_work_are_refused_at_the_start()
    {
        var refused = await Should.ThrowAsync<OptionsValidationException>(() => TestServer.StartAsync(settings: "--Ingestion:DuplicateMemory=0"));
        refused.Message.ShouldContain("Ingestion");
        refused = await Should.ThrowAsync<OptionsValidationException>(() => TestServer.StartAsync(settings: "--Journeys:CompactAtEvents=0"));
        refused.Message.ShouldContain("CompactAtEvents");
    }

    [Fact]
    public async Task Sources_keys_and_counts_outlive_a_restart()
    {
        await using var first = await TestServer.StartAsync();
        var made = await first.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name = "s" });
        var key = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("writeKey").GetString();
        var batch = $$"""{"writeKey":"{{key}}","batch":[{"type":"track","event":"e","userId":"u","messageId":"m"},5]}""";
        (await first.Http.PostAsync("/v1/batch", new StringContent(batch))).EnsureSuccessStatusCode();
        await first.StopAsync();

        await using var second = await TestServer.StartAsync(dataFolder: first.DataFolder);
        (await second.Http.PostAsync("/v1/batch", new StringContent(batch))).EnsureSuccessStatusCode();
        var source = (await second.Http.GetFromJsonAsync<JsonElement>("/api/v1/collect/sources")).GetProperty("items")[0];
        (source.GetProperty("events").GetInt64(), source.GetProperty("duplicates").GetInt64(), source.GetProperty("rejected").GetInt64()).ShouldBe((1, 1, 2));
    }
}
