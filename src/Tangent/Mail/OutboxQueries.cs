using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Mail;

/// <summary>The outbox: a letter is written in the transaction of what causes it, so that there is neither one without the other, and sent afterwards by <see cref="OutboxSender"/>.</summary>
internal sealed class OutboxQueries(TangentDb db, IDataProtectionProvider protection, TimeProvider time) : IKeepsPersonalData
{
    private const int ShownAtMost = 200;
    private readonly IDataProtector _protector = protection.CreateProtector("Mail.Outbox");

    public string Kind => "letters";

    public IReadOnlyList<Type> Entities => [typeof(OutgoingLetter)];

    public bool Ages => true;

    /// <summary>Adds a letter to the context; it is in the outbox once the caller has saved its changes.</summary>
    public OutgoingLetter Put(Letter letter)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var outgoing = new OutgoingLetter
        {
            Recipient = letter.To,
            Subject = letter.Subject,
            Content = _protector.Protect(JsonSerializer.Serialize(letter)),
            CreatedUtc = now,
            NextAttemptUtc = now,
        };
        db.Add(outgoing);
        return outgoing;
    }

    /// <summary>Letters to try now, those that have waited longest first.</summary>
    public Task<List<OutgoingLetter>> DueAsync(int most, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return db.Set<OutgoingLetter>().Where(l => l.State == LetterState.Waiting && l.NextAttemptUtc <= now).OrderBy(l => l.NextAttemptUtc).Take(most).ToListAsync(ct);
    }

    /// <summary>The letter itself; null where its content cannot be read because the keys of the data folder were lost.</summary>
    public Letter? Open(OutgoingLetter outgoing)
    {
        try
        {
            return JsonSerializer.Deserialize<Letter>(_protector.Unprotect(outgoing.Content));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public Task<OutgoingLetter?> FindAsync(Guid id, CancellationToken ct) => db.Set<OutgoingLetter>().FirstOrDefaultAsync(l => l.Id == id, ct);

    public Task SaveAsync(CancellationToken ct) => db.SaveChangesAsync(ct);

    /// <summary>The latest letters, those given up first.</summary>
    public Task<List<OutgoingLetter>> LatestAsync(CancellationToken ct) =>
        db.Set<OutgoingLetter>().AsNoTracking().OrderByDescending(l => l.State == LetterState.Failed).ThenByDescending(l => l.CreatedUtc).Take(ShownAtMost).ToListAsync(ct);

    public async Task<IReadOnlyDictionary<LetterState, int>> CountsAsync(CancellationToken ct) =>
        await db.Set<OutgoingLetter>().GroupBy(l => l.State).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);

    /// <summary>Lets a letter that was given up be tried again, from the first attempt on.</summary>
    /// <returns>False where no such letter was given up.</returns>
    public async Task<bool> TryAgainAsync(Guid id, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return await db.Set<OutgoingLetter>().Where(l => l.Id == id && l.State == LetterState.Failed)
            .ExecuteUpdateAsync(s => s.SetProperty(l => l.State, LetterState.Waiting).SetProperty(l => l.Attempts, 0).SetProperty(l => l.NextAttemptUtc, now), ct) == 1;
    }

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var letter in await To(subject).OrderBy(l => l.CreatedUtc).ToListAsync(ct))
            yield return new JsonObject { ["to"] = letter.Recipient, ["subject"] = letter.Subject, ["state"] = letter.State.ToString(), ["created"] = letter.CreatedUtc, ["sent"] = letter.SentUtc };
    }

    /// <summary>Deletes the letters to the person, also those that are not sent yet.</summary>
    public Task EraseAsync(DataSubject subject, CancellationToken ct) => SecureDelete.RunAsync(db, () => To(subject).ExecuteDeleteAsync(ct), ct);

    public async Task<long> AgeOutAsync(DateTime beforeUtc, bool onlyCount, CancellationToken ct)
    {
        var old = Ended.Where(l => l.CreatedUtc < beforeUtc);
        var count = await old.LongCountAsync(ct);
        if (!onlyCount && count > 0) await SecureDelete.RunAsync(db, () => old.ExecuteDeleteAsync(ct), ct);
        return count;
    }

    public Task<DateTime?> OldestAsync(CancellationToken ct) => Ended.MinAsync(l => (DateTime?)l.CreatedUtc, ct);

    /// <summary>Sent or given up.</summary>
    private IQueryable<OutgoingLetter> Ended => db.Set<OutgoingLetter>().Where(l => l.State != LetterState.Waiting);

    private IQueryable<OutgoingLetter> To(DataSubject subject)
    {
        var addresses = subject.Texts.Select(t => t.ToLowerInvariant()).ToList();
#pragma warning disable CA1304, CA1311, CA1862 // The database compares.
        return db.Set<OutgoingLetter>().Where(l => addresses.Contains(l.Recipient.ToLower()));
#pragma warning restore CA1304, CA1311, CA1862
    }
}
