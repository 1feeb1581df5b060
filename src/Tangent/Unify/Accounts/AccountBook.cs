using System.Diagnostics;
using Tangent.Collect;
using Tangent.Map;

namespace Tangent.Unify;

/// <summary>All accounts at one moment.</summary>
/// <param name="Tree">What is known of them.</param>
/// <param name="Members">Who belongs to them, and what these did.</param>
/// <param name="Roles">The role of each member, in the same order; null where it has none.</param>
/// <param name="Rows">One for each account, the most recently active first.</param>
internal sealed record AccountsAt(AccountTree Tree, AccountMembers Members, BuyingRole?[] Roles, IReadOnlyList<AccountRow> Rows)
{
    private readonly Lock _gate = new();
    private Dictionary<string, AccountRow>? _byId;
    private (Dictionary<string, int> Numbers, int[] Starts, int[] Order)? _ofAccounts;

    public AccountRow? Find(string id) => (_byId ??= Rows.ToDictionary(r => r.Id, StringComparer.Ordinal)).GetValueOrDefault(id);

    /// <summary>The members of one account, or of all, with their roles.</summary>
    public IEnumerable<(AccountMember Member, BuyingRole? Role)> Of(string? account)
    {
        if (account is null)
        {
            for (var i = 0; i < Roles.Length; i++) yield return (Members.Members[i], Roles[i]);
            yield break;
        }

        var (numbers, starts, order) = OfAccounts();
        if (!numbers.TryGetValue(account, out var number)) yield break;
        for (var at = starts[number]; at < starts[number + 1]; at++) yield return (Members.Members[order[at]], Roles[order[at]]);
    }

    /// <summary>Where each account's members stand, put together once: a page of one account asks several times.</summary>
    private (Dictionary<string, int> Numbers, int[] Starts, int[] Order) OfAccounts()
    {
        lock (_gate)
        {
            if (_ofAccounts is { } known) return known;
            var starts = new int[Members.Accounts.Count + 1];
            for (var i = 0; i < Roles.Length; i++) starts[Members.Members[i].Account + 1]++;
            for (var account = 0; account < Members.Accounts.Count; account++) starts[account + 1] += starts[account];
            var (order, next) = (new int[Roles.Length], starts.ToArray());
            for (var i = 0; i < Roles.Length; i++) order[next[Members.Members[i].Account]++] = i;
            var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var account = 0; account < Members.Accounts.Count; account++)
                if (Members.Accounts[account].Length > 0) numbers[Members.Accounts[account]] = account;
            _ofAccounts = (numbers, starts, order);
            return _ofAccounts.Value;
        }
    }
}

/// <summary>The accounts as they are now, put together from journeys, companies and roles, and kept until something changes.</summary>
internal sealed class AccountBook(JourneyStore journeys, ProfileFeed feed, AccountIndex index, TraitIndex traits, TimeProvider time) : IDisposable
{
    /// <summary>Days without a contact after which somebody is silent, where nobody says otherwise.</summary>
    public const int UsualSilenceDays = 90;

    // Silence goes by the clock.
    private static readonly TimeSpan Oldest = TimeSpan.FromMinutes(1);

    // While events stream in something changes all the time; where putting together takes long it is done every few seconds, not at every question.
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan WhileStreaming = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private Kept? _kept;

    private sealed record Kept(AccountsAt At, long Visible, long Profiles, int Index, DateTimeOffset Made, TimeSpan Took);

    public async Task<AccountsAt> NowAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            if (_kept is { } kept && IsCurrent(kept)) return kept.At;
            // What changes from here on makes the next one.
            var (visible, profiles, started) = (journeys.Visible, feed.Position, Stopwatch.GetTimestamp());
            var tree = await index.TreeAsync(ct);
            var at = await PutTogetherAsync(tree, ct);
            _kept = new Kept(at, visible, profiles, tree.Version, time.GetUtcNow(), Stopwatch.GetElapsedTime(started));
            return at;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The next to ask sees what was just decided.</summary>
    public async Task ForgetAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        _kept = null;
        _gate.Release();
    }

    public void Dispose() => _gate.Dispose();

    private bool IsCurrent(Kept kept)
    {
        var age = time.GetUtcNow() - kept.Made;
        if (age > Oldest) return false;
        return (kept.Visible, kept.Profiles, kept.Index) == (journeys.Visible, feed.Position, index.Version) || (kept.Took > Long && age < WhileStreaming);
    }

    private async Task<AccountsAt> PutTogetherAsync(AccountTree tree, CancellationToken ct)
    {
        var members = journeys.MembersOfAccounts(JourneyFilter.None).Answer!;
        var said = (await traits.GroupsAsync(BuyingRoles.Trait, ct)).Answer;
        BuyingRole?[] roles = [.. (said?.Names ?? []).Select(BuyingRoles.Read)];
        var ofMember = new BuyingRole?[members.Members.Count];
        for (var i = 0; i < ofMember.Length; i++)
        {
            var customer = members.Members[i].Customer;
            if (customer < said?.OfCustomer.Length && said.OfCustomer[customer] < roles.Length) ofMember[i] = roles[said.OfCustomer[customer]];
        }

        return new AccountsAt(tree, members, ofMember, Rows(tree, members, ofMember));
    }

    private List<AccountRow> Rows(AccountTree tree, AccountMembers members, BuyingRole?[] roles)
    {
        var sums = new AccountSum[members.Accounts.Count];
        var since = Since(UsualSilenceDays);
        for (var i = 0; i < roles.Length; i++) sums[members.Members[i].Account].Add(members.Members[i], roles[i], since);
        var rows = new List<AccountRow>(Math.Max(tree.All.Count, sums.Length));
        for (var account = 0; account < sums.Length; account++)
            if (members.Accounts[account].Length > 0 && sums[account].Members > 0) rows.Add(sums[account].Row(tree.Of(members.Accounts[account])));
        var having = rows.Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        rows.AddRange(tree.All.Where(f => !having.Contains(f.Id)).Select(f => default(AccountSum).Row(f)));
        rows.Sort((a, b) => Nullable.Compare(b.Last, a.Last) is var order and not 0 ? order : string.CompareOrdinal(a.Id, b.Id));
        return rows;
    }

    /// <summary>The moment that lies so many days back, in milliseconds since 1970 UTC.</summary>
    public long Since(int days) => time.GetUtcNow().AddDays(-days).ToUnixTimeMilliseconds();
}
