using System.Net;
using System.Net.Http.Headers;

namespace Tangent.Tests.Web;

public sealed class ErrorPagesTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("en", "There is no such page")]
    [InlineData("de", "Diese Seite gibt es nicht")]
    [InlineData("pl", "Nie ma takiej strony")]
    public async Task An_unknown_page_says_so_in_the_readers_language(string language, string says)
    {
        var answer = await GetAsync("/nowhere/at/all", "text/html", language);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()).ShouldContain(says);
    }

    [Theory]
    [InlineData("/api/v1/nowhere", "text/html")]
    [InlineData("/nowhere", "application/json")]
    public async Task A_program_gets_problem_details(string address, string accept)
    {
        var answer = await GetAsync(address, accept, "en");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused_with_a_page()
    {
        using var form = new HttpRequestMessage(HttpMethod.Post, "/preferences") { Content = new FormUrlEncodedContent([new("language", "de")]) };
        form.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        var answer = await server.Http.SendAsync(form);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("This request cannot be used");
    }

    [Fact]
    public async Task A_page_says_when_its_answers_are_not_complete_yet()
    {
        var catchingUp = server.Get<Tangent.Web.CatchingUp>();
        var measure = catchingUp.Measure;
        catchingUp.Measure = () => (250_000, 1_000_000);
        var behind = await server.Http.GetStringAsync("/unify/customers?search=a");
        catchingUp.Measure = measure;
        behind.ShouldContain("25.0 %");
        behind.ShouldContain("made anew");
        (await server.Http.GetStringAsync("/unify/customers?search=a")).ShouldNotContain("made anew");
    }

    [Fact]
    public async Task A_damaged_cookie_or_language_does_no_harm()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/map/touchpoints?lang=xx");
        request.Headers.Add("Cookie", "lang=%00; theme=\"purple\"");
        (await server.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<HttpResponseMessage> GetAsync(string address, string accept, string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
        return await server.Http.SendAsync(request);
    }
}
