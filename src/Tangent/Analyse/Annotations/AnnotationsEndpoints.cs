using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Analyse;

/// <summary>An annotation as the API shows and takes it.</summary>
/// <param name="Day">Day of the company's time zone.</param>
/// <param name="Text">What happened.</param>
/// <param name="Touchpoint">Name of the touchpoint it concerns; empty for all.</param>
/// <param name="By">Who wrote it.</param>
public sealed record AnnotationModel(int Id, DateOnly? Day, string? Text, string? Touchpoint = "", string By = "")
{
    internal static AnnotationModel Of(Annotation a) => new(a.Id, a.Day, a.Text, a.Touchpoint, a.By);
}

public sealed record AnnotationsAnswer(IReadOnlyList<AnnotationModel> Items);

/// <param name="Entered">What was entered but not kept.</param>
/// <param name="Error">Why.</param>
public sealed record AnnotationsModel(IReadOnlyList<AnnotationModel> Items, IReadOnlyList<Choice> Touchpoints, AnnotationForm Entered, string? Error = null);

/// <summary>The fields of the form.</summary>
public sealed class AnnotationForm
{
    public DateOnly? Day { get; set; }

    public string? Text { get; set; }

    public string? Touchpoint { get; set; }
}

internal static class AnnotationsEndpoints
{
    public static void MapAnnotations(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/annotations").WithTags("Analyse");
        api.MapGet("", ListAsync).WithName("ListAnnotations").WithSummary("Annotations: days on which something changed, as the charts over time show them; the latest first.");
        api.MapPost("", AddAsync).WithName("AddAnnotation").RequireAuthorization(Rights.Contribute).WithSummary("Adds an annotation.");
        api.MapDelete("/{id:int}", RemoveAsync).WithName("RemoveAnnotation").RequireAuthorization(Rights.Contribute).WithSummary("Removes an annotation.");
        var pages = app.MapGroup("/analyse/annotations").ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapPost("", AddByFormAsync).RequireAuthorization(Rights.Contribute);
        pages.MapPost("/{id:int}/removal", RemoveByFormAsync).RequireAuthorization(Rights.Contribute);
    }

    private static async Task<Ok<AnnotationsAnswer>> ListAsync(AnnotationQueries annotations, CancellationToken ct) =>
        TypedResults.Ok(new AnnotationsAnswer([.. (await annotations.ListAsync(ct)).Select(AnnotationModel.Of)]));

    private static async Task<Results<Created<AnnotationModel>, ProblemHttpResult>> AddAsync(HttpContext http, AnnotationModel body, AnnotationQueries annotations, CancellationToken ct)
    {
        if (Annotation.Wrong(body.Day, body.Text, body.Touchpoint) is { } wrong) return Problems.Invalid(wrong.Field, wrong.Detail);
        var annotation = await KeepAsync(http, body.Day!.Value, body.Text!, body.Touchpoint, annotations, ct);
        return TypedResults.Created($"/api/v1/analyse/annotations/{annotation.Id}", AnnotationModel.Of(annotation));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(int id, AnnotationQueries annotations, CancellationToken ct) =>
        await annotations.RemoveAsync(id, ct) ? TypedResults.NoContent() : Problems.NotFound($"There is no annotation {id}.");

    private static async Task<IResult> ShowAsync(HttpContext http, AnnotationQueries annotations, TouchpointCatalogue catalogue, CancellationToken ct) =>
        http.Show<AnnotationsPage>(await ModelAsync(annotations, catalogue, new AnnotationForm { Day = DateOnly.FromDateTime(http.Page().Local(DateTime.UtcNow)) }, ct));

    private static async Task<IResult> AddByFormAsync(HttpContext http, [FromForm] AnnotationForm form, AnnotationQueries annotations, TouchpointCatalogue catalogue, CancellationToken ct)
    {
        if (Annotation.Wrong(form.Day, form.Text, form.Touchpoint) is { } wrong)
            return http.Show<AnnotationsPage>(await ModelAsync(annotations, catalogue, form, ct) with { Error = wrong.Detail }, StatusCodes.Status422UnprocessableEntity);
        await KeepAsync(http, form.Day!.Value, form.Text!, form.Touchpoint, annotations, ct);
        return TypedResults.LocalRedirect("/analyse/annotations");
    }

    // Taking the form, though it is empty but for its token, makes the framework check that.
    private static async Task<IResult> RemoveByFormAsync(int id, IFormCollection form, AnnotationQueries annotations, CancellationToken ct)
    {
        await annotations.RemoveAsync(id, ct);
        return TypedResults.LocalRedirect("/analyse/annotations");
    }

    private static async Task<Annotation> KeepAsync(HttpContext http, DateOnly day, string text, string? touchpoint, AnnotationQueries annotations, CancellationToken ct)
    {
        var annotation = new Annotation { Day = day, Text = text.Trim(), Touchpoint = touchpoint?.Trim() ?? "", By = http.Page().UserName ?? "", CreatedUtc = DateTime.UtcNow };
        await annotations.AddAsync(annotation, ct);
        return annotation;
    }

    private static async Task<AnnotationsModel> ModelAsync(AnnotationQueries annotations, TouchpointCatalogue catalogue, AnnotationForm entered, CancellationToken ct) =>
        new([.. (await annotations.ListAsync(ct)).Select(AnnotationModel.Of)], catalogue.Touchpoints.Select(t => t.Name).Order(StringComparer.CurrentCulture).Choices(), entered);
}
