using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Analyse;

internal sealed class SavedQuestionQueries(TangentDb db)
{
    /// <summary>What a user sees: the own ones and the shared ones, by name.</summary>
    public Task<List<SavedQuestion>> ListAsync(string user, CancellationToken ct) =>
        db.Set<SavedQuestion>().AsNoTracking().Where(q => q.Shared || q.Owner == user).OrderBy(q => q.Name).ThenBy(q => q.Id).ToListAsync(ct);

    public Task<SavedQuestion?> FindAsync(int id, CancellationToken ct) =>
        db.Set<SavedQuestion>().FirstOrDefaultAsync(q => q.Id == id, ct);

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
}
