using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;
using Tangent.Web;

namespace Tangent.Unify;

internal sealed class ProfileQueries(TangentDb db) : IKeepsPersonalData
{
    /// <summary>Profiles that a search counts and sorts; where more fit, the oldest of them are shown first and the rest is not counted.</summary>
    public const int MostFound = 10_000;

    private const int MostKeysInAQuery = 500;
    private const int ProfilesForNames = 200;
    private const int MostNames = 30;
    private const int MostGroups = 20;
    private const int AtOnce = 5000;

    // The search knows every three letters in a row.
    private const int Letters = 3;

    public string Kind => "profiles";

    public IReadOnlyList<Type> Entities => [typeof(Profile)];

    public async Task<IReadOnlyList<string>> TextsAsync(IReadOnlyList<string> identifiers, CancellationToken ct)
    {
        var texts = (await FindAsync(identifiers, ct)).SelectMany(p => new[] { p.Email, p.Phone }).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        var shared = await SharedAsync(identifiers, texts, ct);
        return texts.FindAll(t => !shared.Contains(t));
    }

    /// <summary>What somebody else is known by as well, such as the telephone of a household: it names not these identifiers alone.</summary>
    public async Task<HashSet<string>> SharedAsync(IReadOnlyList<string> identifiers, List<string> texts, CancellationToken ct)
    {
        var own = identifiers.ToHashSet(StringComparer.Ordinal);
        var shared = new HashSet<string>(StringComparer.Ordinal);
        if (texts.Count == 0) return shared;
        foreach (var text in texts)
        {
            // The search finds who may have it; too short for it is what nobody is known by alone.
            var words = Words(text);
            if (!Array.Exists(words, w => w[0].Length >= Letters)) shared.Add(text);
            else if ((await Fitting(words).Where(p => p.Email == text || p.Phone == text).Select(p => p.Key).ToListAsync(ct)).Exists(key => !own.Contains(key))) shared.Add(text);
        }

        // The search does not know companies; there are few.
        shared.UnionWith((await Companies().Where(p => texts.Contains(p.Email) || texts.Contains(p.Phone)).Select(p => new { p.Email, p.Phone }).ToListAsync(ct)).SelectMany(p => new[] { p.Email, p.Phone }));
        return shared;
    }

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var profile in await FindAsync(subject.Identifiers, ct))
            yield return new JsonObject { ["identifier"] = profile.Key, ["source"] = profile.SourceId, ["updated"] = profile.UpdatedUtc, ["company"] = profile.Company, ["traits"] = JsonNode.Parse(profile.Traits) };
    }

    /// <summary>They follow the log: <see cref="ProfileFeed"/> lets go of them when it reads the erasure's record.</summary>
    public Task EraseAsync(DataSubject subject, CancellationToken ct) => EraseAsync(subject.Identifiers, ct);

    /// <summary>All profiles, of whatever source, of these identifiers.</summary>
    public async Task<List<Profile>> FindAsync(IEnumerable<string> keys, CancellationToken ct)
    {
        var found = new List<Profile>();
        foreach (var chunk in keys.Distinct(StringComparer.Ordinal).Chunk(MostKeysInAQuery))
            found.AddRange(await db.Set<Profile>().AsNoTracking().Where(p => chunk.Contains(p.Key)).ToListAsync(ct));
        return found;
    }

    /// <summary>Profiles of persons in which every word of the text occurs somewhere (id, name, e-mail, phone, company, other short traits), by name.</summary>
    /// <returns>Their numbers and keys.</returns>
    public async Task<List<(long Number, string Key)>> FittingAsync(string text, CancellationToken ct)
    {
        var found = await Fitting(Words(text)).Take(MostFound + 1).Select(p => new { p.Number, p.Name, p.Key }).ToListAsync(ct);
        if (found.Count <= MostFound) found.Sort((a, b) => string.Compare(a.Name, b.Name, StringComparison.OrdinalIgnoreCase) is var order and not 0 ? order : string.CompareOrdinal(a.Key, b.Key));
        return found.ConvertAll(p => (p.Number, p.Key));
    }

    /// <summary>The profiles with these numbers; those that are gone are left out.</summary>
    public async Task<List<Profile>> NumberedAsync(IEnumerable<long> numbers, CancellationToken ct)
    {
        var found = new List<Profile>();
        foreach (var chunk in numbers.Chunk(MostKeysInAQuery)) found.AddRange(await db.Set<Profile>().AsNoTracking().Where(p => chunk.Contains(p.Number)).ToListAsync(ct));
        return found;
    }

    /// <summary>Profiles of persons, said by some sources, in which all words of the text occur somewhere, in the order in which they came.</summary>
    /// <param name="text">The words.</param>
    /// <param name="whole">They stand together as words of their own.</param>
    /// <param name="sources">Numbers of the sources.</param>
    public IAsyncEnumerable<Profile> WithWordsAsync(string text, bool whole, IReadOnlyCollection<int> sources)
    {
        var fitting = Fitting(Words(text)).Where(p => sources.Contains(p.SourceId));
        var alone = $" {FoldedText.Of(text)} ";
        if (whole) fitting = fitting.Where(p => (" " + p.Search + " ").Contains(alone));
        return fitting.OrderBy(p => p.Number).AsAsyncEnumerable();
    }

    /// <summary>Keys of the profiles that say something; one that several sources know comes several times.</summary>
    public IAsyncEnumerable<string> KeysAsync() => AllPersons().Where(p => p.Traits != "{}" || p.Company != "").Select(p => p.Key).AsAsyncEnumerable();

    /// <summary>Profiles in which one of these traits may occur, and some in which none does.</summary>
    public IAsyncEnumerable<Profile> WithTraitsAsync(IReadOnlyList<string> names)
    {
        var profile = Expression.Parameter(typeof(Profile), "p");
        Expression any = Expression.Constant(false);
        // Traits are kept as the text that this looks for.
        foreach (var written in names.Select(TraitReading.Written))
            any = Expression.OrElse(any, Expression.Call(Expression.Property(profile, nameof(Profile.Traits)), nameof(string.Contains), null, Expression.Constant(written)));
        if (names.Contains("company")) any = Expression.OrElse(any, Expression.NotEqual(Expression.Property(profile, nameof(Profile.Company)), Expression.Constant("")));
        // Only what is looked at is read.
        return AllPersons().Where(Expression.Lambda<Func<Profile, bool>>(any, profile))
            .Select(p => new Profile { Key = p.Key, SourceId = p.SourceId, Company = p.Company, Traits = p.Traits, UpdatedUtc = p.UpdatedUtc, Times = p.Times }).AsAsyncEnumerable();
    }

    /// <summary>What was said of all companies, one after the other.</summary>
    public IAsyncEnumerable<Profile> AccountsAsync() => Companies().OrderBy(p => p.Key).AsAsyncEnumerable();

    /// <summary>Profiles of persons with a number above this one, by number.</summary>
    /// <param name="number">The number.</param>
    /// <param name="most">Most profiles.</param>
    /// <param name="onlyWho">Whose they are and who said them is all that is wanted.</param>
    /// <param name="ct">Ends it.</param>
    public Task<List<Profile>> PersonsAfterAsync(long number, int most, bool onlyWho, CancellationToken ct) =>
        onlyWho
            ? Persons().Where(p => p.Number > number).OrderBy(p => p.Number).Take(most).Select(p => new Profile { Key = p.Key, SourceId = p.SourceId, Number = p.Number }).ToListAsync(ct)
            : Persons().Where(p => p.Number > number).OrderBy(p => p.Number).Take(most)
            .Select(p => new Profile { Key = p.Key, SourceId = p.SourceId, Number = p.Number, Company = p.Company, Traits = p.Traits, UpdatedUtc = p.UpdatedUtc, Times = p.Times }).ToListAsync(ct);

    /// <summary>Some profiles that have traits, to learn from what traits there are.</summary>
    public async Task<List<Profile>> SampleAsync(int size, CancellationToken ct) =>
        await Persons().Where(p => p.Traits != "{}").Take(size).ToListAsync(ct);

    /// <summary>Names of the traits that make groups: with few different values among some of the profiles.</summary>
    public async Task<IReadOnlyList<string>> GroupingTraitsAsync(CancellationToken ct)
    {
        var said = (await SampleAsync(ProfilesForNames, ct)).SelectMany(p => JsonNode.Parse(p.Traits)!.AsObject())
            .Select(v => (v.Key, Value: TraitReading.Simple(v.Value))).Where(v => v.Value is { Length: > 0 });
        return [.. said.GroupBy(v => v.Key, StringComparer.Ordinal).Where(g => g.Distinct().Count() <= MostGroups).Select(g => g.Key).Order(StringComparer.Ordinal).Take(MostNames)];
    }

    /// <summary>The persons' profiles in the order of their keys, from one on; those of one key come together.</summary>
    /// <param name="from">The first key.</param>
    /// <param name="most">Most profiles.</param>
    /// <param name="ct">Ends it.</param>
    public Task<List<Profile>> FromAsync(string from, int most, CancellationToken ct) =>
