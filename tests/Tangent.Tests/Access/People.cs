using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Access;

namespace Tangent.Tests.Access;

/// <summary>People with accounts on a server that asks to sign in.</summary>
internal static partial class People
{
    public const string Password = "long enough words";

    /// <summary>A browser of its own, as far as cookies go.</summary>
    public static HttpClient Browser(this TestServer server) =>
        new(new HttpClientHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = server.Address };

    /// <summary>Invites a person, who opens the link and chooses a password.</summary>
    public static async Task<HttpClient> ComeInAsync(this TestServer server, string email, Role role)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var token = await scope.ServiceProvider.GetRequiredService<InvitationQueries>().CreateAsync(email, role, CancellationToken.None);
        var browser = server.Browser();
        (await browser.SubmitAsync(InvitationsEndpoints.Link(token), ("password", Password))).StatusCode.ShouldBe(System.Net.HttpStatusCode.Redirect);
        return browser;
    }

    /// <summary>Opens a page and submits its form, token included.</summary>
    public static Task<HttpResponseMessage> SubmitAsync(this HttpClient browser, string page, params (string Name, string Value)[] fields) =>
        browser.SubmitAsync(page, page, fields);

    /// <summary>Opens a page and submits a form of it that goes to another address.</summary>
    public static async Task<HttpResponseMessage> SubmitAsync(this HttpClient browser, string page, string action, params (string Name, string Value)[] fields)
    {
        var antiforgery = Token().Match(await (await browser.GetAsync(page)).Content.ReadAsStringAsync()).Groups[1].Value;
        return await browser.PostAsync(action, new FormUrlEncodedContent([.. fields.Select(f => KeyValuePair.Create(f.Name, f.Value)), new("__RequestVerificationToken", antiforgery)]));
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
