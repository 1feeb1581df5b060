using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Data;
using Tangent.Web;

namespace Tangent.Operate;

/// <param name="Path">File or folder on the server; only for commands on the server itself. Without one the backup goes to the folder of the settings.</param>
internal sealed record NewBackup(string? Path);

/// <param name="Folder">Where backups without a path of their own go.</param>
internal sealed record BackupsView(string Folder, IReadOnlyList<BackupView> Items);

/// <param name="EveryHours">When the program makes backups by itself.</param>
/// <param name="Keep">How many of those it keeps.</param>
public sealed record BackupsModel(string Folder, IReadOnlyList<BackupView> Items, SettingField EveryHours, SettingField Keep, string? Refusal = null, BackupView? Made = null);

internal static class BackupsEndpoints
{
    public const string Page = "/operate/backups";

    public static void MapBackups(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/operate/backups").RequireAuthorization(Rights.Own).WithTags("Operate");
        api.MapGet("", List).WithSummary("Backups in the server's folder for them, the latest first.");
        api.MapPost("", MakeAsync).WithSummary("Makes a backup of everything while the program runs; the answer comes when it is written and was read again.");
        api.MapGet("/{name}", Download).Produces<byte[]>(contentType: "application/octet-stream").WithSummary("The backup as a file.");
        api.MapDelete("/{name}", Remove).WithSummary("Deletes a backup.");
        var pages = app.MapGroup(Page).RequireAuthorization(Rights.Own).ExcludeFromDescription();
        pages.MapGet("", (HttpContext http, Backups backups, SettingsForms forms) => http.Show<BackupsPage>(Model(backups, forms.Model())));
        pages.MapPost("", MakeFormAsync);
        pages.MapPost("/{name}/removal", RemoveForm);
    }

    /// <param name="backups">The backups.</param>
    /// <param name="fields">Fields of the settings, with what was entered into them and refused.</param>
    public static BackupsModel Model(Backups backups, SettingsModel fields) =>
        new(backups.DefaultFolder, backups.List(), fields["Backup:EveryHours"], fields["Backup:Keep"]);

    private static Ok<BackupsView> List(Backups backups) => TypedResults.Ok(new BackupsView(backups.DefaultFolder, backups.List()));

    private static async Task<Results<Created<BackupView>, ProblemHttpResult>> MakeAsync(HttpContext http, NewBackup? body, Backups backups, CancellationToken ct)
    {
        // A path is a word of whoever sits at the server; from afar it could overwrite or uncover what is there.
        if (body?.Path is not null && !LocalAuthentication.IsSocket(http)) return Problems.Invalid("path", "A path is taken only from the command line on the server.");
        var (backup, refusal) = await backups.MakeAsync(body?.Path, ct);
        return backup is not null ? TypedResults.Created($"/api/v1/operate/backups/{backup.Name}", backup) : Problems.Conflict(refusal!);
    }

    private static Results<PhysicalFileHttpResult, ProblemHttpResult> Download(string name, Backups backups) =>
        backups.Find(name) is { } backup ? TypedResults.PhysicalFile(backup.Path, "application/gzip", backup.Name) : Missing(name);

    private static Results<NoContent, ProblemHttpResult> Remove(string name, Backups backups)
    {
        if (backups.Find(name) is not { } backup) return Missing(name);
        File.Delete(backup.Path);
        return TypedResults.NoContent();
    }

    private static async Task<RazorComponentResult<PageHost>> MakeFormAsync(HttpContext http, Backups backups, SettingsForms forms, CancellationToken ct)
    {
        var (made, refusal) = await backups.MakeAsync(null, ct);
        return http.Show<BackupsPage>(Model(backups, forms.Model()) with { Made = made, Refusal = refusal });
    }

    private static IResult RemoveForm(string name, Backups backups)
    {
        if (backups.Find(name) is not { } backup) return TypedResults.NotFound();
        File.Delete(backup.Path);
        return TypedResults.LocalRedirect(Page);
    }

    private static ProblemHttpResult Missing(string name) => Problems.NotFound($"There is no backup {name}.");
}
