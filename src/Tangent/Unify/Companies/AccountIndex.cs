namespace Tangent.Unify;

/// <summary>
/// What is known of all companies, in memory and up to date: there are far fewer of them than of customers. Read once, when it is first asked
/// for; then follows the profiles.
/// </summary>
/// <remarks>About 700 bytes for a company with six traits.</remarks>
internal sealed class AccountIndex : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly IServiceScopeFactory _scopes;
    private readonly MergePolicies _policies;
    private Dictionary<string, AccountFacts>? _facts;
    private AccountTree? _tree;
    private int _version;

    public AccountIndex(IServiceScopeFactory scopes, MergePolicies policies)
    {
        (_scopes, _policies) = (scopes, policies);
        policies.Changed += ForgetAsync;
    }

    /// <summary>Rises with every change.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>All companies of which something is known, and who belongs to whom.</summary>
    public async Task<AccountTree> TreeAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            if (_facts is null) await ReadAsync(ct);
            return _tree ??= new AccountTree(_facts!, Version);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes over what was just written.</summary>
    public async Task LearnAsync(IReadOnlyCollection<Profile> profiles, CancellationToken ct)
    {
        var keys = profiles.Where(p => p.IsAccount).Select(p => p.Key).ToHashSet(StringComparer.Ordinal);
        if (keys.Count == 0) return;
        await _gate.WaitAsync(ct);
        try
        {
            if (_facts is null) return;
            await using var scope = _scopes.CreateAsyncScope();
            // What other sources said of them counts too. Whoever holds the tree keeps the one of before.
            var said = await scope.ServiceProvider.GetRequiredService<ProfileQueries>().FindAsync(keys, ct);
            var facts = _tree is null ? _facts : new Dictionary<string, AccountFacts>(_facts, StringComparer.Ordinal);
            foreach (var one in said.GroupBy(p => p.Key, StringComparer.Ordinal)) Keep(facts, one);
            (_facts, _tree) = (facts, null);
            Interlocked.Increment(ref _version);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task ReadAsync(CancellationToken ct)
    {
        var facts = new Dictionary<string, AccountFacts>(StringComparer.Ordinal);
        await using var scope = _scopes.CreateAsyncScope();
        var said = new List<Profile>();
        await foreach (var profile in scope.ServiceProvider.GetRequiredService<ProfileQueries>().AccountsAsync().WithCancellation(ct))
        {
            if (said.Count > 0 && said[0].Key != profile.Key)
            {
                Keep(facts, said);
                said.Clear();
            }

            said.Add(profile);
        }

        if (said.Count > 0) Keep(facts, said);
        _facts = facts;
        Interlocked.Increment(ref _version);
    }

    private void Keep(Dictionary<string, AccountFacts> facts, IEnumerable<Profile> said)
    {
        var id = said.First().Key[Profile.AccountPrefix.Length..];
        facts[id] = AccountFacts.Of(id, GoldenRecord.Of(said, _policies));
    }

    /// <summary>Reads all anew when it is next asked for.</summary>
    public async Task ForgetAsync()
    {
        await _gate.WaitAsync();
        (_facts, _tree) = (null, null);
        Interlocked.Increment(ref _version);
        _gate.Release();
    }
}
