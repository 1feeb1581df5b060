using Microsoft.AspNetCore.Http.HttpResults;

namespace Tangent.Web;

/// <summary>The documentation, to be read and searched in the program.</summary>
internal static class DocsEndpoints
{
    public static void MapDocs(this WebApplication app)
    {
        var docs = app.MapGroup(Manual.Root).ExcludeFromDescription();
        docs.MapGet("", ShowAll);
        docs.MapGet("/images/{file}", Picture);
        docs.MapGet("/{**name}", Show);
    }

    private static RazorComponentResult<PageHost> ShowAll(HttpContext http, Manual manual, string? search)
    {
        var text = search?.Trim() ?? "";
        return http.Show<DocsPage>(new ManualModel(manual.Groups(), null, text, text.Length == 0 ? null : manual.Search(text)));
    }

    private static IResult Show(HttpContext http, Manual manual, string name) =>
        manual.Find(name) is { } page ? http.Show<DocsPage>(new ManualModel(manual.Groups(), page, "", null)) : TypedResults.NotFound();

    private static IResult Picture(HttpContext http, string file)
    {
        if (Manual.Picture(file) is not { } picture) return TypedResults.NotFound();
        http.Response.Headers.CacheControl = "max-age=3600";
        return TypedResults.Stream(picture, "image/webp");
    }
}
