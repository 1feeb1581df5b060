using Tangent.Collect;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>
/// Which customers have which traits. What all profiles say of a trait is read once, when it is first asked for, and then kept in memory
/// and up to date, so that filters by it cost no database; the traits asked for longest ago are given up.
/// </summary>
/// <remarks>About 150 bytes for each profile that has the trait.</remarks>
internal sealed class TraitIndex(IServiceScopeFactory scopes, JourneyStore journeys) : IDisposable
{
    private const int MostColumns = 8;

    // Guards the columns and, with them, the order of reading and learning: nothing said in between is lost.
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly List<Column> _columns = [];

    private readonly record struct Said(string Value, DateTime AtUtc);

    /// <summary>What profiles, by key, say of one trait.</summary>
    private sealed record Column(string Trait, Dictionary<string, Said> Profiles);

    /// <summary>The customers who have all these traits; of one trait several values may be given, one of which is enough.</summary>
    public async Task<Asked<CustomerSet>> CustomersAsync(IReadOnlyList<NamedValue> traits, CancellationToken ct)
    {
        HashSet<int>? all = null;
        await _gate.WaitAsync(ct);
        try
        {
            foreach (var trait in traits.GroupBy(t => t.Name, StringComparer.Ordinal))
            {
                var column = await ColumnAsync(trait.Key, ct);
                if (column.Profiles.Count == 0) return new Refusal("trait." + trait.Key, T("Unify.Refusal.Trait", trait.Key));
                var having = Having(column, trait.Select(t => t.Value).ToHashSet(StringComparer.OrdinalIgnoreCase));
                if (all is null) all = having;
                else all.IntersectWith(having);
            }
        }
        finally
        {
            _gate.Release();
        }

        return new CustomerSet(all ?? []);
    }

    /// <summary>The customers whose value of a trait fits.</summary>
    public async Task<Asked<CustomerSet>> CustomersAsync(string trait, Func<string, bool> fits, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            var column = await ColumnAsync(trait, ct);
            if (column.Profiles.Count == 0) return new Refusal("trait." + trait, T("Unify.Refusal.Trait", trait));
            return new CustomerSet([.. Latest(column).Where(c => fits(c.Value.Value)).Select(c => c.Key)]);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The customers by their value of a trait, values in any case; a customer without the trait is in no group.</summary>
    public async Task<Asked<CustomerGroups>> GroupsAsync(string trait, CancellationToken ct)
    {
        Dictionary<int, Said> latest;
        await _gate.WaitAsync(ct);
        try
        {
            var column = await ColumnAsync(trait, ct);
            if (column.Profiles.Count == 0) return new Refusal("breakdown", T("Unify.Refusal.Trait", trait));
            latest = Latest(column);
        }
        finally
        {
            _gate.Release();
        }

        var names = new List<string>();
        var codes = new Dictionary<string, ushort>(StringComparer.OrdinalIgnoreCase);
        var ofCustomer = new ushort[latest.Count == 0 ? 0 : latest.Keys.Max() + 1];
        Array.Fill(ofCustomer, ushort.MaxValue);
        foreach (var (customer, said) in latest.OrderBy(c => c.Key))
        {
            if (!codes.TryGetValue(said.Value, out var code))
            {
                // More values than codes are no groups any more; the rest has none.
                if (names.Count == ushort.MaxValue - 1) continue;
                codes.Add(said.Value, code = (ushort)names.Count);
                names.Add(said.Value);
            }

            ofCustomer[customer] = code;
        }

        return new CustomerGroups(names, ofCustomer);
    }

    /// <summary>Lets go of erased profiles.</summary>
    public async Task ForgetAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            foreach (var column in _columns)
                foreach (var key in keys) column.Profiles.Remove(key);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes over what was just written.</summary>
    public async Task LearnAsync(IReadOnlyCollection<Profile> profiles, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            foreach (var column in _columns)
                foreach (var profile in profiles)
                {
                    if (profile.Trait(column.Trait) is { } value) column.Profiles[profile.Key] = new Said(value, profile.UpdatedUtc);
                    else column.Profiles.Remove(profile.Key);
                }
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<Column> ColumnAsync(string trait, CancellationToken ct)
    {
        var column = _columns.Find(c => c.Trait == trait);
        if (column is not null)
        {
            _columns.Remove(column);
            _columns.Add(column);
            return column;
        }

        column = new Column(trait, new(StringComparer.Ordinal));
        await using var scope = scopes.CreateAsyncScope();
        await foreach (var profile in scope.ServiceProvider.GetRequiredService<ProfileQueries>().WithTraitAsync(trait).WithCancellation(ct))
            if (profile.Trait(trait) is { } value) column.Profiles[profile.Key] = new Said(value, profile.UpdatedUtc);
        // What nobody has is not kept: it may be anything that somebody typed.
        if (column.Profiles.Count == 0) return column;
        if (_columns.Count == MostColumns) _columns.RemoveAt(0);
        _columns.Add(column);
        return column;
    }

    /// <summary>Customers whose latest profile that says something of the trait says one of these values: the value their page shows.</summary>
    private HashSet<int> Having(Column column, HashSet<string> values) => [.. Latest(column).Where(c => values.Contains(c.Value.Value)).Select(c => c.Key)];

    private Dictionary<int, Said> Latest(Column column)
    {
        List<string> keys = [.. column.Profiles.Keys];
        var numbers = journeys.FindCustomers(keys);
        var latest = new Dictionary<int, Said>();
        for (var i = 0; i < keys.Count; i++)
        {
            var said = column.Profiles[keys[i]];
            if (numbers[i] >= 0 && (!latest.TryGetValue(numbers[i], out var other) || said.AtUtc >= other.AtUtc)) latest[numbers[i]] = said;
        }

        return latest;
    }
}
