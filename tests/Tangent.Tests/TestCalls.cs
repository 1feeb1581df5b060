using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Tangent.Tests;

/// <summary>What many tests ask of a server.</summary>
internal static class TestCalls
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <returns>The source's write key.</returns>
    public static async Task<string> AddSourceAsync(this HttpClient http, string name, string kind)
    {
        using var answer = await http.PostAsJsonAsync("/api/v1/collect/sources", new { name, kind });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("writeKey").GetString()!;
    }

    /// <param name="http">Of the server.</param>
    /// <param name="key">Write key of the source.</param>
    /// <param name="calls">Segment calls, as JSON; one batch.</param>
    public static async Task SendCallsAsync(this HttpClient http, string key, IEnumerable<string> calls)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch") { Content = new StringContent($$"""{"batch":[{{string.Join(',', calls)}}]}""", Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));
        using var answer = await http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    public static async Task<JsonElement> JsonAsync(this HttpClient http, string address) => await http.GetFromJsonAsync<JsonElement>(address);

    /// <summary>Looks until there is something to see.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T?>> look)
        where T : struct
    {
        for (var began = DateTime.UtcNow; DateTime.UtcNow - began < Patience;)
        {
            if (await look() is { } seen) return seen;
            await Task.Delay(50);
        }

        throw new TimeoutException("It did not come.");
    }

    /// <summary>Looks until it is so.</summary>
    public static Task UntilAsync(Func<Task<bool>> look) => UntilAsync<bool>(async () => await look() ? true : null);
}
