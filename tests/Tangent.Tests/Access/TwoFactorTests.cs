using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Tangent.Access;

namespace Tangent.Tests.Access;

public sealed partial class TwoFactorTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private HttpClient _person = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(demo: false);
        _person = await _server.ComeInAsync("a@example.org", Role.Viewer);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    // RFC 6238, appendix B: the secret is "12345678901234567890"; the last six of its eight digits.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1234567890, "005924")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code) =>
        OneTimeCodes.Code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", OneTimeCodes.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds))).ShouldBe(code);

    [Fact]
    public async Task With_the_second_step_a_password_alone_is_not_enough_and_no_code_counts_twice()
    {
        var (key, recovery, used) = await TurnOnAsync();
        using var browser = _server.Browser();
        await PasswordAsync(browser);
        (await browser.GetAsync("/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        // The code that turned it on was seen already, by whoever looked over the shoulder.
        (await CodeAsync(browser, OneTimeCodes.Code(key, used))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await CodeAsync(browser, "000000")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var next = OneTimeCodes.Code(key, used + 1);
        (await CodeAsync(browser, next)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await browser.GetAsync("/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var replayer = _server.Browser();
        await PasswordAsync(replayer);
        (await CodeAsync(replayer, next)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await CodeAsync(replayer, recovery[0])).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        using var again = _server.Browser();
        await PasswordAsync(again);
        (await CodeAsync(again, recovery[0])).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await CodeAsync(again, recovery[1])).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Turning_it_off_takes_the_password_and_an_owner_can_do_it_for_others()
    {
        await TurnOnAsync();
        (await _person.SubmitAsync("/access/account", "/access/account/two-factor/end", ("password", "wrong wrong wrong"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var owner = await _server.ComeInAsync("owner@example.org", Role.Owner);
        var people = await owner.GetStringAsync("/api/v1/access/users");
        var id = Regex.Match(people, "\"id\":\"([^\"]+)\",\"email\":\"a@example.org\"").Groups[1].Value;
        (await owner.DeleteAsync($"/api/v1/access/users/{id}/two-factor")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var browser = _server.Browser();
        (await PasswordAsync(browser)).Headers.Location!.ToString().ShouldBe("/");
    }

    [Fact]
    public async Task Looking_at_the_set_up_page_signs_nobody_out()
    {
        using var elsewhere = _server.Browser();
        await PasswordAsync(elsewhere);
        (await _person.SubmitAsync("/access/account", "/access/account/two-factor/key")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await elsewhere.GetAsync("/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _person.GetAsync("/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/access/account/two-factor/end")]
    [InlineData("/access/account/two-factor/recovery-codes")]
    [InlineData("/access/account/passkeys/options")]
    public async Task The_password_cannot_be_guessed_in_an_open_browser(string address)
    {
        if (!address.Contains("passkeys", StringComparison.Ordinal)) await TurnOnAsync();
        Task<HttpResponseMessage> TryAsync(string password) => address.Contains("passkeys", StringComparison.Ordinal)
            ? _person.PostAsJsonAsync(address, new { password }) : _person.SubmitAsync("/access/account", address, ("password", password));
        for (var i = 0; i < SignInThrottle.MostFailures; i++) (await TryAsync("wrong wrong wrong")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var right = await TryAsync(People.Password);
        right.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await right.Content.ReadAsStringAsync()).ShouldContain("Too many attempts");
        using var browser = _server.Browser();
        (await (await PasswordAsync(browser)).Content.ReadAsStringAsync()).ShouldContain("Too many attempts");
    }

    [Fact]
    public async Task Without_a_password_before_it_the_code_page_is_for_nobody()
    {
        using var browser = _server.Browser();
        (await browser.GetAsync("/access/sign-in/code")).Headers.Location!.ToString().ShouldBe("/access/sign-in");
        (await browser.SubmitAsync("/access/sign-in", "/access/sign-in/code", ("code", "123456"))).Headers.Location!.ToString().ShouldBe("/access/sign-in");
    }

    [Fact]
    public async Task Codes_cannot_be_tried_for_ever()
    {
        await TurnOnAsync();
        using var browser = _server.Browser();
        await PasswordAsync(browser);
        string answer = "";
        for (var i = 0; i < 5; i++) answer = await (await CodeAsync(browser, "000000")).Content.ReadAsStringAsync();
        answer.ShouldContain("Too many attempts");
    }

    private async Task<(string Key, List<string> Recovery, long Used)> TurnOnAsync()
    {
        (await _person.SubmitAsync("/access/account", "/access/account/two-factor/key")).Headers.Location!.ToString().ShouldBe("/access/account/two-factor");
        var page = await (await _person.GetAsync("/access/account/two-factor")).Content.ReadAsStringAsync();
        WebUtility.HtmlDecode(page).ShouldContain("data:image/svg+xml;base64,");
        var key = Key().Match(page).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);
        (await _person.SubmitAsync("/access/account/two-factor", ("code", "000000"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        // The period before this one, so that there are two more to sign in with.
        var step = OneTimeCodes.StepAt(DateTimeOffset.UtcNow) - 1;
        var codes = await (await _person.SubmitAsync("/access/account/two-factor", ("code", OneTimeCodes.Code(key, step)))).Content.ReadAsStringAsync();
        List<string> recovery = [.. WebUtility.HtmlDecode(Recovery().Match(codes).Groups[1].Value).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        recovery.Count.ShouldBe(10);
        (await _person.GetAsync("/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.OK);
        return (key, recovery, step);
    }

    private static Task<HttpResponseMessage> PasswordAsync(HttpClient browser) => browser.SubmitAsync("/access/sign-in", ("email", "a@example.org"), ("password", People.Password));

    private static Task<HttpResponseMessage> CodeAsync(HttpClient browser, string code) => browser.SubmitAsync("/access/sign-in/code", ("code", code));

    [GeneratedRegex("id=\"totp-key\"[^>]*>([A-Z2-7 ]+)<")]
    private static partial Regex Key();

    [GeneratedRegex("id=\"recovery-codes\"[^>]*>([^<]+)<")]
    private static partial Regex Recovery();
}
