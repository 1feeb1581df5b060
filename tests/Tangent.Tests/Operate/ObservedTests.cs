using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tangent.Collect;
using Tangent.Tests.Access;

namespace Tangent.Tests.Operate;

/// <summary>What those who watch over a server see of it: readiness, figures, traces and logs.</summary>
public sealed partial class ObservedTests
{
    [Fact]
    public async Task A_server_is_live_and_ready_and_says_so_to_anybody()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        (await server.Http.GetFromJsonAsync<JsonElement>("/health/live")).GetProperty("status").GetString().ShouldBe("live");
        using var ready = await server.Http.GetAsync("/health/ready");
        ready.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ready.Content.ReadAsStringAsync()).ShouldNotContain(server.DataFolder, Case.Sensitive, "who may ask without signing in learns no paths");
    }

    [Fact]
    public async Task A_server_whose_journeys_do_not_follow_is_not_ready_and_names_them()
    {
        await using var server = await TestServer.StartAsync();
        server.Get<Tangent.Web.CatchingUp>().Measure = () => (1, 1_000_000);
        using var ready = await server.Http.GetAsync("/health/ready");
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ready.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("failing")[0].GetString().ShouldBe("journeys have caught up");
    }

    [Fact]
    public async Task Figures_are_printed_in_prometheus_form_and_are_right()
    {
        await using var server = await TestServer.StartAsync();
        var key = await SourceAsync(server);
        await SendAsync(server, key, """{"batch":[{"type":"track","event":"A","userId":"u","messageId":"1"},{"type":"track","event":"A","userId":"u","messageId":"2"},{"type":"track","event":"A","userId":"u","messageId":"1"},{"type":"nonsense"}]}""");
        for (var i = 0; i < 3; i++) await server.Http.GetStringAsync("/api/v1/analyse/variants");
        await server.Http.GetAsync("/analyse/there-is-none");

        using var answer = await server.Http.GetAsync("/metrics");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        var text = await answer.Content.ReadAsStringAsync();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#')) Sample().IsMatch(line).ShouldBeTrue(line);
        var lines = text.Split('\n');
        lines.ShouldContain("tangent_events_accepted_total 2");
        lines.ShouldContain("tangent_events_duplicates_total 1");
        lines.Where(l => l.StartsWith("tangent_events_rejected_total{", StringComparison.Ordinal)).Single().ShouldEndWith(" 1");
        lines.ShouldContain("tangent_question_duration_seconds_count{question=\"variants\"} 3");
        lines.ShouldContain("tangent_question_duration_seconds_bucket{question=\"variants\",le=\"+Inf\"} 3");
        lines.ShouldContain("# TYPE tangent_log_commit_duration_seconds histogram");
        text.ShouldNotContain("there-is-none");
        foreach (var name in (string[])["http_server_request_duration_seconds_bucket", "dotnet_gc_collections_total", "dotnet_process_memory_working_set_bytes", "tangent_journeys_behind"]) text.ShouldContain(name);
    }

    [Fact]
    public async Task Figures_are_not_for_those_behind_a_proxy_on_this_machine()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        (await server.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Figures_and_traces_arrive_at_an_otlp_receiver_without_addresses_in_them()
    {
        var received = new ConcurrentDictionary<string, byte[]>();
        await using var receiver = await ReceiverAsync(received);
        var address = receiver.Urls.Single();
        await using (var server = await TestServer.StartAsync(true, null, $"--Telemetry:OtlpEndpoint={address}", "--Telemetry:OtlpHeaders=x-key=secret-1", "--Telemetry:IntervalSeconds=1"))
        {
            await server.Http.GetStringAsync("/unify/customers?search=marked-anna");
            for (var i = 0; i < 150 && !(received.ContainsKey("/v1/metrics") && received.ContainsKey("/v1/traces")); i++) await Task.Delay(100);
        }

        var metrics = Encoding.Latin1.GetString(received["/v1/metrics"]);
        metrics.ShouldContain("tangent.log.records");
        metrics.ShouldContain("service.name");
        var traces = Encoding.Latin1.GetString(received["/v1/traces"]);
        traces.ShouldContain("unify/customers");
        traces.ShouldNotContain("marked-anna");
    }

    [Fact]
    public async Task Nothing_of_a_person_is_in_the_logs()
    {
        var folder = Directory.CreateTempSubdirectory("tangent-logs").FullName;
        try
        {
            await using var program = await RunningProgram.ServeAsync(folder, "Logging:LogLevel:Default=Information", "Logging:LogLevel:Microsoft.AspNetCore=Warning", "Logging:Console:FormatterName=json");
            async Task<string> DoneAsync(params string[] command)
            {
                var (code, output, error) = await RunningProgram.RunAsync([.. command, "--data", folder]);
                code.ShouldBe(0, string.Join(' ', command) + error);
                return output;
            }

            async Task AnsweredAsync(string address, HttpStatusCode status)
            {
                using var answer = await program.Http.GetAsync(address);
                answer.StatusCode.ShouldBe(status, address);
            }

            // A stranger sees none of the pages, but every address is asked for.
            await AnsweredAsync("/unify/customers?search=marked-name", HttpStatusCode.Redirect);
            await AnsweredAsync("/access/invitations/marked-token", HttpStatusCode.NotFound);
            (await program.Http.SubmitAsync("/access/sign-in", ("email", "marked@mail.example"), ("password", "marked-password"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

            var invitation = OwnerLink().Match(program.Output).Groups[1].Value;
            (await program.Http.SubmitAsync(invitation, ("email", "marked-owner@mail.example"), ("password", "marked-long-password"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
            var key = (await DoneAsync("source", "add", "shop")).Trim();
            var body = """{"batch":[{"type":"identify","userId":"marked-user","messageId":"m1","traits":{"name":"marked-name","email":"marked@mail.example"}},{"type":"track","event":"marked-event","userId":"marked-user","messageId":"m2"},{"type":"nonsense","userId":"marked-bad"}]}""";
            (await program.SendAsync(key, body, CancellationToken.None)).ShouldBeTrue();
            (await program.SendAsync(key, """{"batch":[{"marked-broken":""", CancellationToken.None)).ShouldBeFalse();
            for (var i = 0; i < 600 && !(await program.Http.GetStringAsync("/unify/customers?search=marked-name")).Contains("marked-user", StringComparison.Ordinal); i++) await Task.Delay(100);
            (await program.Http.GetStringAsync("/unify/customers?search=marked-name")).ShouldContain("marked-user", Case.Sensitive, "the person is found, so that it could be in a log");
            foreach (var address in (string[])["/unify/customers/0", "/api/v1/unify/customers?search=marked-name", "/api/v1/search?q=marked-name"]) await AnsweredAsync(address, HttpStatusCode.OK);
            foreach (var address in (string[])["/api/v1/unify/customers/999?marked-query=1", "/nowhere/marked-page"]) await AnsweredAsync(address, HttpStatusCode.NotFound);
            await DoneAsync("user", "add", "marked@mail.example");
            await DoneAsync("customer", "joins", "marked-user");
            await DoneAsync("find", "marked-name");
            var file = Path.Combine(folder, "marked.csv");
            await File.WriteAllTextAsync(file, "customer;time;event\nmarked-row;2026-01-01 10:00;Call\nmarked-row2;never;Call\n");
            await DoneAsync("import", file, "--source", "calls");
            await DoneAsync("customer", "erase", "marked-user", "--reason", "request 7");
            program.Terminate();
            await program.ExitAsync();
            var lines = program.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            lines.Count(l => l.StartsWith('{')).ShouldBeGreaterThan(0, program.Output);
            foreach (var line in lines.Where(l => l.StartsWith('{'))) JsonDocument.Parse(line).Dispose();
            program.Output.ShouldNotContain("marked-", Case.Insensitive);
            program.Output.ShouldNotContain("marked@", Case.Insensitive);
            program.Output.ShouldNotContain(key);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<WebApplication> ReceiverAsync(ConcurrentDictionary<string, byte[]> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(async http =>
        {
            // What a receiver of OTLP over HTTP asks for: protobuf, by POST, with the agreed header.
            var isRight = http.Request.Method == "POST" && http.Request.ContentType == "application/x-protobuf" && http.Request.Headers["x-key"] == "secret-1";
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var bytes = body.ToArray();
            // Its first field is number 1 of kind message, whose length fits into what follows.
            if (isRight && bytes is [0x0A, ..]) received.AddOrUpdate(http.Request.Path, bytes, (_, had) => [.. had, .. bytes]);
            else http.Response.StatusCode = 400;
        });
        await app.StartAsync();
        return app;
    }

    private static async Task<string> SourceAsync(TestServer server)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<SourceQueries>().AddAsync("shop", SourceKind.Server, CancellationToken.None))!.WriteKey;
    }

    private static async Task SendAsync(TestServer server, string key, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(key + ":")));
        (await server.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [GeneratedRegex(@"Create the owner's account here \(works once\): https?://[^/]+(\S+)")]
    private static partial Regex OwnerLink();

    [GeneratedRegex(@"^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*=""([^""\\\n]|\\[\\""n])*"",?)*\})? (NaN|[+-]Inf|[+-]?[0-9.]+([eE][+-]?[0-9]+)?)$")]
    private static partial Regex Sample();
}
