using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Map;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <param name="Personas">All of them.</param>
/// <param name="Error">Why a file was not taken.</param>
public sealed record PersonasModel(IReadOnlyList<PersonaModel> Personas, string? Error = null);

/// <param name="Persona">The persona.</param>
/// <param name="Nobody">Why it cannot be said whom it stands for; null where it can.</param>
/// <param name="Maps">The journey maps that are of it.</param>
/// <param name="Error">Why a picture was not kept.</param>
public sealed record PersonaPageModel(PersonaModel Persona, string? Nobody, IReadOnlyList<JourneyMapLine> Maps, string? Error = null);

/// <param name="Id">Number of the persona; 0 for a new one.</param>
/// <param name="Entry">What was entered.</param>
/// <param name="Segments">Names of the segments it can stand for.</param>
/// <param name="Error">Why it was not kept.</param>
public sealed record PersonaFormModel(int Id, PersonaEntry Entry, IReadOnlyList<string> Segments, string? Error = null);

/// <param name="Items">The personas.</param>
/// <param name="Chosen">Number of the one that is chosen.</param>
public sealed record PersonaChoicesModel(IReadOnlyList<PersonaMark> Items, string Chosen);

/// <summary>The fields of the form; lists have one item a line.</summary>
public sealed class PersonaForm
{
    public string? Name { get; set; }

    public string? Description { get; set; }

    public string? Goals { get; set; }

    public string? Needs { get; set; }

    public string? Frustrations { get; set; }

    public string? Quote { get; set; }

    public string? Segment { get; set; }

    public BuyingRole? Role { get; set; }

    internal PersonaEntry Entry => new(Name ?? "", Description ?? "", Persona.Lines(Goals), Persona.Lines(Needs), Persona.Lines(Frustrations), Quote ?? "", Segment ?? "", Role);
}

internal static class PersonaPagesEndpoints
{
    private const string Path = "/map/personas";

