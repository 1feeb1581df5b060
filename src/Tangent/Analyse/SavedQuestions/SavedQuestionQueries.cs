using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Access;
using Tangent.Data;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>Who reads saved questions.</summary>
/// <param name="OwnsCompany">May also change shared ones, and what nobody else can reach any more.</param>
internal sealed record SavedQuestionReader(Actor Actor, bool OwnsCompany)
{
    public static SavedQuestionReader Of(HttpContext http) => new(Actor.Of(http.User), http.User.IsInRole(nameof(Role.Owner)));

    public bool MayChange(SavedQuestion question) => question.IsOf(Actor) || OwnsCompany;
}

internal sealed class SavedQuestionQueries(TangentDb db) : IKeepsPersonalData, INameSegments
{
    public string Kind => "questions";

    public IReadOnlyList<Type> Entities => [typeof(SavedQuestion)];

    /// <summary>What a reader sees, by name: the own ones and the shared ones; an owner of the company also those of keys and of people who were deleted.</summary>
    public async Task<List<SavedQuestion>> ListAsync(SavedQuestionReader reader, CancellationToken ct)
    {
        var (kind, id) = (reader.Actor.Kind, reader.Actor.Id);
        var found = await db.Set<SavedQuestion>().Where(q => q.Shared || (q.OwnerKind == kind && q.OwnerId == id) || reader.OwnsCompany).OrderBy(q => q.Name).ThenBy(q => q.Id).ToListAsync(ct);
        if (found.TrueForAll(q => q.Shared || q.IsOf(reader.Actor))) return found;
        var people = (await db.Users.Select(u => u.Id).ToListAsync(ct)).Select(person => person.ToString()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return found.FindAll(q => q.Shared || q.IsOf(reader.Actor) || q.OwnerKind != ActorKind.Person || !people.Contains(q.OwnerId));
    }

    /// <summary>The saved question, where the reader may change it. Others learn nothing of whether it is there.</summary>
    public async Task<SavedQuestion?> FindAsync(int id, SavedQuestionReader reader, CancellationToken ct) =>
        (await ListAsync(reader, ct)).Find(q => q.Id == id && reader.MayChange(q));

    public async Task SaveAsync(SavedQuestion question, CancellationToken ct)
    {
        if (question.Id == 0) db.Add(question);
        await db.SaveChangesAsync(ct);
    }

    public async Task RemoveAsync(SavedQuestion question, CancellationToken ct)
    {
        db.Remove(question);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>The shared ones: a private view that somebody else keeps must not hold a segment that others want to remove.</summary>
    public async Task<IReadOnlyList<string>> NamingAsync(string segment, CancellationToken ct) =>
        [.. (await db.Set<SavedQuestion>().AsNoTracking().Where(q => q.Shared).OrderBy(q => q.Name).ToListAsync(ct)).Where(q => q.AddressWith(segment, segment) is not null).Select(q => q.Name)];

    public async Task RenameAsync(string before, string now, CancellationToken ct)
    {
        foreach (var question in await db.Set<SavedQuestion>().ToListAsync(ct)) question.Address = question.AddressWith(before, now) ?? question.Address;
        await db.SaveChangesAsync(ct);
    }

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var question in await db.Set<SavedQuestion>().AsNoTracking().OrderBy(q => q.Id).ToListAsync(ct))
            if (question.Names(subject)) yield return new JsonObject { ["name"] = question.Name, ["address"] = question.Address, ["created"] = question.CreatedUtc };
    }

    /// <summary>Removes those that name an erased customer by its ids, e-mail or phone; what they show is gone.</summary>
    public async Task EraseAsync(DataSubject subject, CancellationToken ct)
    {
        var naming = (await db.Set<SavedQuestion>().AsNoTracking().ToListAsync(ct)).Where(q => q.Names(subject)).Select(q => q.Id).ToList();
        if (naming.Count > 0) await SecureDelete.RunAsync(db, () => db.Set<SavedQuestion>().Where(q => naming.Contains(q.Id)).ExecuteDeleteAsync(ct), ct);
    }
}
