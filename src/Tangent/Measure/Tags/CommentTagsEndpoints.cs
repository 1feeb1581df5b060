using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <param name="Tags">All tags of the comment; none takes them off.</param>
public sealed record CommentTags(IReadOnlyList<string>? Tags);

/// <param name="Items">The tags, those of most comments first.</param>
public sealed record TagsAnswer(IReadOnlyList<TagCount> Items);

/// <summary>Tags as they are written on the page, with commas between.</summary>
public sealed class TagsForm
{
    public string? Tags { get; set; }

    public string? ReturnUrl { get; set; }
}

internal static class CommentTagsEndpoints
{
    public static void MapCommentTags(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/measure/comments").WithTags("Measure");
        api.MapGet("/tags", ListAsync).WithName("ListCommentTags").WithSummary("The tags that comments have, and how many have each.");
        api.MapPut("/{position:long}/tags", SetAsync).RequireAuthorization(Rights.Contribute).WithName("TagComment").WithSummary("Puts tags on a comment, which is named by its position in the event log; they replace those it had.");
        app.MapPost("/measure/comments/{position:long}/tags", SetOnPageAsync).RequireAuthorization(Rights.Contribute).ExcludeFromDescription();
    }

    private static async Task<Ok<TagsAnswer>> ListAsync(CommentTagQueries tags, CancellationToken ct) => TypedResults.Ok(new TagsAnswer(await tags.AllAsync(ct)));

    private static async Task<Results<Ok<CommentTags>, ProblemHttpResult>> SetAsync(HttpContext http, long position, CommentTags body, CommentTagQueries tags, CancellationToken ct)
    {
        if (CommentTag.Read(body.Tags ?? []) is not { } read) return Problems.Invalid("tags", Wrong);
        if (await tags.CommentAsync(position, ct) is not { } comment) return Problems.NotFound(T("Measure.Tags.NoComment", position));
        await tags.SetAsync(comment, read, http.Page().UserName ?? "", ct);
        return TypedResults.Ok(new CommentTags(read));
    }

    private static async Task<IResult> SetOnPageAsync(HttpContext http, long position, [FromForm] TagsForm form, CommentTagQueries tags, CancellationToken ct)
    {
        if (CommentTag.Read((form.Tags ?? "").Split(',')) is not { } read) return Problems.Invalid("tags", Wrong);
        if (await tags.CommentAsync(position, ct) is not { } comment) return Problems.NotFound(T("Measure.Tags.NoComment", position));
        await tags.SetAsync(comment, read, http.Page().UserName ?? "", ct);
        return TypedResults.LocalRedirect(LocalAddress.Of(form.ReturnUrl));
    }

    private static string Wrong => T("Measure.Tags.Wrong", CommentTag.MostOnAComment, CommentTag.MostCharacters);
}
