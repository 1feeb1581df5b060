using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Map;

/// <summary>Reads and writes personas. They tell of nobody; where a text names a person all the same, it leaves with the person, as on maps.</summary>
internal sealed class PersonaQueries(TangentDb db, PersonaCatalogue catalogue) : IKeepsPersonalData
{
    public string Kind => "personas";

    public IReadOnlyList<Type> Entities => [typeof(Persona), typeof(PersonaPicture)];

    public Task<List<Persona>> ListAsync(CancellationToken ct) => db.Set<Persona>().AsNoTracking().OrderBy(p => p.Name).ToListAsync(ct);

    public Task<Persona?> FindAsync(int id, CancellationToken ct) => db.Set<Persona>().AsNoTracking().FirstOrDefaultAsync(p => p.Id == id, ct);

    public async Task<bool> NameIsTakenAsync(string name, int exceptId, CancellationToken ct)
    {
        // Compared here and not in the database, so that Ä and ä are the same name on every database.
        var names = await db.Set<Persona>().Where(p => p.Id != exceptId).Select(p => p.Name).ToListAsync(ct);
        return names.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    /// <returns>False where another persona got the name meanwhile.</returns>
    public async Task<bool> SaveAsync(Persona persona, CancellationToken ct)
    {
        if (persona.Id == 0) db.Add(persona);
        else db.Update(persona);
        try
        {
            await db.SaveChangesAsync(ct);
            // A file may take the same persona twice: once by the map that names it, once by what is said of it.
            db.Entry(persona).State = EntityState.Detached;
        }
        catch (DbUpdateException e) when (e.InnerException is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CONSTRAINT })
        {
            db.ChangeTracker.Clear();
            return false;
        }

        catalogue.Replace(await ListAsync(ct));
        return true;
    }

    public async Task RemoveAsync(int id, CancellationToken ct)
    {
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        await db.Set<PersonaPicture>().Where(p => p.PersonaId == id).ExecuteDeleteAsync(ct);
        await db.Set<Persona>().Where(p => p.Id == id).ExecuteDeleteAsync(ct);
        await tx.CommitAsync(ct);
        catalogue.Replace(await ListAsync(ct));
    }

    public Task<PersonaPicture?> PictureAsync(int id, CancellationToken ct) => db.Set<PersonaPicture>().AsNoTracking().FirstOrDefaultAsync(p => p.PersonaId == id, ct);

    /// <summary>Replaces its picture; null takes it away.</summary>
    public async Task KeepPictureAsync(int id, PersonaPicture? picture, CancellationToken ct)
    {
        var hash = picture is null ? "" : Convert.ToHexStringLower(SHA256.HashData(picture.Picture))[..12];
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        await db.Set<PersonaPicture>().Where(p => p.PersonaId == id).ExecuteDeleteAsync(ct);
        await db.Set<Persona>().Where(p => p.Id == id).ExecuteUpdateAsync(p => p.SetProperty(x => x.PictureHash, hash), ct);
        if (picture is not null) db.Add(picture);
        await db.SaveChangesAsync(ct);
        if (picture is not null) db.Entry(picture).State = EntityState.Detached;
        await tx.CommitAsync(ct);
        catalogue.Replace(await ListAsync(ct));
    }

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var persona in await ListAsync(ct))
            foreach (var (field, text) in persona.Texts)
                if (subject.AreNamedInProse(text)) yield return new JsonObject { ["persona"] = persona.Name, ["field"] = field, ["text"] = text };
    }

    public async Task EraseAsync(DataSubject subject, CancellationToken ct)
    {
        var named = (await ListAsync(ct)).FindAll(p => p.Texts.Any(t => subject.AreNamedInProse(t.Text)));
        if (named.Count == 0) return;
        foreach (var persona in named)
        {
            string Left(string text) => subject.AreNamedInProse(text) ? MapTextQueries.Taken : text;
            // A name stays different from all others.
            if (subject.AreNamedInProse(persona.Name)) persona.Name = $"{MapTextQueries.Taken} {persona.Id}";
            (persona.Description, persona.Goals, persona.Needs) = (Left(persona.Description), Left(persona.Goals), Left(persona.Needs));
            (persona.Frustrations, persona.Quote) = (Left(persona.Frustrations), Left(persona.Quote));
            db.Update(persona);
        }

        await SecureDelete.RunAsync(db, () => db.SaveChangesAsync(ct), ct);
        foreach (var persona in named) db.Entry(persona).State = EntityState.Detached;
        catalogue.Replace(await ListAsync(ct));
    }
}
