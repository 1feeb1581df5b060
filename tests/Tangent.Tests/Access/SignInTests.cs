using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Access;

namespace Tangent.Tests.Access;

public sealed class SignInTests
{
    [Fact]
    public async Task The_first_owner_comes_in_by_a_link_that_works_once()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        await using var scope = server.Services.CreateAsyncScope();
        var token = await scope.ServiceProvider.GetRequiredService<InvitationQueries>().CreateAsync(null, Role.Owner, CancellationToken.None);
        var link = InvitationsEndpoints.Link(token);

        (await server.Http.SubmitAsync(link, ("email", "not an address"), ("password", "long enough words"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.SubmitAsync(link, ("email", "owner@example.org"), ("password", "short"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var created = await server.Http.SubmitAsync(link, ("email", "owner@example.org"), ("password", "long enough words"));
        created.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        created.Headers.Location!.ToString().ShouldBe("/");
        (await server.Http.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_five_lock_the_account()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        await using var scope = server.Services.CreateAsyncScope();
        var token = await scope.ServiceProvider.GetRequiredService<InvitationQueries>().CreateAsync("a@example.org", Role.Viewer, CancellationToken.None);
        await server.Http.SubmitAsync(InvitationsEndpoints.Link(token), ("password", "long enough words"));
        using var stranger = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address };
        for (var i = 0; i < 5; i++)
            (await stranger.SubmitAsync("/access/sign-in", ("email", "a@example.org"), ("password", "wrong wrong wrong"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var locked = await stranger.SubmitAsync("/access/sign-in", ("email", "a@example.org"), ("password", "long enough words"));
        locked.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await locked.Content.ReadAsStringAsync()).ShouldContain("Too many attempts");
    }

    [Fact]
    public async Task Whether_an_address_belongs_to_anybody_cannot_be_told_by_trying()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        using var _ = await server.ComeInAsync("a@example.org", Role.Viewer);
        async Task<List<string>> AnswersAsync(string email)
        {
            var answers = new List<string>();
            using var stranger = server.Browser();
            for (var i = 0; i < 7; i++)
            {
                var answer = await stranger.SubmitAsync("/access/sign-in", ("email", email), ("password", "wrong wrong wrong"));
                var alert = System.Text.RegularExpressions.Regex.Match(await answer.Content.ReadAsStringAsync(), "</svg>([^<]+)</div>").Groups[1].Value;
                answers.Add($"{(int)answer.StatusCode} {alert}");
            }

            return answers;
        }

        var known = await AnswersAsync("a@example.org");
        known[^1].ShouldContain("Too many attempts");
        known[0].ShouldNotBe(known[^1]);
        (await AnswersAsync("nobody@example.org")).ShouldBe(known);
    }

    [Fact]
    public async Task A_known_address_is_not_told_by_failures_of_long_ago_either()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        using var _ = await server.ComeInAsync("a@example.org", Role.Viewer);
        using var stranger = server.Browser();
        foreach (var email in (string[])["a@example.org", "nobody@example.org"])
        {
            for (var i = 1; i < SignInThrottle.MostFailures; i++) await stranger.SubmitAsync("/access/sign-in", ("email", email), ("password", "wrong wrong wrong"));
            // As after ten minutes.
            server.Get<SignInThrottle>().Forget(email);
            var answer = await (await stranger.SubmitAsync("/access/sign-in", ("email", email), ("password", "wrong wrong wrong"))).Content.ReadAsStringAsync();
            answer.ShouldNotContain("Too many attempts", customMessage: email);
        }

        (await stranger.SubmitAsync("/access/sign-in", ("email", new string('a', 300) + "@example.org"), ("password", "wrong wrong wrong"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Without_signing_in_pages_lead_to_the_sign_in_page_and_the_api_answers_401()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        (await server.Http.GetAsync("/access/sign-out")).StatusCode.ShouldNotBe(HttpStatusCode.OK);
        var api = await server.Http.PostAsync("/api/v1/access/users", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));
        api.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("GET", "/v1/nope", HttpStatusCode.NotFound)]
    [InlineData("POST", "/v1/nope", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/track", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "/v1/batch", HttpStatusCode.MethodNotAllowed)]
    public async Task A_call_that_is_none_leads_nobody_to_the_sign_in_page(string method, string address, HttpStatusCode status)
    {
        await using var server = await TestServer.StartAsync(demo: false);
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        request.Headers.Accept.ParseAdd("text/html");
        var answer = await server.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        if (status == HttpStatusCode.MethodNotAllowed) answer.Content.Headers.Allow.ShouldContain("POST");
    }

    [Fact]
    public async Task The_first_owners_link_is_for_nobody_once_there_is_a_user()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        await using var scope = server.Services.CreateAsyncScope();
        var invitations = scope.ServiceProvider.GetRequiredService<InvitationQueries>();
        var first = InvitationsEndpoints.Link(await invitations.CreateAsync(null, Role.Owner, CancellationToken.None));
        var other = InvitationsEndpoints.Link(await invitations.CreateAsync("b@example.org", Role.Owner, CancellationToken.None));
        (await server.Http.SubmitAsync(other, ("password", "long enough words"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await server.Http.GetAsync(first)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/map/touchpoints", "/map/touchpoints")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/x\r\nSet-Cookie: a=b", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("/map/é", "/map/%C3%A9")]
    public void Only_addresses_of_this_server_are_gone_back_to(string asked, string expected) => Tangent.Web.LocalAddress.Of(asked).ShouldBe(expected);
}
