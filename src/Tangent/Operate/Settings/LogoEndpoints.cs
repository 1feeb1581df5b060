using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Operate;

internal static class LogoEndpoints
{
    public static void MapLogo(this WebApplication app)
    {
        // Before signing in too: invitations and the sign-in page show it.
        app.MapGet("/logo", ShowAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapPut("/api/v1/operate/logo", PutAsync).RequireAuthorization(Rights.Own).WithTags("Operate")
            .WithSummary("Sets the company's logo: the body is a PNG or SVG of at most 256 KB. Of an SVG only what draws is kept.");
        app.MapDelete("/api/v1/operate/logo", RemoveAsync).RequireAuthorization(Rights.Own).WithTags("Operate").WithSummary("Takes the company's logo away.");
        var pages = app.MapGroup("/operate/settings/logo").RequireAuthorization(Rights.Own).ExcludeFromDescription();
        pages.MapPost("", PutFormAsync);
        pages.MapPost("/removal", RemoveFormAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, LogoQueries logos, string? v, CancellationToken ct)
    {
        if (await logos.FindAsync(ct) is not { } logo) return TypedResults.NotFound();
        var headers = http.Response.Headers;
        // Opened by itself an SVG is a document: it may do nothing but draw.
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        headers.CacheControl = v is not null && logo.Address.EndsWith(v, StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        return TypedResults.Bytes(logo.Picture, logo.MediaType);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> PutAsync(HttpRequest request, LogoQueries logos, CancellationToken ct) =>
        await KeepAsync(request.Body, logos, ct) is { } problem ? Problems.Invalid("body", problem) : TypedResults.NoContent();

    private static async Task<NoContent> RemoveAsync(LogoQueries logos, CancellationToken ct)
    {
        await logos.RemoveAsync(ct);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> PutFormAsync(HttpContext http, IFormCollection form, LogoQueries logos, SettingsForms forms, CancellationToken ct)
    {
        await using var body = form.Files["file"]?.OpenReadStream() ?? Stream.Null;
        return await KeepAsync(body, logos, ct) is { } problem
            ? http.Show<SettingsPage>(forms.Model(new SettingRefused("logo", problem)), StatusCodes.Status422UnprocessableEntity)
            : TypedResults.LocalRedirect("/operate/settings#logo");
    }

    private static async Task<RedirectHttpResult> RemoveFormAsync(LogoQueries logos, CancellationToken ct)
    {
        await logos.RemoveAsync(ct);
        return TypedResults.LocalRedirect("/operate/settings#logo");
    }

    private static async Task<string?> KeepAsync(Stream body, LogoQueries logos, CancellationToken ct)
    {
        var bytes = new byte[LogoPicture.MostBytes + 1];
        var read = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        if (read > LogoPicture.MostBytes) return T("Operate.Problem.LogoSize", LogoPicture.MostBytes / 1024);
        if (LogoPicture.Read(bytes[..read]) is not { } picture) return T("Operate.Problem.Logo");
        await logos.KeepAsync(picture, ct);
        return null;
    }
}