#pragma warning disable CA1309 // The database compares, by its index.
        Persons().Where(p => string.Compare(p.Key, from) >= 0).OrderBy(p => p.Key).ThenBy(p => p.SourceId).Take(most).ToListAsync(ct);
#pragma warning restore CA1309

    /// <summary>All persons, part by part, those of one identifier together. Each part is a short read of its own, so that nobody waits for the end.</summary>
    public static async IAsyncEnumerable<List<Profile>> EverybodyAsync(IServiceScopeFactory scopes, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var from = Profile.FirstPerson; ;)
        {
            List<Profile> some;
            await using (var scope = scopes.CreateAsyncScope()) some = await scope.ServiceProvider.GetRequiredService<ProfileQueries>().FromAsync(from, AtOnce, ct);
            if (some.Count == 0) yield break;
            var last = some[^1].Key;
            // More of the last one's may follow, unless this is the end.
            var isEnd = some.Count < AtOnce;
            yield return isEnd ? some : some.FindAll(p => p.Key != last);
            if (isEnd) yield break;
            from = last;
        }
    }

    /// <summary>How many profiles there are, and the first of them by key.</summary>
    public async Task<(int Count, List<Profile> First)> FirstAsync(int most, CancellationToken ct) =>
        (await db.Set<Profile>().CountAsync(ct), await db.Set<Profile>().AsNoTracking().OrderBy(p => p.Key).ThenBy(p => p.SourceId).Take(most).ToListAsync(ct));

    public async Task<long> PositionAsync(CancellationToken ct) =>
        await db.Set<Watermark>().Where(w => w.Follower == ProfileFeed.Follower).Select(w => w.Position).FirstOrDefaultAsync(ct);

    /// <summary>The highest number that a profile has; 0 where there is none.</summary>
    public async Task<long> LastNumberAsync(CancellationToken ct) => await db.Set<Profile>().MaxAsync(p => (long?)p.Number, ct) ?? 0;

    /// <summary>Deletes profiles, their bytes with them.</summary>
    public Task EraseAsync(IReadOnlyList<string> keys, CancellationToken ct) => SecureDelete.RunAsync(db, async () =>
    {
        foreach (var chunk in keys.Chunk(MostKeysInAQuery)) await db.Set<Profile>().Where(p => chunk.Contains(p.Key)).ExecuteDeleteAsync(ct);
    }, ct);

    /// <summary>Lets go of what one source said, for what is left of it to be read anew.</summary>
    public async Task ForgetAsync(IReadOnlyList<string> keys, int sourceId, CancellationToken ct)
    {
        foreach (var chunk in keys.Chunk(MostKeysInAQuery)) await db.Set<Profile>().Where(p => chunk.Contains(p.Key) && p.SourceId == sourceId).ExecuteDeleteAsync(ct);
    }

    /// <summary>Keeps profiles and the position they reach to in one transaction.</summary>
    public async Task SaveAsync(IReadOnlyCollection<Profile> profiles, long position, CancellationToken ct)
    {
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        await Bulk.UpsertAsync(db, profiles, ct);
        await Bulk.UpsertAsync(db, [new Watermark { Follower = ProfileFeed.Follower, Position = position }], ct);
        await tx.CommitAsync(ct);
    }

    /// <summary>The words of what is searched, each in the ways in which it may be kept.</summary>
    internal static string[][] Words(string text) => [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Spellings).Where(s => s.Length > 0)];

    /// <summary>An umlaut is kept as an umlaut, which is searched without its dots, or as two letters: Köln and Koeln are found by each other.</summary>
    private static string[] Spellings(string word)
    {
        word = word.Normalize(NormalizationForm.FormC).ToLowerInvariant();
        var folded = FoldedText.Of(word);
        // Dialled within the country, or from abroad by 00: kept with the country's code a number lacks the zeros.
        if (folded.Length > Letters && folded[0] == '0' && folded.All(char.IsAsciiDigit)) return [folded[(folded[1] == '0' ? 2 : 1)..]];
        var inTwo = FoldedText.Of(word.Replace("ä", "ae", StringComparison.Ordinal).Replace("ö", "oe", StringComparison.Ordinal).Replace("ü", "ue", StringComparison.Ordinal));
        var inOne = folded.Replace("ae", "a", StringComparison.Ordinal).Replace("oe", "o", StringComparison.Ordinal).Replace("ue", "u", StringComparison.Ordinal);
        return [.. ((string[])[folded, inTwo, inOne.Length >= Letters ? inOne : folded]).Where(w => w.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    private IQueryable<Profile> Companies() =>
#pragma warning disable CA1309 // The database compares, by its index.
        db.Set<Profile>().AsNoTracking().Where(p => string.Compare(p.Key, Profile.FirstPerson) < 0);
#pragma warning restore CA1309

    private IQueryable<Profile> Persons() =>
#pragma warning disable CA1309 // The database compares, by its index.
        db.Set<Profile>().AsNoTracking().Where(p => string.Compare(p.Key, Profile.FirstPerson) >= 0);
#pragma warning restore CA1309

    /// <summary>The persons for who reads all of them: not by the index, which would look up each profile for itself.</summary>
    private IQueryable<Profile> AllPersons() =>
#pragma warning disable CA1309 // The database compares.
        db.Set<Profile>().AsNoTracking().Where(p => string.Compare(p.Key + "", Profile.FirstPerson) >= 0);
#pragma warning restore CA1309

    private IQueryable<Profile> Fitting(string[][] words)
    {
        var match = string.Join(" AND ", words.Where(w => Array.TrueForAll(w, s => s.Length >= Letters)).Select(w => $"({string.Join(" OR ", w.Select(Terms))})").Distinct(StringComparer.Ordinal));
        // Words of one or two letters alone are looked for in every profile, in the order in which they lie there; companies have no text.
        var fitting = match.Length == 0 ? words.Length == 0 ? Persons() : db.Set<Profile>().AsNoTracking() : db.Set<Profile>().FromSql(
            $"""SELECT p.* FROM "profile_search" CROSS JOIN "profiles" p ON p."Number" = "profile_search"."rowid" WHERE "profile_search" MATCH {match}""").AsNoTracking();
        foreach (var spellings in words)
        {
            var (one, other, third) = (spellings[0], spellings.Length > 1 ? spellings[1] : "", spellings.Length > 2 ? spellings[2] : "");
            fitting = other.Length == 0 ? fitting.Where(p => p.Search.Contains(one))
                : third.Length == 0 ? fitting.Where(p => p.Search.Contains(one) || p.Search.Contains(other)) : fitting.Where(p => p.Search.Contains(one) || p.Search.Contains(other) || p.Search.Contains(third));
        }

        return fitting;
    }

    /// <summary>Three letters side by side cover a word; those that overlap would be looked up for nothing, as the whole word is looked for in the text anyway.</summary>
    private static string Terms(string word) => "(" + string.Join(" AND ", Enumerable.Range(0, (word.Length + Letters - 1) / Letters).Select(i => word.Substring(Math.Min(i * Letters, word.Length - Letters), Letters)).Distinct(StringComparer.Ordinal)
        .Select(t => $"\"{t.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + ")";
}
