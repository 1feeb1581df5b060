using System.CommandLine;
using System.Net.Http.Json;

namespace Tangent.Cli;

/// <summary>What employees have seen at touchpoints.</summary>
internal static class MapObservationCommands
{
    private const string Address = "/api/v1/map/observations";

    public static Command Observations()
    {
        var touchpoint = Touchpoint();
        var observations = new Command("observations", "List what employees have seen at a touchpoint") { touchpoint };
        observations.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, $"/api/v1/map/touchpoints/{parsed.GetValue(touchpoint)}/observations"), answer =>
        {
            foreach (var o in answer.GetProperty("items").EnumerateArray())
                Console.WriteLine($"{o.GetProperty("id").GetInt32(),5}  {o.GetProperty("state").GetString(),-6}  {o.GetProperty("kind").GetString(),-11}  {o.GetProperty("votes").GetInt32(),3} votes  {o.GetProperty("text").GetString()}");
        }, ct));
        return observations;
    }

    public static Command Observe()
    {
        var (touchpoint, text) = (Touchpoint(), new Argument<string>("text") { Description = "What was seen, in a few words" });
        var kind = new Option<string>("--kind") { Description = "observation, painPoint or idea", DefaultValueFactory = _ => "observation" };
        var mood = new Option<int?>("--mood") { Description = "How the customer felt, -2 to 2" };
        var observe = new Command("observe", "Write down what was seen at a touchpoint") { touchpoint, text, kind, mood };
        observe.SetApiAction((parsed, http, ct) => http.SendAsync(parsed,
            new HttpRequestMessage(HttpMethod.Post, $"/api/v1/map/touchpoints/{parsed.GetValue(touchpoint)}/observations") { Content = JsonContent.Create(new { text = parsed.GetValue(text), kind = parsed.GetValue(kind), mood = parsed.GetValue(mood) }) },
            answer => Console.WriteLine($"Observation {answer.GetProperty("id").GetInt32()}."), ct));
        return observe;
    }

    public static Command Observation() => new("observation", "Take an observation over to a journey map, put it back, merge it, or say that you have seen the same") { Take(), Back(), Merge(), Same() };

    private static Command Take()
    {
        var (id, map) = (Id(), new Argument<int>("map") { Description = "Number of the map, as 'tangent map list' shows it" });
        var (step, lane, card) = (new Option<string?>("--step") { Description = "Id of the step for a new card, as the API shows it" }, new Option<string?>("--lane") { Description = "Id of the lane for a new card; that of the observation's kind unless said" }, new Option<string?>("--card") { Description = "Id of a card that says the same instead: its evidence grows" });
        var take = new Command("take", "Take an observation over to a journey map") { id, map, step, lane, card };
        take.Validators.Add(r => { if (r.GetValue(step) is null == r.GetValue(card) is null) r.AddError("Name --step or --card, one of the two."); });
        take.SetApiAction((parsed, http, ct) => DoneAsync(http, HttpMethod.Post, $"{parsed.GetValue(id)}/card", new { map = parsed.GetValue(map), step = parsed.GetValue(step), lane = parsed.GetValue(lane), card = parsed.GetValue(card) }, ct));
        return take;
    }

    private static Command Back()
    {
        var id = Id();
        var back = new Command("back", "Put an observation back that was taken over: it waits again") { id };
        back.SetApiAction((parsed, http, ct) => DoneAsync(http, HttpMethod.Delete, $"{parsed.GetValue(id)}/card", null, ct));
        return back;
    }

    private static Command Merge()
    {
        var (id, into) = (Id(), new Argument<int>("into") { Description = "Number of the observation that says the same" });
        var merge = new Command("merge", "Merge an observation with another one of the same touchpoint; votes go over") { id, into };
        merge.SetApiAction((parsed, http, ct) => DoneAsync(http, HttpMethod.Post, $"{parsed.GetValue(id)}/merge", new { into = parsed.GetValue(into) }, ct));
        return merge;
    }

    private static Command Same()
    {
        var (id, not) = (Id(), new Option<bool>("--not") { Description = "Take your vote back" });
        var same = new Command("same", "Say that you have seen the same") { id, not };
        same.SetApiAction((parsed, http, ct) => DoneAsync(http, parsed.GetValue(not) ? HttpMethod.Delete : HttpMethod.Put, $"{parsed.GetValue(id)}/vote", null, ct));
        return same;
    }

    private static async Task<int> DoneAsync(HttpClient http, HttpMethod method, string address, object? body, CancellationToken ct) =>
        await http.AskAsync(new HttpRequestMessage(method, $"{Address}/{address}") { Content = body is null ? null : JsonContent.Create(body) }, ct) is null ? ExitCode.Refused : ExitCode.Done;

    private static Argument<int> Id() => new("id") { Description = "Number of the observation, as 'tangent map observations' shows it" };

    private static Argument<int> Touchpoint() => new("touchpoint") { Description = "Number of the touchpoint" };
}