    public static void MapPersonaPages(this WebApplication app)
    {
        var pages = app.MapGroup(Path).ExcludeFromDescription();
        pages.MapGet("", (HttpContext http, PersonaBook book, CancellationToken ct) => ListAsync(http, book, null, ct));
        pages.MapPost("", (HttpContext http, [FromForm] PersonaForm form, PersonaQueries personas, PersonaBook book, SegmentCatalogue segments, CancellationToken ct) => SaveAsync(0, http, form, personas, book, segments, ct)).RequireAuthorization(Rights.Edit);
        pages.MapGet("/new", (HttpContext http, SegmentCatalogue segments) => Form(http, 0, new PersonaForm().Entry, segments, null)).RequireAuthorization(Rights.Edit);
        pages.MapGet("/choices", (HttpContext http, PersonaCatalogue catalogue, string? chosen) => http.Show<PersonaChoices>(new PersonaChoicesModel([.. catalogue.All.Select(p => p.Mark)], chosen ?? "")));
        pages.MapPost("/import", ImportAsync).RequireAuthorization(Rights.Edit);
        pages.MapGet("/{id:int}", (int id, HttpContext http, [AsParameters] Parts parts, CancellationToken ct) => ShowAsync(id, http, parts, null, ct));
        pages.MapGet("/{id:int}/edit", EditAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/{id:int}", SaveAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/{id:int}/removal", RemoveAsync).RequireAuthorization(Rights.Edit);
        pages.MapGet("/{id:int}/picture", PictureAsync);
        pages.MapPost("/{id:int}/picture", PutPictureAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/{id:int}/picture/removal", RemovePictureAsync).RequireAuthorization(Rights.Edit);
    }

    /// <summary>What a persona's page is put together from.</summary>
    internal sealed record Parts(PersonaQueries Personas, PersonaBook Book, PersonaMembers Members, JourneyMapQueries Maps);

    private static async Task<IResult> ListAsync(HttpContext http, PersonaBook book, string? error, CancellationToken ct) =>
        http.Show<PersonasPage>(new PersonasModel(await book.ListAsync(ct), error), error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, Path);

    private static async Task<IResult> ShowAsync(int id, HttpContext http, Parts parts, string? error, CancellationToken ct)
    {
        if (await parts.Personas.FindAsync(id, ct) is not { } persona) return TypedResults.NotFound();
        var nobody = (await parts.Members.SizeAsync(persona, ct)).Refusal?.Detail;
        var maps = (await parts.Maps.ListAsync(ct)).FindAll(m => MapContent.Read(m.Content).Personas.Contains(id)).ConvertAll(JourneyMapLine.Of);
        return http.Show<PersonaPage>(new PersonaPageModel(await parts.Book.ModelAsync(persona, ct), nobody, maps, error), error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, $"{Path}/{id}");
    }

    private static async Task<IResult> EditAsync(int id, HttpContext http, PersonaQueries personas, PersonaBook book, SegmentCatalogue segments, CancellationToken ct) =>
        await personas.FindAsync(id, ct) is { } persona ? Form(http, id, book.EntryOf(persona), segments, null) : TypedResults.NotFound();

    private static RazorComponentResult<PageHost> Form(HttpContext http, int id, PersonaEntry entry, SegmentCatalogue segments, string? error) =>
        http.Show<PersonaFormPage>(new PersonaFormModel(id, entry, [.. segments.All.Select(s => s.Name)], error), error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> SaveAsync(int id, HttpContext http, [FromForm] PersonaForm form, PersonaQueries personas, PersonaBook book, SegmentCatalogue segments, CancellationToken ct)
    {
        var persona = id == 0 ? new Persona { Name = "" } : await personas.FindAsync(id, ct);
        if (persona is null) return TypedResults.NotFound();
        if (await book.KeepAsync(persona, form.Entry, Actor.Of(http.User), ct) is { } refusal) return Form(http, id, form.Entry, segments, refusal.Field == "name" ? T("Unify.Personas.NameWrong", Persona.NameLength) : refusal.Detail);
        return TypedResults.LocalRedirect($"{Path}/{persona.Id}");
    }

    private static async Task<IResult> ImportAsync(HttpContext http, IFormCollection form, PersonaBook book, CancellationToken ct)
    {
        using var reader = new StreamReader(form.Files.GetFile("file")?.OpenReadStream() ?? Stream.Null);
        if (PersonaYaml.TryRead(await reader.ReadToEndAsync(ct), out var fault) is not { } entries) return await ListAsync(http, book, T("Map.Journey.FileWrong", fault!), ct);
        var taken = await book.TakeAsync(entries, false, Actor.Of(http.User), ct);
        return taken.Refusal is { } refusal ? await ListAsync(http, book, T("Map.Journey.FileWrong", refusal.Detail), ct) : TypedResults.LocalRedirect(Path);
    }

    // Taking the form, though it is empty but for its token, makes the framework check that.
    private static async Task<IResult> RemoveAsync(int id, IFormCollection form, PersonaQueries personas, CancellationToken ct)
    {
        await personas.RemoveAsync(id, ct);
        return TypedResults.LocalRedirect(Path);
    }

    private static async Task<IResult> PictureAsync(int id, HttpContext http, string? v, PersonaQueries personas, CancellationToken ct)
    {
        if (await personas.PictureAsync(id, ct) is not { } picture) return TypedResults.NotFound();
        var headers = http.Response.Headers;
        // Opened by itself an SVG is a document: it may do nothing but draw.
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        headers.CacheControl = v is { Length: > 0 } ? "private, max-age=31536000, immutable" : "no-cache";
        return TypedResults.Bytes(picture.Picture, picture.MediaType);
    }

    private static async Task<IResult> PutPictureAsync(int id, HttpContext http, IFormCollection form, [AsParameters] Parts parts, CancellationToken ct)
    {
        if (await parts.Personas.FindAsync(id, ct) is null) return TypedResults.NotFound();
        await using var body = form.Files["file"]?.OpenReadStream() ?? Stream.Null;
        return await parts.Book.KeepPictureAsync(id, body, ct) is { } problem ? await ShowAsync(id, http, parts, problem, ct) : TypedResults.LocalRedirect($"{Path}/{id}");
    }

    private static async Task<IResult> RemovePictureAsync(int id, IFormCollection form, PersonaQueries personas, CancellationToken ct)
    {
        if (await personas.FindAsync(id, ct) is null) return TypedResults.NotFound();
        await personas.KeepPictureAsync(id, null, ct);
        return TypedResults.LocalRedirect($"{Path}/{id}");
    }
}
