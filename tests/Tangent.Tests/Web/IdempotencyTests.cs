using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Web;

namespace Tangent.Tests.Web;

public sealed class IdempotencyTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Sources = "/api/v1/collect/sources";

    [Fact]
    public async Task A_write_that_is_sent_again_with_its_key_is_done_once_and_answered_alike()
    {
        var key = Guid.NewGuid().ToString();
        var first = await SendAsync(key, new { name = "once" });
        var again = await SendAsync(key, new { name = "once" });
        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        again.Headers.Location.ShouldBe(first.Headers.Location);
        (await again.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        again.Content.Headers.ContentType.ShouldBe(first.Content.Headers.ContentType);
        first.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        again.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        (await NamesAsync()).Count(n => n == "once").ShouldBe(1);
    }

    [Fact]
    public async Task A_key_that_was_used_for_something_else_is_refused()
    {
        var key = Guid.NewGuid().ToString();
        (await SendAsync(key, new { name = "this" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await SendAsync(key, new { name = "that" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await NamesAsync()).ShouldNotContain("that");
    }

    [Fact]
    public async Task A_refused_request_leaves_its_key_free()
    {
        var key = Guid.NewGuid().ToString();
        (await SendAsync(key, new { name = "" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await SendAsync(key, new { name = "better" })).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Of_many_at_once_one_is_done()
    {
        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => SendAsync(key, new { name = "many" })));
        answers.Select(a => a.StatusCode).ShouldAllBe(s => s == HttpStatusCode.Created || s == HttpStatusCode.Conflict);
        answers.Count(a => a.StatusCode == HttpStatusCode.Created && !a.Headers.Contains("Idempotency-Replayed")).ShouldBe(1);
        (await NamesAsync()).Count(n => n == "many").ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890")]
    public async Task A_key_that_is_none_is_refused(string key) =>
        (await SendAsync(key, new { name = "never" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

    [Fact]
    public async Task A_large_body_takes_no_key()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/collect/imports?fileName=a.csv") { Content = new StringContent(new string('a', (1 << 20) + 1), Encoding.UTF8, "text/csv") };
        request.Headers.Add("Idempotency-Key", "large");
        (await server.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_write_that_a_stopped_server_left_open_is_not_done_again_blindly()
    {
        await using var own = await TestServer.StartAsync();
        using var scope = ((Microsoft.Extensions.DependencyInjection.IServiceScopeFactory)own.Services.GetService(typeof(Microsoft.Extensions.DependencyInjection.IServiceScopeFactory))!).CreateScope();
        var answers = (KeptAnswerQueries)scope.ServiceProvider.GetService(typeof(KeptAnswerQueries))!;
        var body = JsonSerializer.Serialize(new { name = "half" });
        var fingerprint = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes($"POST {Sources}\n{body}")));
        (await answers.TakeAsync(new KeptAnswer { Caller = "user:Demo", Key = "half", Fingerprint = fingerprint, AtUtc = DateTime.UtcNow.AddHours(-1) }, CancellationToken.None)).ShouldBeTrue();
        using var request = new HttpRequestMessage(HttpMethod.Post, Sources) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", "half");
        var answer = await own.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("stopped");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_caller_that_hangs_up_while_the_write_is_under_way_gets_its_answer_the_next_time(bool beforeItIsDone)
    {
        var done = 0;
        var first = await CallAsync(async (http, hangUp) =>
        {
            if (beforeItIsDone) await hangUp();
            await Task.Delay(1, http.RequestAborted);
            done++;
            if (!beforeItIsDone) await hangUp();
            http.Response.StatusCode = StatusCodes.Status201Created;
            await http.Response.WriteAsync("made", http.RequestAborted);
        }, $"hangs-up-{beforeItIsDone}");
        first.ShouldBeNull();
        var again = await CallAsync((_, _) => throw new InvalidOperationException("It is done a second time."), $"hangs-up-{beforeItIsDone}");
        (again, done).ShouldBe(("201 made", 1));
    }

    [Fact]
    public async Task A_large_answer_is_not_kept_but_its_write_is_not_done_again()
    {
        (await CallAsync((http, _) => http.Response.WriteAsync(new string('a', (1 << 20) + 1)), "large-answer"))!.Length.ShouldBeGreaterThan(1 << 20);
        (await CallAsync((_, _) => throw new InvalidOperationException("It is done a second time."), "large-answer")).ShouldBe("200 ");
    }

    [Fact]
    public async Task What_failed_is_not_done_again_blindly()
    {
        await Should.ThrowAsync<InvalidOperationException>(() => CallAsync((_, _) => throw new InvalidOperationException("Half is done."), "fails"));
        (await CallAsync((http, _) => http.Response.WriteAsync("again"), "fails"))!.ShouldContain("may or may not have taken effect");
    }

    [Fact]
    public async Task Answers_older_than_a_day_are_deleted_without_a_further_key()
    {
        await using var own = await TestServer.StartAsync();
        await using (var scope = own.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<KeptAnswerQueries>().TakeAsync(new KeptAnswer { Caller = "c", Key = "old", Fingerprint = "f", AtUtc = DateTime.UtcNow.AddHours(-25) }, CancellationToken.None);
        await own.StopAsync();
        await using var again = await TestServer.StartAsync(dataFolder: own.DataFolder);
        await using var later = again.Services.CreateAsyncScope();
        var answers = later.ServiceProvider.GetRequiredService<KeptAnswerQueries>();
        for (var i = 0; i < 600 && await answers.FindAsync("c", "old", CancellationToken.None) is not null; i++) await Task.Delay(50);
        (await answers.FindAsync("c", "old", CancellationToken.None)).ShouldBeNull();
    }

    /// <summary>A write of which the test is the handler.</summary>
    /// <returns>Status and body of the answer; null where the caller hung up.</returns>
    private async Task<string?> CallAsync(Func<HttpContext, Func<Task>, Task> write, string key)
    {
        await using var scope = server.Services.CreateAsyncScope();
        using var caller = new CancellationTokenSource();
        using var answer = new MemoryStream();
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider, RequestAborted = caller.Token };
        (http.Request.Method, http.Request.Path, http.Response.Body) = ("POST", "/api/v1/written", answer);
        http.Request.Headers["Idempotency-Key"] = key;
        try
        {
            await server.Get<IdempotencyKeys>().AnswerOnceAsync(http, context => write(context, caller.CancelAsync));
        }
        catch (OperationCanceledException) when (caller.IsCancellationRequested)
        {
            return null;
        }

        return $"{http.Response.StatusCode} {Encoding.UTF8.GetString(answer.ToArray())}";
    }

    private async Task<HttpResponseMessage> SendAsync(string key, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Sources) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await server.Http.SendAsync(request);
    }

    private async Task<List<string?>> NamesAsync() =>
        [.. JsonDocument.Parse(await server.Http.GetStringAsync(Sources)).RootElement.GetProperty("items").EnumerateArray().Select(s => s.GetProperty("name").GetString())];
}
