using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Map;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

public sealed record PersonasAnswer(IReadOnlyList<PersonaModel> Items);

/// <param name="File">Personas as YAML.</param>
/// <param name="DryRun">Say only what would be done.</param>
public sealed record PersonasFile(string? File, bool DryRun = false);

/// <summary>Personas lie on maps, but whom they stand for only this stage knows: so what shows and takes them stands here.</summary>
internal static class PersonasEndpoints
{
    private const string Path = "/api/v1/map/personas";

    public static void MapPersonas(this WebApplication app)
    {
        var api = app.MapGroup(Path).WithTags("Map");
        api.MapGet("", async (PersonaBook book, CancellationToken ct) => TypedResults.Ok(new PersonasAnswer(await book.ListAsync(ct)))).WithName("ListPersonas").WithSummary("The personas by name, each with how many customers it stands for now.");
        api.MapPost("", AddAsync).RequireAuthorization(Rights.Edit).WithName("AddPersona").WithSummary("Adds a persona. Its segment is named by its name; its picture is set by an address of its own.");
        api.MapGet("/file", Export).WithName("ExportPersonas").Produces<string>(200, "application/yaml").WithSummary("All personas as YAML, without pictures.");
        api.MapPost("/imports", ImportAsync).RequireAuthorization(Rights.Edit).WithName("ImportPersonas").WithSummary("Takes personas from YAML, all or none; one of the same name is changed.");
        api.MapGet("/{id:int}", FindAsync).WithName("ShowPersona").WithSummary("One persona with how many customers it stands for now.");
        api.MapPut("/{id:int}", ChangeAsync).RequireAuthorization(Rights.Edit).WithName("ChangePersona").WithSummary("Changes a persona: every field gets what is sent.");
        api.MapDelete("/{id:int}", RemoveAsync).RequireAuthorization(Rights.Edit).WithName("RemovePersona").WithSummary("Removes a persona; maps that named it are of everybody then.");
        api.MapPut("/{id:int}/picture", PutPictureAsync).RequireAuthorization(Rights.Edit).WithName("SetPictureOfPersona").WithSummary("Sets the picture of a persona: the body is a PNG or SVG of at most 256 KB. Of an SVG only what draws is kept.");
        api.MapDelete("/{id:int}/picture", RemovePictureAsync).RequireAuthorization(Rights.Edit).WithName("RemovePictureOfPersona").WithSummary("Takes the picture of a persona away.");
    }

    private static async Task<Results<Ok<PersonaModel>, ProblemHttpResult>> FindAsync(int id, PersonaQueries personas, PersonaBook book, CancellationToken ct) =>
        await personas.FindAsync(id, ct) is { } persona ? TypedResults.Ok(await book.ModelAsync(persona, ct)) : Missing(id);

    private static async Task<Results<Created<PersonaModel>, ProblemHttpResult>> AddAsync(PersonaModel body, HttpContext http, PersonaBook book, CancellationToken ct)
    {
        var persona = new Persona { Name = "" };
        if (await book.KeepAsync(persona, body.Entry, Actor.Of(http.User), ct) is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        return TypedResults.Created($"{Path}/{persona.Id}", await book.ModelAsync(persona, ct));
    }

    private static async Task<Results<Ok<PersonaModel>, ProblemHttpResult>> ChangeAsync(int id, PersonaModel body, HttpContext http, PersonaQueries personas, PersonaBook book, CancellationToken ct)
    {
        if (await personas.FindAsync(id, ct) is not { } persona) return Missing(id);
        if (await book.KeepAsync(persona, body.Entry, Actor.Of(http.User), ct) is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        return TypedResults.Ok(await book.ModelAsync(persona, ct));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(int id, PersonaQueries personas, CancellationToken ct)
    {
        if (await personas.FindAsync(id, ct) is null) return Missing(id);
        await personas.RemoveAsync(id, ct);
        return TypedResults.NoContent();
    }

    private static FileContentHttpResult Export(PersonaBook book, PersonaCatalogue catalogue) =>
        TypedResults.File(Encoding.UTF8.GetBytes(PersonaYaml.Write(catalogue.All.Select(book.EntryOf))), "application/yaml; charset=utf-8", "personas.yaml");

    private static async Task<Results<Ok<PersonasImported>, ProblemHttpResult>> ImportAsync(PersonasFile body, HttpContext http, PersonaBook book, CancellationToken ct)
    {
        if (PersonaYaml.TryRead(body.File ?? "", out var fault) is not { } entries) return Problems.Invalid("file", fault!.ToString());
        var taken = await book.TakeAsync(entries, body.DryRun, Actor.Of(http.User), ct);
        return taken.Refusal is { } refusal ? Problems.Invalid(refusal.Field, refusal.Detail) : TypedResults.Ok(taken.Answer!);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> PutPictureAsync(int id, HttpRequest request, PersonaQueries personas, PersonaBook book, CancellationToken ct)
    {
        if (await personas.FindAsync(id, ct) is null) return Missing(id);
        return await book.KeepPictureAsync(id, request.Body, ct) is { } problem ? Problems.Invalid("body", problem) : TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemovePictureAsync(int id, PersonaQueries personas, CancellationToken ct)
    {
        if (await personas.FindAsync(id, ct) is null) return Missing(id);
        await personas.KeepPictureAsync(id, null, ct);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult Missing(int id) => Problems.NotFound(T("Unify.Personas.Unknown", id));
}
