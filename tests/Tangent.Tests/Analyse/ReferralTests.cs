using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Analyse;
using Tangent.Cli;
using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Tests.Analyse;

/// <summary>Who recommends, what they lived through before, and who came by their codes: counted by hand, and against the truth of the demo company.</summary>
public sealed class ReferralTests
{
    [Fact]
    public async Task A_code_is_of_whoever_had_it_first_and_brings_whoever_else_uses_it_once()
    {
        await using var server = await TestServer.StartAsync();
        (await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "Invitation", channel = "mail", stage = "Advocacy", directness = "Indirect" })).EnsureSuccessStatusCode();
        await Shop.AppendAsync(server,
            Event("anna", "Call", 0), Event("anna", "Invitation", 2, "A1"), Event("anna", "Invitation", 3, "A2"),
            Event("ben", "Call", 0), Event("ben", "Order", 4, "A1"), Event("ben", "Order", 5, "A1"), Event("ben", "Invitation", 6, "B1"),
            Event("cleo", "Visit", 1), Event("cleo", "Order", 5, "A2"), Event("cleo", "Order", 6, 7),
            Event("dora", "Visit", 1), Event("dora", "Order", 5, "A1"), Event("anna", "Order", 9, "A2"), Event("eva", "Visit", 1, ""), Event("eva", "Order", 20, "B1"));
        await CurrentAsync(server);

        var answer = await AskAsync(server, "");
        Numbers(answer, "recommended", "codes", "used", "brought", "came").ShouldBe([2, 4, 3, 2, 4], "7 is a code, too, which nobody else used");
        answer.GetProperty("recommends").EnumerateArray().Select(r => r.GetString()).ShouldBe(["Invitation"]);
        answer.GetProperty("recommenders").EnumerateArray().Select(r => (r.GetProperty("id").GetString(), r.GetProperty("came").GetInt32(), r.GetProperty("codes").GetInt32())).ShouldBe([("anna", 3, 2), ("ben", 1, 1)]);
        // Both had a call before; cleo, dora and eva are compared at the second or sixth day and had a visit.
        var before = answer.GetProperty("before").EnumerateArray().ToDictionary(b => b.GetProperty("name").GetString()!, b => (b.GetProperty("cases").GetInt64(), b.GetProperty("others").GetInt64(), b.GetProperty("verdict").GetString()));
        before["Call"].ShouldBe((2, 0, "tooFew"));
        before["Visit"].ShouldBe((0, 3, "tooFew"));
        Numbers(answer, "cases", "others").ShouldBe([2, 3]);

        (await BehindAsync(server, "who=came")).ShouldBe(["ben", "cleo", "dora", "eva"]);
        var anna = answer.GetProperty("recommenders")[0].GetProperty("customer").GetInt32();
        (await BehindAsync(server, $"who=came&by={anna}")).ShouldBe(["ben", "cleo", "dora"]);
        (await BehindAsync(server, "who=brought")).ShouldBe(["anna", "ben"]);
        (await BehindAsync(server, "who=recommended&before=Call")).ShouldBe(["anna", "ben"]);
        (await BehindAsync(server, "who=compared")).ShouldBe(["cleo", "dora", "eva"]);
        Numbers(await AskAsync(server, "?to=2026-03-10"), "used", "came").ShouldBe([2, 3], "eva came later");
        (await BehindAsync(server, "who=came&customer=ben&channel=y")).ShouldBe(["eva"], "by a code of ben's, wherever it was used");
        Numbers(await AskAsync(server, "?customer=ben"), "brought", "used", "came").ShouldBe([1, 1, 1]);
        (await server.Http.GetAsync("/api/v1/analyse/referrals/customers?who=nobody")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.GetAsync("/api/v1/analyse/referrals?recommends=Nowhere")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.GetStringAsync("/analyse/referrals?lang=pl")).ShouldContain("Polecenia");

        // Who is erased neither made nor used a code.
        (await server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = "user:dora", reason = "asked" })).EnsureSuccessStatusCode();
        await CurrentAsync(server);
        Numbers(await AskAsync(server, ""), "used", "came").ShouldBe([3, 3]);
        // Of whose codes nobody knows the maker any more, nobody comes: the first to use one is not taken for the maker.
        (await server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = "user:anna", reason = "asked" })).EnsureSuccessStatusCode();
        await CurrentAsync(server);
        Numbers(await AskAsync(server, ""), "used", "brought", "came").ShouldBe([1, 1, 1]);
        (await BehindAsync(server, "who=brought")).ShouldBe(["ben"]);
        await using var scope = server.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TangentDb>().Set<ReferralMention>().Select(m => m.Key).ShouldNotContain("user:anna");
        scope.ServiceProvider.GetRequiredService<TangentDb>().Set<ReferralMention>().Select(m => m.Key).ShouldNotContain("user:dora");
    }

    [Fact]
    public async Task The_demo_companys_recommendations_come_more_often_after_the_call_and_not_after_what_has_nothing_to_do_with_them()
    {
        var folder = Path.Combine(Directory.CreateTempSubdirectory("tangent-referrals").FullName, "demo");
        (await CommandLine.RunAsync(["demo", "--no-serve", "--data", folder, "--json", "--customers", "20000", "--seed", "1", "--before", DemoDay.Before])).ShouldBe(ExitCode.Done);
        await using var server = await TestServer.StartAsync(dataFolder: folder);
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);
        await CurrentAsync(server);

        // Reviews and shared posts count too: many contacts go along with them, so that by itself nearly everything comes more often before.
        var all = Before(await AskAsync(server, ""));
        all["Social media ad"].Verdict.ShouldBe("more");
        foreach (var name in new[] { "Social media ad", "Review portal", "Shop visit", "Complaint call", "Pick-up text message" }) all[name].Held.ShouldNotBe("more", name);
        all["Pick-up call"].ShouldBe(("more", "more"));

        var answer = await AskAsync(server, "?recommends=Recommendation&window=30d");
        var before = Before(answer);
        before["Pick-up call"].ShouldBe(("more", "more"));
        answer.GetProperty("before")[0].GetProperty("name").GetString().ShouldBe("Pick-up call");
        answer.GetProperty("before")[0].GetProperty("low").GetDouble().ShouldBeGreaterThan(2);
        before["Pick-up text message"].ShouldBe(("more", "unclear"), "it often goes with the call");
        foreach (var name in new[] { "Answer by e-mail", "Advice call", "Complaint call", "Social media ad" }) before[name].Held.ShouldNotBe("more", name);
        answer.GetProperty("came").GetInt64().ShouldBeGreaterThan(100);
        answer.GetProperty("came").GetInt64().ShouldBeGreaterThanOrEqualTo(answer.GetProperty("used").GetInt64() * 9 / 10);
    }

    private static object Event(string user, string name, int day, object? code = null) =>
        new { type = "track", @event = name, userId = user, timestamp = Shop.Start.AddDays(day), properties = new { channel = "x", referralCode = code } };

    private static async Task CurrentAsync(TestServer server)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await server.Get<ReferralFeed>().WaitUntilKeptAsync(server.Get<EventLog>().EndPosition, patience.Token);
    }

    private static Task<JsonElement> AskAsync(TestServer server, string query) => server.Http.GetFromJsonAsync<JsonElement>("/api/v1/analyse/referrals" + query);

    private static Dictionary<string, (string Verdict, string Held)> Before(JsonElement answer) => answer.GetProperty("before").EnumerateArray()
        .ToDictionary(b => b.GetProperty("name").GetString()!, b => (b.GetProperty("verdict").GetString()!, b.GetProperty("held").GetString()!));

    private static IEnumerable<long> Numbers(JsonElement answer, params string[] names) => names.Select(n => answer.GetProperty(n).GetInt64());

    private static async Task<List<string>> BehindAsync(TestServer server, string query) =>
        [.. (await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/analyse/referrals/customers?" + query)).GetProperty("items").EnumerateArray().Select(c => c.GetProperty("id").GetString()!).Order(StringComparer.Ordinal)];
}
