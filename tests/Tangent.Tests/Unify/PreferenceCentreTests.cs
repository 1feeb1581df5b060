using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Access;
using Tangent.Unify;

namespace Tangent.Tests.Unify;

/// <summary>The preference centre on a server that asks everybody else to sign in.</summary>
public sealed partial class PreferenceCentreTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private HttpClient _owner = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(demo: false);
        _owner = await Access.People.ComeInAsync(_server, "owner@example.org", Tangent.Access.Role.Owner);
        (await _owner.PutAsJsonAsync("/api/v1/unify/consents/purposes/commercial", new
        {
            enforcement = "restrictive",
            topics = new[] { new { key = "newsletter", names = new { en = "Newsletter", de = "Rundbrief", pl = "Biuletyn" } }, new { key = "offers", names = new { en = "Offers", de = "Angebote", pl = "Oferty" } } },
        })).EnsureSuccessStatusCode();
    }

    public async Task DisposeAsync()
    {
        _owner.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_has_the_link_gives_and_withdraws_and_every_change_is_recorded_with_its_wording()
    {
        var link = (await LinkAsync("email:anna.muster@example.org")).GetProperty("url").GetString()!;
        link.ShouldNotContain("anna");
        var page = await _server.Http.GetStringAsync(link);
        WebUtility.HtmlDecode(page).ShouldContain("a…@example.org");
        page.ShouldNotContain("anna.muster");
        Checked(page).ShouldBe(["transactional"], ignoreOrder: true);

        await SendAsync(link, ("do", "save"), ("given", "commercial/newsletter"), ("given", "transactional"));
        Checked(await _server.Http.GetStringAsync(link)).ShouldBe(["commercial/newsletter", "transactional"], ignoreOrder: true);
        await SendAsync(link + "?lang=de", ("do", "save"), ("given", "commercial"), ("given", "commercial/offers"));
        Checked(await _server.Http.GetStringAsync(link)).ShouldBe(["commercial", "commercial/offers"], ignoreOrder: true);
        var history = await HistoryAsync("email:anna.muster@example.org");
        history.ShouldAllBe(h => h.GetProperty("origin").GetString() == "preferenceCentre" && h.GetProperty("wording").GetString()!.Length > 20);
        history.ShouldContain(h => h.GetProperty("wordingVersion").GetString() == "2-de" && h.GetProperty("wording").GetString()!.Contains("Rundbrief"));

        // Everything is withdrawn only after being asked again.
        var asks = await _server.Http.PostAsync(link, new FormUrlEncodedContent([new("do", "withdraw")]));
        (await asks.Content.ReadAsStringAsync()).ShouldContain("value=\"withdraw-all\"");
        Checked(await _server.Http.GetStringAsync(link)).ShouldNotBeEmpty();
        await SendAsync(link, ("do", "withdraw-all"));
        Checked(await _server.Http.GetStringAsync(link)).ShouldBeEmpty();
        // What is no form is refused.
        foreach (var wrong in new (string Body, string Type)[] { ("do=save&given=%00", "application/x-www-form-urlencoded"), ("x", "multipart/form-data") })
            (await _server.Http.PostAsync(link, new StringContent(wrong.Body, new System.Net.Http.Headers.MediaTypeHeaderValue(wrong.Type)))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        // Nothing more is given by sending nothing.
        await SendAsync(link, ("do", "nonsense"));
        Checked(await _server.Http.GetStringAsync(link)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_topic_that_stays_ticked_holds_where_the_purpose_as_a_whole_is_withdrawn()
    {
        var link = (await LinkAsync("email:topic@example.org")).GetProperty("url").GetString()!;
        await SendAsync(link, ("do", "save"), ("given", "commercial"), ("given", "commercial/newsletter"), ("given", "commercial/offers"));
        await SendAsync(link, ("do", "save"), ("given", "commercial/offers"));
        Checked(await _server.Http.GetStringAsync(link)).ShouldBe(["commercial/offers"]);
    }

    [Fact]
    public async Task What_waits_is_confirmed_by_a_click()
    {
        (await _owner.PostAsJsonAsync("/api/v1/unify/consents", new { contactPoint = "email:wait@example.org", purpose = "commercial", topic = "newsletter", state = "pending" })).EnsureSuccessStatusCode();
        var link = (await LinkAsync("email:wait@example.org")).GetProperty("url").GetString()!;
        (await _server.Http.GetStringAsync(link)).ShouldContain("value=\"confirm\"");
        await SendAsync(link, ("do", "confirm"));
        var page = await _server.Http.GetStringAsync(link);
        page.ShouldNotContain("value=\"confirm\"");
        Checked(page).ShouldContain("commercial/newsletter");
    }

    [Fact]
    public async Task One_click_withdraws_and_opening_the_address_does_not()
    {
        (await _owner.PostAsJsonAsync("/api/v1/unify/consents", new { contactPoint = "email:click@example.org", purpose = "commercial", state = "given" })).EnsureSuccessStatusCode();
        var click = (await LinkAsync("email:click@example.org")).GetProperty("oneClickUrl").GetString()!;
        (await _server.Http.GetAsync(click)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _server.Http.PostAsync(click, null)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await MayAsync("email:click@example.org")).ShouldBeTrue();
        (await _server.Http.PostAsync(click, new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await MayAsync("email:click@example.org")).ShouldBeFalse();
    }

    [Fact]
    public async Task Withdrawing_all_holds_for_every_contact_point_of_the_person()
    {
        using var keyed = new HttpClient { BaseAddress = _server.Address };
        using var made = await _owner.PostAsJsonAsync("/api/v1/collect/sources", new { name = "crm", kind = "server" });
        var key = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("writeKey").GetString();
        (await keyed.PostAsJsonAsync("/v1/batch", new { writeKey = key, batch = new object[] { new { type = "identify", userId = "all", traits = new { email = "all@example.org", phone = "+491701234567" } }, new { type = "track", @event = "x", userId = "all" } } })).EnsureSuccessStatusCode();
        var end = _server.Get<Tangent.Collect.EventLog>().EndPosition;
        await _server.Get<ProfileFeed>().WaitUntilKeptAsync(end, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));
        await _server.Get<Tangent.Collect.JourneyStore>().WaitUntilVisibleAsync(end, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));
        foreach (var point in (string[])["email:all@example.org", "phone:+491701234567"])
            (await _owner.PostAsJsonAsync("/api/v1/unify/consents", new { contactPoint = point, purpose = "commercial", state = "given" })).EnsureSuccessStatusCode();
        await SendAsync((await LinkAsync("email:all@example.org")).GetProperty("url").GetString()!, ("do", "withdraw-all"));
        (await MayAsync("email:all@example.org")).ShouldBeFalse();
        (await MayAsync("phone:+491701234567")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_topic_that_nobody_set_up_is_one_where_something_was_said_of_it()
    {
        using var keyed = new HttpClient { BaseAddress = _server.Address };
        using var made = await _owner.PostAsJsonAsync("/api/v1/collect/sources", new { name = "digest", kind = "server" });
        var key = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("writeKey").GetString();
        var said = new { contactPoint = "email:said@example.org", purpose = "commercial", topic = "digest", state = "given" };
        (await keyed.PostAsJsonAsync("/v1/batch", new { writeKey = key, batch = new object[] { new { type = "track", @event = "x", userId = "said", consent = said } } })).EnsureSuccessStatusCode();
        await _server.Get<ConsentFeed>().WaitUntilKeptAsync(_server.Get<Tangent.Collect.EventLog>().EndPosition, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));
        async Task<(HttpStatusCode, bool?)> AskAsync(string topic)
        {
            using var asked = await _owner.PostAsJsonAsync("/api/v1/unify/consents/question", new { said.contactPoint, said.purpose, topic });
            return (asked.StatusCode, asked.IsSuccessStatusCode ? (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("may").GetBoolean() : null);
        }

        (await AskAsync("digest")).ShouldBe((HttpStatusCode.OK, true));
        (await AskAsync("digset")).ShouldBe((HttpStatusCode.UnprocessableEntity, null));
        (await _server.Http.GetStringAsync((await LinkAsync("email:another@example.org")).GetProperty("url").GetString())).ShouldNotContain("commercial/digest");
        var link = (await LinkAsync(said.contactPoint)).GetProperty("url").GetString()!;
        Checked(await _server.Http.GetStringAsync(link)).ShouldBe(["commercial/digest", "transactional"], ignoreOrder: true);
        // A page from before the topic came says nothing of it.
        await SendAsync(link, ("do", "save"), ("given", "transactional"));
        (await AskAsync("digest")).ShouldBe((HttpStatusCode.OK, true));
        (await _server.Http.GetStringAsync(link)).ShouldContain("<input type=\"hidden\" name=\"shown\" value=\"commercial/digest\"");
        await SendAsync(link, ("do", "save"), ("given", "transactional"), ("shown", "commercial/digest"));
        (await AskAsync("digest")).ShouldBe((HttpStatusCode.OK, false));
    }

    [Fact]
    public async Task One_click_is_recorded_also_where_the_purpose_was_removed_since()
    {
        var purpose = new { enforcement = "nonRestrictive" };
        (await _owner.PutAsJsonAsync("/api/v1/unify/consents/purposes/events", purpose)).EnsureSuccessStatusCode();
        using var made = await _owner.PostAsJsonAsync("/api/v1/unify/consents/links", new { contactPoint = "email:removed@example.org", purpose = "events" });
        var click = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("oneClickUrl").GetString();
        (await _owner.DeleteAsync("/api/v1/unify/consents/purposes/events")).EnsureSuccessStatusCode();
        (await _server.Http.PostAsync(click, new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _owner.PutAsJsonAsync("/api/v1/unify/consents/purposes/events", purpose)).EnsureSuccessStatusCode();
        using var asked = await _owner.PostAsJsonAsync("/api/v1/unify/consents/question", new { contactPoint = "email:removed@example.org", purpose = "events" });
        (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("reason").GetString().ShouldBe("withdrawn");
    }

    [Fact]
    public async Task A_forged_cut_or_expired_link_tells_nothing()
    {
        var link = (await LinkAsync("email:forged@example.org")).GetProperty("url").GetString()!;
        await using var scope = _server.Services.CreateAsyncScope();
        var protector = Microsoft.AspNetCore.DataProtection.DataProtectionAdvancedExtensions.ToTimeLimitedDataProtector(
            scope.ServiceProvider.GetRequiredService<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider>().CreateProtector("Unify.PreferenceLinks"));
        var expired = PreferenceLinks.Path + Microsoft.AspNetCore.DataProtection.DataProtectionAdvancedExtensions.Protect(
            protector, JsonSerializer.Serialize(new PreferenceTicket("email:1", "f…@example.org", "", "commercial", "")), TimeSpan.FromSeconds(-1));
        string? said = null;
        foreach (var wrong in new[] { link[..^2], link[..^5] + "AAAAA", PreferenceLinks.Path + "x", expired })
        {
            using var answer = await _server.Http.GetAsync(wrong);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            var page = Regex.Replace(await answer.Content.ReadAsStringAsync(), "value=\"[^\"]*\"", "");
            page.ShouldNotContain("@example.org");
            page.ShouldBe(said ??= page);
            (await _server.Http.PostAsync(wrong, new FormUrlEncodedContent([new("do", "withdraw")]))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await _server.Http.PostAsync(wrong + "/one-click", new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task Too_many_guesses_from_one_place_are_refused_and_valid_links_are_not()
    {
        var link = (await LinkAsync("email:limit@example.org")).GetProperty("url").GetString()!;
        var last = HttpStatusCode.OK;
        for (var i = 0; i <= PublicLimit.PerMinute; i++) last = (await _server.Http.GetAsync(PreferenceLinks.Path + "guess" + i)).StatusCode;
        last.ShouldBe(HttpStatusCode.TooManyRequests);
        (await _server.Http.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<JsonElement> LinkAsync(string point)
    {
        using var answer = await _owner.PostAsJsonAsync("/api/v1/unify/consents/links", new { contactPoint = point, days = 5 });
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<List<JsonElement>> HistoryAsync(string point)
    {
        using var answer = await _owner.PostAsJsonAsync("/api/v1/unify/consents/history", new { contactPoint = point });
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("history").EnumerateArray()];
    }

    private async Task<bool> MayAsync(string point)
    {
        using var answer = await _owner.PostAsJsonAsync("/api/v1/unify/consents/question", new { contactPoint = point, purpose = "commercial" });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("may").GetBoolean();
    }

    private async Task SendAsync(string link, params (string Name, string Value)[] fields) =>
        (await _server.Http.PostAsync(link, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))))).StatusCode.ShouldBe(HttpStatusCode.Redirect);

    private static List<string> Checked(string page) => [.. Ticked().Matches(page).Select(m => m.Groups[1].Value)];

    [GeneratedRegex("name=\"given\" value=\"([^\"]+)\" checked")]
    private static partial Regex Ticked();
}
