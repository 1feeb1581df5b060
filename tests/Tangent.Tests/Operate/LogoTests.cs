using System.Net;
using System.Text;
using Tangent.Operate;

namespace Tangent.Tests.Operate;

public sealed class LogoTests
{
    private const string Evil = """
        <?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]>
        <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10" onload="alert(1)">
          <script>alert(2)</script><foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="alert(3)"/></foreignObject>
          <style>.a{fill:red} .b{background:url(https://evil.example/x)}</style><style>.c{fill:#123456}</style>
          <a href="javascript:alert(4)"><rect width="1" height="1"/></a><image href="https://evil.example/y.png"/>
          <use xlink:href="https://evil.example/z#a"/><use xlink:href="#ok"/>
          <g id="ok" fill="url(#grad)" stroke="url(https://evil.example/s)"><path d="M0 0h5v5z" style="fill:url('https://evil.example/f')" onclick="alert(5)" class="c"/></g>
          <animate attributeName="href" to="javascript:alert(6)"/>
        </svg>
        """;

    [Fact]
    public void Of_an_svg_only_what_draws_is_left()
    {
        var picture = LogoPicture.Read(Encoding.UTF8.GetBytes(Evil)).ShouldNotBeNull();
        var svg = Encoding.UTF8.GetString(picture.Bytes);
        picture.MediaType.ShouldBe("image/svg+xml");
        foreach (var bad in (string[])["script", "alert", "onload", "onclick", "evil", "foreignObject", "javascript", "image", "animate", "ENTITY"]) svg.ShouldNotContain(bad, Case.Insensitive);
        foreach (var good in (string[])["M0 0h5v5z", "url(#grad)", "href=\"#ok\"", ".c{fill:#123456}", "viewBox=\"0 0 10 10\""]) svg.ShouldContain(good);
    }

    [Theory]
    [InlineData("GIF89a")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><g></svg>")]
    [InlineData("<html></html>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><svg xmlns='http://www.w3.org/2000/svg'>&b;</svg>")]
    [InlineData("")]
    public void What_is_no_picture_is_refused(string file) => LogoPicture.Read(Encoding.UTF8.GetBytes(file)).ShouldBeNull();

    [Fact]
    public void A_png_is_taken_whole_or_not_at_all()
    {
        var png = Png();
        LogoPicture.Read(png)!.MediaType.ShouldBe("image/png");
        LogoPicture.Read(png[..^1]).ShouldBeNull();
        LogoPicture.Read([.. png, 0]).ShouldBeNull();
        var huge = png.ToArray();
        huge[16] = 1;
        LogoPicture.Read(huge).ShouldBeNull("it claims to be millions of points wide");
    }

    [Fact]
    public async Task The_logo_is_on_every_page_before_and_after_signing_in_and_may_do_nothing()
    {
        await using var server = await TestServer.StartAsync();
        (await server.Http.GetAsync("/logo")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var put = await server.Http.PutAsync("/api/v1/operate/logo", new ByteArrayContent(Encoding.UTF8.GetBytes(Evil)));
        put.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var page = await server.Http.GetStringAsync("/collect/sources");
        var address = System.Text.RegularExpressions.Regex.Match(page, "/logo\\?v=[0-9a-f]{12}").Value;
        address.ShouldNotBeEmpty();
        (await server.Http.GetStringAsync("/access/sign-in")).ShouldContain(address);
        using var logo = await server.Http.GetAsync(address);
        logo.Content.Headers.ContentType!.MediaType.ShouldBe("image/svg+xml");
        logo.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        (await server.Http.DeleteAsync("/api/v1/operate/logo")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await server.Http.GetStringAsync("/collect/sources")).ShouldNotContain("/logo?v=");
        using var large = await server.Http.PutAsync("/api/v1/operate/logo", new ByteArrayContent(new byte[300 << 10]));
        large.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    /// <summary>One point, one colour.</summary>
    private static byte[] Png() => Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
}
