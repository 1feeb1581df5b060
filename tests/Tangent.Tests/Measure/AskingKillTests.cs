using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Tangent.Measure;
using Tangent.Tests.Collect;
using Tangent.Tests.Mail;
using Tangent.Tests.Operate;

namespace Tangent.Tests.Measure;

/// <summary>The real program, killed without warning while it decides whom to ask and sends the letters.</summary>
public sealed class AskingKillTests
{
    private const int Kills = 3, PeopleBetween = 10;

    [SdkTheory]
    [InlineData(6)]
    public async Task Killed_while_it_asks_nobody_is_asked_twice_and_nobody_is_forgotten(int seed)
    {
        await using var mail = new MailServer();
        var settings = mail.Settings("None", "--Mail:PublicAddress=https://tangent.firma.example");
        // Only stopped, not disposed, which would remove the folder.
        var before = await TestServer.StartAsync();
        var folder = before.DataFolder;
        var (key, id) = await PrepareAsync(before);
        await before.StopAsync();
        var (random, people) = (new Random(seed), new List<string>());
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var program = await RunningProgram.ServeAsync(folder, settings);
            var some = Enumerable.Range(kill * PeopleBetween, PeopleBetween).Select(n => $"p{n}").ToList();
            var body = JsonSerializer.Serialize(new { batch = some.Select(p => new { type = "track", @event = "Delivery", userId = p, messageId = "e-" + p }) });
            (await program.SendAsync(key, body, CancellationToken.None)).ShouldBeTrue(program.Output);
            people.AddRange(some);
            await Task.Delay(random.Next(0, 2500));
            program.Kill();
            await program.ExitAsync();
        }

        var letters = new List<(string Who, string Id)>();
        await using var last = await TestServer.StartAsync(true, folder, settings);
        // A letter that was under way when the program was killed waits for its next attempt: half a minute, or two where it happened to it twice.
        for (var waited = Stopwatch.StartNew(); letters.Select(l => l.Who).Distinct().Count() < people.Count && waited.Elapsed < TimeSpan.FromMinutes(3);)
        {
            if (await mail.MoreAsync(TimeSpan.FromMilliseconds(200)) > 0) await TakeAsync();
        }

        var outbox = await last.Http.GetStringAsync("/api/v1/operate/mail");
        people.Except(letters.Select(l => l.Who)).ShouldBeEmpty($"forgotten; the outbox: {outbox}; decisions: {await last.Http.GetStringAsync($"/api/v1/measure/surveys/{id}/decisions")}");
        // A letter that was with the mail server when the program was killed may go there again, as the same letter.
        for (var more = await mail.MoreAsync(TimeSpan.FromSeconds(3)); more > 0; more--) await TakeAsync();
        letters.Distinct().GroupBy(l => l.Who).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty("asked twice");
        letters.Select(l => l.Who).Distinct().Order(StringComparer.Ordinal).ShouldBe(people.Order(StringComparer.Ordinal));
        var decisions = (await last.Http.GetFromJsonAsync<JsonElement>($"/api/v1/measure/surveys/{id}/decisions")).GetProperty("items").EnumerateArray().ToList();
        decisions.Select(d => d.GetProperty("identifier").GetString()!).Order(StringComparer.Ordinal).ShouldBe(people.Select(p => "user:" + p).Order(StringComparer.Ordinal));
        decisions.ShouldAllBe(d => d.GetProperty("outcome").GetString() == "asked");

        async Task TakeAsync()
        {
            var letter = await mail.NextAsync();
            letters.Add((letter.GetProperty("recipients")[0].GetString()!.Split('@')[0], letter.GetProperty("messageId").GetString()!));
        }
    }

    private static async Task<(string Key, int Survey)> PrepareAsync(TestServer server)
    {
        (await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "Delivery", channel = "parcel", stage = "retention" })).EnsureSuccessStatusCode();
        var survey = SurveyTemplates.All["delivery"] with { Name = "Delivered", Touchpoint = "Delivery", Ask = new AskRule("Delivery", DelayHours: 0, QuietFrom: null, QuietTo: null) };
        using var answer = await server.Http.PostAsync("/api/v1/measure/surveys", new StringContent(survey.ToJson(), Encoding.UTF8, "application/json"));
        answer.EnsureSuccessStatusCode();
        var key = await server.Get("shop", "server");
        var people = Enumerable.Range(0, Kills * PeopleBetween).Select(n => $"p{n}").ToList();
        (await server.Http.PostAsJsonAsync("/v1/batch", new { writeKey = key, batch = people.Select(p => new { type = "identify", userId = p, traits = new { email = p + "@example.org" } }) })).EnsureSuccessStatusCode();
        foreach (var person in people)
            (await server.Http.PostAsJsonAsync("/api/v1/unify/consents", new { contactPoint = $"email:{person}@example.org", purpose = "commercial", state = "given", wording = "You may ask me." })).EnsureSuccessStatusCode();
        var log = server.Get<Tangent.Collect.EventLog>();
        while (server.Get<Tangent.Unify.ProfileFeed>().Position < log.EndPosition) await Task.Delay(20);
        return (key, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32());
    }
}
