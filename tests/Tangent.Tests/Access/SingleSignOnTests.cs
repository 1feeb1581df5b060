using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Access;
using Tangent.Tests.Collect;

namespace Tangent.Tests.Access;

/// <summary>Runs where the provider from npm is installed; on the build machine it must be.</summary>
public sealed class ProviderFactAttribute : FactAttribute
{
    public ProviderFactAttribute()
    {
        if (!Directory.Exists(Path.Combine(SdkTests.Npm, "node_modules", "oauth2-mock-server")) && Environment.GetEnvironmentVariable("CI") != "true")
            Skip = "The provider is not installed: run npm ci in tests/Tangent.Tests/npm, or ./test.";
    }
}

/// <summary>A real provider of OpenID Connect in a process of its own, asked over the network as any other.</summary>
public sealed class SingleSignOnTests : IAsyncLifetime
{
    private Process _provider = null!;
    private string _authority = "";
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        if (!Directory.Exists(Path.Combine(SdkTests.Npm, "node_modules", "oauth2-mock-server"))) return;
        _provider = Process.Start(new ProcessStartInfo("node", "openid-provider.mjs")
        {
            WorkingDirectory = SdkTests.Npm,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        _authority = (await _provider.StandardOutput.ReadLineAsync())!;
    }

    public async Task DisposeAsync()
    {
        if (_server is { } server) await server.DisposeAsync();
        if (_provider is not { } provider) return;
        provider.StandardInput.Close();
        await provider.WaitForExitAsync();
        provider.Dispose();
    }

    [ProviderFact]
    public async Task Who_was_invited_comes_in_with_the_invited_role_and_again_without_an_invitation()
    {
        using var owner = await StartAsync();
        (await owner.PostAsJsonAsync("/api/v1/access/users", new { email = "Anna@example.org", role = "viewer" })).EnsureSuccessStatusCode();
        (await owner.PostAsJsonAsync("/api/v1/access/users", new { email = "anna@example.org", role = "editor" })).EnsureSuccessStatusCode();
        await ClaimsAsync(new { sub = "anna", email = "anna@example.org", email_verified = true });
        using var anna = _server.Browser();
        (await SignInAsync(anna, "/map/touchpoints")).ShouldBe("/map/touchpoints");
        (await RoleAsync(anna)).ShouldBe("editor");

        (await (await owner.GetAsync("/api/v1/access/invitations")).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await owner.GetStringAsync("/api/v1/access/audit?kind=change&actor=anna")).ShouldContain("/access/single-sign-on/done");
        await ClaimsAsync(new { sub = "anna", email = "new-address@example.org", email_verified = true });
        using var again = _server.Browser();
        (await SignInAsync(again, "/")).ShouldBe("/");
        (await again.GetStringAsync("/api/v1/access/me")).ShouldContain("anna@example.org");
    }

    [ProviderFact]
    public async Task Who_was_not_invited_stays_out_unless_everybody_of_the_company_may_come()
    {
        using var owner = await StartAsync();
        await ClaimsAsync(new { sub = "eve", email = "eve@example.org", email_verified = true });
        using var eve = _server.Browser();
        (await SignInAsync(eve, "/")).ShouldBe("/access/sign-in?error=not-invited");
        (await eve.GetStringAsync("/access/sign-in?error=not-invited")).ShouldContain("no account here");
        await _server.DisposeAsync();

        using var ___ = await StartAsync("--SingleSignOn:NewUsers=contributor", "--SingleSignOn:Domains=example.org example.com");
        using var colleague = _server.Browser();
        (await SignInAsync(colleague, "/")).ShouldBe("/");
        (await RoleAsync(colleague)).ShouldBe("contributor");
        await ClaimsAsync(new { sub = "mallory", email = "mallory@evil.example", email_verified = true });
        using var mallory = _server.Browser();
        (await SignInAsync(mallory, "/")).ShouldBe("/access/sign-in?error=not-invited");
    }

    [ProviderFact]
    public async Task An_address_that_the_provider_does_not_vouch_for_takes_over_no_account()
    {
        using var owner = await StartAsync();
        foreach (var claims in new object[] { new { sub = "mallory", email = "owner@example.org", email_verified = false }, new { sub = "mallory", email = "owner@example.org" }, new { sub = "mallory" } })
        {
            await ClaimsAsync(claims);
            using var mallory = _server.Browser();
            (await SignInAsync(mallory, "/")).ShouldBe("/access/sign-in?error=not-invited");
        }
    }

    [ProviderFact]
    public async Task A_token_for_another_sign_in_another_program_or_another_time_is_refused()
    {
        using var owner = await StartAsync();
        foreach (var claims in new object[]
        {
            new { sub = "owner", email = "owner@example.org", email_verified = true, nonce = "of another sign-in" },
            new { sub = "owner", email = "owner@example.org", email_verified = true, aud = "another program" },
            new { sub = "owner", email = "owner@example.org", email_verified = true, exp = 1_000_000_000 },
            new { sub = "owner", email = "owner@example.org", email_verified = true, iss = "http://another-provider.example" },
        })
        {
            await ClaimsAsync(claims);
            using var mallory = _server.Browser();
            (await SignInAsync(mallory, "/")).ShouldBe("/access/sign-in?error=single-sign-on");
        }

        using var stranger = _server.Browser();
        var forged = await stranger.GetAsync("/access/single-sign-on/callback?code=x&state=forged");
        forged.Headers.Location!.ToString().ShouldBe("/access/sign-in?error=single-sign-on");
        var refused = await (await owner.GetAsync("/api/v1/access/audit?kind=refusal")).Content.ReadFromJsonAsync<JsonElement>();
        refused.GetProperty("total").GetInt32().ShouldBe(5);
        (await stranger.GetAsync("/access/single-sign-on/done")).Headers.Location!.ToString().ShouldBe("/access/sign-in?error=single-sign-on");
    }

    [ProviderFact]
    public async Task It_leads_to_addresses_of_this_server_only_and_survives_a_provider_that_is_down()
    {
        using var owner = await StartAsync();
        await ClaimsAsync(new { sub = "owner", email = "owner@example.org", email_verified = true });
        using var person = _server.Browser();
        (await SignInAsync(person, "https://evil.example/")).ShouldBe("/");
        await _server.DisposeAsync();

        using var _ = await StartAsync("--SingleSignOn:Authority=http://localhost:1");
        using var unlucky = _server.Browser();
        (await unlucky.GetAsync("/access/single-sign-on")).Headers.Location!.ToString().ShouldBe("/access/sign-in?error=single-sign-on");
    }

    private async Task<HttpClient> StartAsync(params string[] settings)
    {
        _server = await TestServer.StartAsync(demo: false, dataFolder: null,
            [$"--SingleSignOn:Authority={_authority}", "--SingleSignOn:ClientId=tangent", "--SingleSignOn:ClientSecret=secret", .. settings]);
        return await _server.ComeInAsync("owner@example.org", Role.Owner);
    }

    /// <summary>What the provider says of whoever signs in next.</summary>
    private async Task ClaimsAsync(object claims)
    {
        await _provider.StandardInput.WriteLineAsync(JsonSerializer.Serialize(claims));
        (await _provider.StandardOutput.ReadLineAsync()).ShouldBe("claims");
    }

    /// <summary>Goes the way of a browser: to the provider, back with a code, in.</summary>
    /// <returns>Where it ends.</returns>
    private async Task<string> SignInAsync(HttpClient browser, string returnUrl)
    {
        var address = "/access/single-sign-on?returnUrl=" + Uri.EscapeDataString(returnUrl);
        for (var hop = 0; hop < 6; hop++)
        {
            var answer = await browser.GetAsync(address);
            answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, address);
            address = answer.Headers.Location!.ToString();
            var isOnTheWay = address.StartsWith(_authority, StringComparison.Ordinal) || address.Contains("/access/single-sign-on/", StringComparison.Ordinal);
            if (address.StartsWith(_authority, StringComparison.Ordinal)) address.ShouldContain("code_challenge=");
            if (!isOnTheWay) return address;
        }

        throw new InvalidOperationException("The way does not end.");
    }

    private static async Task<string> RoleAsync(HttpClient person) =>
        (await (await person.GetAsync("/api/v1/access/me")).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("role").GetString()!;
}
