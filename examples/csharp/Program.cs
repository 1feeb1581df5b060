// Sends events, asks a funnel of them and pages through the customers behind it.
// Run: dotnet run --project examples/csharp -- http://localhost:5080 WRITE_KEY [API_KEY]
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

if (args is not [var address, var writeKey, .. var rest])
{
    Console.Error.WriteLine("Say the address of Tangent, the write key of a source and, where one must sign in, an API key.");
    return 2;
}

using var http = new HttpClient { BaseAddress = new Uri(address) };
if (rest is [var apiKey, ..]) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);

// Events: a batch, with an id for each, so that sending it again counts nothing twice.
var events = Enumerable.Range(0, 250).SelectMany(customer => (string[])(customer % 2 == 0 ? ["Example visit", "Example order"] : ["Example visit"]), (customer, name) => new
{
    type = "track",
    messageId = $"csharp-{customer}-{name}",
    userId = $"csharp-{customer}",
    @event = name,
    properties = new { channel = "web" },
});
using var batch = new HttpRequestMessage(HttpMethod.Post, "/v1/batch") { Content = JsonContent.Create(new { batch = events }) };
batch.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(writeKey + ":")));
var sent = await AnswerAsync(batch);
Console.WriteLine($"{sent.GetProperty("accepted")} events accepted, {sent.GetProperty("duplicates")} sent before");

// A question; what was sent is in every answer within a second or so. The example's names are refused until the first event is there.
const string funnel = "/api/v1/analyse/funnels?step=Example%20visit&step=Example%20order&window=1d";
JsonElement answer;
for (var tries = 0; ; tries++)
{
    var response = await http.GetAsync(funnel);
    if (response.StatusCode != HttpStatusCode.UnprocessableEntity || tries == 40)
    {
        answer = await AnswerAsync(new HttpRequestMessage(HttpMethod.Get, funnel));
        if (answer.GetProperty("steps")[0].GetProperty("customers").GetInt64() >= 250 || tries >= 40) break;
    }

    await Task.Delay(500);
}

foreach (var step in answer.GetProperty("steps").EnumerateArray()) Console.WriteLine($"{step.GetProperty("name")}: {step.GetProperty("customers")} customers");

// The customers behind the first step, page by page: next is the cursor of the page after.
var (read, cursor) = (0, "");
do
{
    var page = await AnswerAsync(new HttpRequestMessage(HttpMethod.Get, $"/api/v1/analyse/funnels/customers?step=Example%20visit&step=Example%20order&window=1d&at=1&take=100&cursor={Uri.EscapeDataString(cursor)}"));
    read += page.GetProperty("items").GetArrayLength();
    cursor = page.GetProperty("next").GetString();
}
while (cursor is not null);
Console.WriteLine($"{read} customers read");
return 0;

// One place that knows how the API refuses: it waits when it was too fast, and says what else is wrong.
async Task<JsonElement> AnswerAsync(HttpRequestMessage request)
{
    using var response = await http.SendAsync(request);
    if (response.StatusCode == HttpStatusCode.TooManyRequests && response.Headers.RetryAfter?.Delta is { } wait && request.Method == HttpMethod.Get)
    {
        await Task.Delay(wait);
        return await AnswerAsync(new HttpRequestMessage(HttpMethod.Get, request.RequestUri));
    }

    var json = await response.Content.ReadFromJsonAsync<JsonElement>();
    return response.IsSuccessStatusCode ? json : throw new HttpRequestException($"{(int)response.StatusCode} {json.GetProperty("title")} {json.GetProperty("detail")}");
}
