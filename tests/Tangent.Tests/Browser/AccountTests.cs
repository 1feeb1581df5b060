using Microsoft.Playwright;
using Tangent.Access;
using Tangent.Tests.Access;
using People = Tangent.Tests.Access.People;

namespace Tangent.Tests.Browser;

/// <summary>A person's own account in a real browser: passkey and one-time codes, and how the pages look.</summary>
[Collection("browser")]
public sealed class AccountTests(Chromium chromium) : IAsyncLifetime
{
    private TestServer _server = null!;

    // A passkey belongs to a name; 127.0.0.1 is none.
    private Uri Address => new($"http://localhost:{_server.Address.Port}");

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(demo: false);
        (await _server.ComeInAsync("owner@example.org", Role.Owner)).Dispose();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [BrowserFact]
    public async Task A_passkey_is_added_named_and_signs_in_until_it_is_removed()
    {
        await using var tab = await chromium.OpenAsync(Address);
        var device = await tab.Page.Context.NewCDPSessionAsync(tab.Page);
        await device.SendAsync("WebAuthn.enable");
        await device.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        await SignInAsync(tab, People.Password);
        await tab.GoAsync("/access/account");
        await tab.Page.FillAsync("#passkey-password", "not the password");
        await tab.Page.ClickAsync("[data-passkey-add]");
        await tab.Page.WaitForSelectorAsync("[data-passkey-error]:not([hidden])");
        (await tab.Page.InnerTextAsync("[data-passkey-error]")).ShouldContain("not right");
        // The browser itself reports the answer 422.
        tab.Complaints.Clear();
        await tab.Page.FillAsync("#passkey-password", People.Password);
        await tab.Page.ClickAsync("[data-passkey-add]");
        await tab.Page.WaitForSelectorAsync(".passkey");
        await tab.Page.FillAsync(".passkey input[name=name]", "Work laptop");
        await tab.Page.ClickAsync(".passkey form[action$='/name'] button");
        (await tab.Page.InputValueAsync(".passkey input[name=name]")).ShouldBe("Work laptop");
        await tab.ShootAsync("account");
        (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();

        await SignOutAsync(tab);
        await tab.GoAsync("/access/sign-in?returnUrl=/map/touchpoints");
        await tab.ShootAsync("sign-in");
        await tab.Page.ClickAsync("[data-passkey-sign-in]");
        await tab.Page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/map/touchpoints");

        await tab.GoAsync("/access/account");
        await tab.Page.ClickAsync(".passkey form[action$='/removal'] button");
        await tab.Page.WaitForSelectorAsync(".passkey", new() { State = WaitForSelectorState.Detached });
        await SignOutAsync(tab);
        await tab.GoAsync("/access/sign-in");
        tab.Complaints.ShouldBeEmpty();
        await tab.Page.ClickAsync("[data-passkey-sign-in]");
        await tab.Page.WaitForSelectorAsync("[data-passkey-error]:not([hidden])");
        tab.Page.Url.ShouldContain("/access/sign-in");
    }

    [BrowserFact]
    public async Task The_second_step_is_set_up_and_asked_for()
    {
        await using var tab = await chromium.OpenAsync(Address);
        await SignInAsync(tab, People.Password);
        await tab.GoAsync("/access/account");
        await tab.Page.ClickAsync("form[action='/access/account/two-factor/key'] button");
        var key = (await tab.Page.InnerTextAsync("#totp-key")).Replace(" ", "", StringComparison.Ordinal);
        (await tab.Page.EvaluateAsync<int>("document.querySelector('img.qr').naturalWidth")).ShouldBeGreaterThan(50);
        await tab.ShootAsync("two-factor");
        (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();
        var step = OneTimeCodes.StepAt(DateTimeOffset.UtcNow);
        await tab.Page.FillAsync("#code", OneTimeCodes.Code(key, step));
        await tab.Page.ClickAsync("form[action='/access/account/two-factor'] button");
        await tab.ShootAsync("recovery-codes");
        (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();

        await SignOutAsync(tab);
        await SignInAsync(tab, People.Password);
        tab.Page.Url.ShouldContain("/access/sign-in/code");
        await tab.ShootAsync("sign-in-code");
        (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();
        await tab.Page.FillAsync("#code", OneTimeCodes.Code(key, step + 1));
        await tab.Page.ClickAsync(".gate-card button.btn-primary");
        (await tab.Page.InnerTextAsync("body")).ShouldContain("Tangent");
        tab.Page.Url.ShouldNotContain("/access/");
        tab.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task The_pages_of_people_keys_and_the_log_fit_a_phone_in_three_languages_and_are_accessible()
    {
        using (var owner = _server.Browser())
        {
            await owner.SubmitAsync("/access/sign-in", ("email", "owner@example.org"), ("password", People.Password));
            await owner.SubmitAsync("/access/users", ("email", "maximiliane.musterfrau-vogelsang@example.org"), ("role", "Contributor"));
            await owner.SubmitAsync("/access/keys", ("name", "Nightly export to the warehouse"), ("scope", "Editor"), ("days", "90"), ("areas", "map"), ("areas", "collect"));
        }

        foreach (var (language, width, dark) in new[] { ("en", 1280, false), ("de", 360, true), ("pl", 360, false) })
        {
            await using var tab = await chromium.OpenAsync(Address, width: width, height: 800, language: language, dark: dark);
            await SignInAsync(tab, People.Password);
            await tab.GoAsync("/access/users");
            var person = await tab.Page.GetAttributeAsync("a.row-link", "href");
            foreach (var page in new[] { "/access/users", person!, "/access/keys", "/access/audit", "/access/account", "/access/reset/request" })
            {
                await tab.GoAsync(page);
                await tab.ShootAsync($"access-{(page == person ? "person" : page.Split('/')[2])}-{language}");
                (await tab.OverflowAsync()).ShouldBeEmpty($"{page} {language}");
                (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty($"{page} {language}");
            }

            tab.Complaints.ShouldBeEmpty();
        }
    }

    private static async Task SignInAsync(Tab tab, string password)
    {
        await tab.GoAsync("/access/sign-in");
        await tab.Page.FillAsync("#email", "owner@example.org");
        await tab.Page.FillAsync("#password", password);
        await tab.Page.ClickAsync("form[action='/access/sign-in'] button.btn-primary");
        await tab.SettleAsync();
    }

    private static async Task SignOutAsync(Tab tab)
    {
        await tab.Page.ClickAsync(".preferences details:last-of-type summary");
        await tab.Page.ClickAsync("button[formaction='/access/sign-out']");
        await tab.Page.WaitForURLAsync("**/access/sign-in");
    }
}
