using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Measure;
using Tangent.Tests.Analyse;
using Tangent.Unify;

namespace Tangent.Tests.Measure;

/// <summary>
/// What the members of companies feel, counted by hand:
/// <code>
/// acme   ada (decider)  nps 0, csat 1 (−2, −2)     bob (user) csat 5 (2)     cyd (user) nps 10, csat 3 (2, 0: 1)     dan (no role) csat 5
/// mills  eve (decider)  csat 3 (0)                 flo (user) says nothing
/// </code></summary>
public sealed class SentimentTests(SentimentTests.Companies companies) : IClassFixture<SentimentTests.Companies>
{
    private const string Sentiment = "/api/v1/measure/accounts/sentiment";

    private HttpClient Http => companies.Server.Http;

    public sealed class Companies : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Server = await TestServer.StartAsync();
            (await Server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "Delivery", channel = "Parcel", stage = "Conversion" })).EnsureSuccessStatusCode();
            await Shop.AppendAsync(Server,
                Person("ada", "decider"), Person("bob", "user"), Person("cyd", "user"), Person("dan", null), Person("eve", "decider"), Person("flo", "user"),
                Member("ada", "acme"), Member("bob", "acme"), Member("cyd", "acme"), Member("dan", "acme"), Member("eve", "mills"), Member("flo", "mills"),
                Answer("ada", "nps", 0), Answer("ada", "csat", 1, "Delivery"), Answer("bob", "csat", 5, "Delivery"), Answer("cyd", "nps", 10), Answer("cyd", "csat", 3, "Delivery"), Answer("dan", "csat", 5, "Delivery"),
                Answer("eve", "csat", 3, "Delivery"), Answer("stranger", "csat", 1, "Delivery"));
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            var end = Server.Get<EventLog>().EndPosition;
            await Server.Get<ProfileFeed>().WaitUntilKeptAsync(end, patience.Token);
            while (Server.Get<FeedbackFeed>().Position < end) await Task.Delay(20, patience.Token);
        }

        public Task DisposeAsync() => Server.DisposeAsync().AsTask();

        private static object Person(string user, string? role) => new { type = "identify", userId = user, traits = new { name = user, buyingRole = role }, timestamp = Shop.Start };

        private static object Member(string user, string account) => new { type = "group", userId = user, groupId = account, traits = new { name = account.ToUpperInvariant(), industry = account == "acme" ? "steel" : "wood" }, timestamp = Shop.Start };

        private static object Answer(string user, string metric, int score, string? touchpoint = null) =>
            new { type = "track", @event = "Feedback", userId = user, timestamp = Shop.Start.AddDays(touchpoint is null ? 0 : 40), properties = new { metric, score, touchpoint } };
    }

    [Fact]
    public async Task Each_person_is_one_voice_of_the_own_role_and_roles_are_compared()
    {
        var acme = await AskAsync(Sentiment + "?account=acme");
        acme.GetProperty("roles").EnumerateArray().Select(r => (r.GetProperty("role").GetString(), r.GetProperty("persons").GetInt32(), r.GetProperty("answers").GetInt32(), r.GetProperty("mean").GetDouble()))
            .ShouldBe([("user", 2, 3, 1.5), ("decider", 1, 2, -2), (null, 1, 1, 2)]);
        var gap = acme.GetProperty("gaps").EnumerateArray().ShouldHaveSingleItem();
        (gap.GetProperty("one").GetString(), gap.GetProperty("other").GetString(), gap.GetProperty("difference").GetDouble(), gap.GetProperty("verdict").GetString()).ShouldBe(("user", "decider", 3.5, "few"));
        acme.GetProperty("accounts").GetArrayLength().ShouldBe(0);

        var all = await AskAsync(Sentiment);
        all.GetProperty("persons").GetInt32().ShouldBe(5, "The stranger belongs to no account.");
        var account = all.GetProperty("accounts").EnumerateArray().ShouldHaveSingleItem();
        (account.GetProperty("id").GetString(), account.GetProperty("persons").GetInt32()).ShouldBe(("acme", 3));
        (await AskAsync(Sentiment + "?account=acme&to=2026-03-05")).GetProperty("answers").GetInt32().ShouldBe(2, "the answers of the first days");
    }

    [Fact]
    public async Task Every_line_leads_to_exactly_these_members_and_what_cannot_be_read_is_refused()
    {
        (await IdsAsync(Sentiment + "/customers?account=acme&buyingRole=user")).ShouldBe(["bob", "cyd"]);
        (await IdsAsync(Sentiment + "/customers?account=acme&buyingRole=none")).ShouldBe(["dan"]);
        (await IdsAsync(Sentiment + "/customers?buyingRole=decider")).ShouldBe(["ada", "eve"]);
        foreach (var wrong in (string[])["?account=nobody", "?from=2026-05-01&to=2026-04-01", "/customers?buyingRole=boss", "/customers?account=nobody"])
            (await Http.GetAsync(Sentiment + wrong)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, wrong);
        (await Http.GetStringAsync("/measure/accounts/sentiment/customers?account=acme&buyingRole=user")).ShouldContain("cyd");
    }

    [Fact]
    public async Task The_page_of_an_account_and_of_the_committees_loads_it()
    {
        (await Http.GetStringAsync("/unify/accounts/one?account=acme")).ShouldContain("/measure/accounts/sentiment?account=acme");
        (await Http.GetStringAsync("/unify/accounts/coverage")).ShouldContain("/measure/accounts/sentiment?account=");
        var card = WebUtility.HtmlDecode(await Http.GetStringAsync("/measure/accounts/sentiment?account=acme"));
        card.ShouldContain("User (+1.5) and Decider (−2.0) feel differently.");
        card.ShouldContain("Few persons");
        WebUtility.HtmlDecode(await Http.GetStringAsync("/measure/accounts/sentiment")).ShouldContain("/unify/accounts/one?account=acme#sentiment");
        (await Http.GetAsync("/measure/accounts/sentiment?account=nobody")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Of_accounts_each_is_one_voice_in_a_score_and_stands_behind_it_as_such()
    {
        var score = (await AskAsync("/api/v1/measure/scores?metric=csat&unit=account&trend=month")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        // acme: 1, 5, 3 and 5 are 3.5, which is 4 (the even one); mills: 3.
        score.GetProperty("counts").EnumerateArray().Select(c => c.GetInt64()).ShouldBe([0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0]);
        score.GetProperty("trend").EnumerateArray().Select(p => p.GetProperty("figure")).Select(f => f.ValueKind == JsonValueKind.Null ? 0 : f.GetProperty("n").GetInt64()).ShouldBe([0, 2]);
        var groups = (await AskAsync("/api/v1/measure/scores?metric=csat&unit=account&breakdown=trait.industry")).GetProperty("items").EnumerateArray();
        groups.Select(i => (i.GetProperty("group").GetString(), i.GetProperty("figure").GetProperty("value").GetDouble())).Order().ShouldBe([("steel", 1), ("wood", 0)]);
        (await IdsAsync("/api/v1/measure/scores/customers?metric=csat&at=Delivery&unit=account&band=good")).ShouldBe(["acme"]);
        (await IdsAsync("/api/v1/measure/scores/customers?metric=csat&at=Delivery&unit=account")).ShouldBe(["acme", "mills"]);
        (await Http.GetStringAsync("/measure/scores?unit=account")).ShouldContain("metric=csat&amp;unit=account", Case.Sensitive, "A number of the page opens accounts.");
    }

    [Theory]
    [InlineData("bob dan", "score: csat >= 4")]
    [InlineData("ada stranger", "score: CSAT < 2 at delivery")]
    [InlineData("ada cyd", "score: nps")]
    [InlineData("", "score in 9d: nps")]
    [InlineData("bob cyd dan eve flo stranger", "not score: nps = 0")]
    public async Task A_segment_asks_for_the_latest_answer(string expected, string condition) =>
        (await IdsAsync("/api/v1/unify/segments/customers?condition=" + Uri.EscapeDataString(condition))).ShouldBe(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData("score: love = 5")]
    [InlineData("score: text")]
    [InlineData("score: nps >= many")]
    [InlineData("score: nps = 9 at Nowhere")]
    [InlineData("score in 5h: nps = 9")]
    [InlineData("score 2..: nps = 9")]
    public async Task What_no_answer_can_be_is_refused(string condition) =>
        (await Http.GetAsync("/api/v1/unify/segments/size?condition=" + Uri.EscapeDataString(condition))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

    [Fact]
    public async Task A_customers_page_loads_what_the_customer_answered_the_latest_first()
    {
        var number = companies.Server.Get<JourneyStore>().FindCustomer("cyd").ShouldNotBeNull();
        (await Http.GetStringAsync($"/unify/customers/{number}")).ShouldContain($"/measure/customers/{number}/answers");
        var answers = await AskAsync($"/api/v1/measure/customers/{number}/answers");
        answers.GetProperty("items").EnumerateArray().Select(a => (a.GetProperty("touchpoint").GetString(), a.GetProperty("metric").GetString(), a.GetProperty("score").GetInt32())).ShouldBe([("Delivery", "csat", 3), (null, "nps", 10)]);
        (await Http.GetStringAsync($"/measure/customers/{number}/answers")).ShouldContain("NPS 10");
        foreach (var address in (string[])["/api/v1/measure/customers/99999/answers", "/measure/customers/99999/answers"]) (await Http.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public void Roles_of_enough_persons_are_told_from_chance_and_the_more_pairs_the_stricter()
    {
        double[] low = [-2, -1.5, -2, -1, -2, -1.5], high = [2, 1.5, 2, 1, 2, 1.5], mixed = [-2, 2, -1, 2, -2, 1];
        var gaps = SentimentFormulas.Gaps([(BuyingRole.User, high), (BuyingRole.Decider, low), (BuyingRole.Buyer, mixed), (BuyingRole.Gatekeeper, [-2])]);
        gaps.Count.ShouldBe(6);
        gaps.Where(g => g.Verdict == SentimentVerdict.Apart).Select(g => (g.One, g.Other)).ShouldBe([(BuyingRole.User, BuyingRole.Decider)]);
        gaps.Where(g => g.Verdict == SentimentVerdict.Few).ShouldAllBe(g => g.One == BuyingRole.Gatekeeper || g.Other == BuyingRole.Gatekeeper);
        // By itself p = .039 is less than one in twenty; of three pairs it is not.
        double[] some = [0, 0.4, 0.2, 0.6, 0.3], more = [0.4, 0.9, 0.6, 1.1, 0.5], same = [0.35, 0.65, 0.5, 0.75, 0.45];
        SentimentFormulas.Gaps([(BuyingRole.User, some), (BuyingRole.Decider, more)])[0].Verdict.ShouldBe(SentimentVerdict.Apart);
        SentimentFormulas.Gaps([(BuyingRole.User, some), (BuyingRole.Decider, more), (BuyingRole.Buyer, same)]).ShouldAllBe(g => g.Verdict == SentimentVerdict.Unclear);
    }

    [Theory]
    [InlineData(Metric.Nps, 0, -2)]
    [InlineData(Metric.Nps, 5, 0)]
    [InlineData(Metric.Csat, 4, 1)]
    [InlineData(Metric.Ces, 7, 2)]
    [InlineData(Metric.Review, 1, -2)]
    public void A_score_lies_somewhere_between_the_worst_and_the_best(Metric metric, int score, double feeling) => SentimentFormulas.Feeling(metric, score).ShouldBe(feeling, 1e-12);

    private async Task<JsonElement> AskAsync(string address) => await Http.GetFromJsonAsync<JsonElement>(address);

    private async Task<List<string>> IdsAsync(string address) =>
        [.. (await AskAsync(address)).GetProperty("items").EnumerateArray().Select(c => c.GetProperty("id").GetString()!).Order(StringComparer.Ordinal)];
}
