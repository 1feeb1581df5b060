using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Tangent.Web;

namespace Tangent.Tests.Web;

/// <summary>The documentation in the program: everything that leads into it leads somewhere.</summary>
public sealed partial class ManualDocsTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly Manual Book = new();

    [Fact]
    public void Every_file_of_the_documentation_is_a_page()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Path.Combine(Repository.Root, "docs"), f).Replace('\\', '/')[..^3]);
        Book.Pages.Keys.Order().ShouldBe(files.Order());
    }

    [Fact]
    public void Every_link_in_a_page_leads_to_a_page_a_section_or_a_picture()
    {
        var broken = new List<string>();
        foreach (var page in Book.Pages.Values)
        {
            foreach (Match link in Link().Matches(page.Html))
            {
                var url = WebUtility.HtmlDecode(link.Groups["url"].Value);
                if (url.StartsWith("http", StringComparison.Ordinal) || url == "/docs") continue;
                if (url.StartsWith("/docs/images/", StringComparison.Ordinal) ? Manual.Picture(url[13..]) is null : !Leads(page, url)) broken.Add($"{page.Name}: {url}");
            }
        }

        broken.ShouldBeEmpty();
    }

    [Fact]
    public void Markup_in_a_document_stays_text() =>
        ManualText.Read("x", "en", "# A\n\n<script>alert(1)</script> [x](javascript:alert(1)) ![y](../../secret.png)", new HashSet<string>()).Html.ShouldNotContain("<script", Case.Insensitive);

    [Fact]
    public void A_link_that_runs_something_is_no_link() =>
        ManualText.Read("x", "en", "[x](javascript:alert(1)) [y](/access) [z](data:text/html,a)", new HashSet<string>()).Html.ShouldNotContain("href");

    [Theory]
    [InlineData("analyst.de.md")]
    [InlineData("analyst.md")]
    public void A_link_to_a_translation_leads_to_the_page_which_chooses_the_language(string file) =>
        ManualText.Read("start/x", "de", $"[x]({file})", new HashSet<string> { "start/" + file }).Html.ShouldContain("href=\"/docs/start/analyst\"");

    [Fact]
    public void Every_page_has_a_question_mark_that_opens_a_section()
    {
        var pages = server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.IHttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
            .Select(e => "/" + e.RoutePattern.RawText!.Trim('/'))
            .Where(r => !r.StartsWith("/api/", StringComparison.Ordinal) && !r.StartsWith("/v1", StringComparison.Ordinal) && !r.StartsWith("/docs", StringComparison.Ordinal)
                && !r.StartsWith("/openapi", StringComparison.Ordinal) && !r.StartsWith("/health", StringComparison.Ordinal) && r is not ("/metrics" or "/logo") && !r.StartsWith("/lib/", StringComparison.Ordinal) && !Path.HasExtension(r) && !r.Contains("**", StringComparison.Ordinal)).Distinct().ToList();
        pages.Count.ShouldBeGreaterThan(30);
        pages.Where(p => HelpTopics.AddressFor(p, Book) is not { } address || !Leads(Book.Pages["api"], address)).ShouldBeEmpty("add the page to HelpTopics, or its document to docs/");
    }

    [Theory]
    [InlineData("/docs", "Documentation")]
    [InlineData("/docs/questions", "Funnel")]
    [InlineData("/docs/start/analyst", "funnel")]
    [InlineData("/docs/adr/0004-libraries", "Libraries")]
    [InlineData("/docs?search=unit+of+analysis", "The filter and the unit of analysis")]
    [InlineData("/docs?search=zzzzz", "zzzzz")]
    [InlineData("/docs?search=%3Cscript%3E", "&lt;script&gt;")]
    public async Task It_is_read_and_searched(string address, string says) => (await server.Http.GetStringAsync(address)).ShouldContain(says);

    [Theory]
    [InlineData("/docs/nowhere")]
    [InlineData("/docs/images/nowhere.webp")]
    [InlineData("/docs/images/..%2Fapi.md")]
    [InlineData("/docs/../../etc/passwd")]
    [InlineData("/docs/start/analyst.xx")]
    public async Task What_it_does_not_have_is_not_found(string address) => (await server.Http.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task A_picture_is_a_picture() => (await server.Http.GetAsync("/docs/images/paths.webp")).Content.Headers.ContentType!.MediaType.ShouldBe("image/webp");

    [Theory]
    [InlineData("de", "Schnelleinstieg")]
    [InlineData("pl", "Szybki start")]
    public async Task A_quick_start_is_read_in_the_readers_language(string language, string says) =>
        WebUtility.HtmlDecode(await server.Http.GetStringAsync($"/docs/start/analyst?lang={language}")).ShouldContain(says);

    private static bool Leads(ManualPage from, string url)
    {
        var (path, anchor) = url.Split('#') is [var p, var a] ? (p, a) : (url, "");
        var page = path.Length == 0 ? from : path.StartsWith("/docs/", StringComparison.Ordinal) ? Book.Find(path[6..]) : null;
        return page is not null && (anchor.Length == 0 || page.Sections.Any(s => s.Anchor == anchor));
    }

    [GeneratedRegex("(?:href|src)=\"(?<url>[^\"]*)\"")]
    private static partial Regex Link();
}
