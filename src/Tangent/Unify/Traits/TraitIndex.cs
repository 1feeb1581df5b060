using System.Collections;
using Tangent.Collect;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>
/// Which customers have which traits. What all profiles say of a trait is read once, when it is first asked for, and then kept in memory
/// and up to date, so that filters by it cost no database; the traits asked for longest ago are given up.
/// </summary>
/// <remarks>About 150 bytes for each profile that has the trait.</remarks>
internal sealed class TraitIndex : IDisposable
{
    private const int MostColumns = 8;
    private const int MostAbsent = 32;

    // Guards the columns and, with them, the order of reading and learning: nothing said in between is lost.
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly List<Column> _columns = [];

    // Traits that nobody has.
    private readonly List<string> _absent = [];

    // Null until somebody without an event makes it wanted.
    private ProfiledIdentities? _profiled;
    private readonly IServiceScopeFactory _scopes;
    private readonly JourneyStore _journeys;
    private readonly MergePolicies _policies;

    public TraitIndex(IServiceScopeFactory scopes, JourneyStore journeys, MergePolicies policies)
    {
        (_scopes, _journeys, _policies) = (scopes, journeys, policies);
        policies.Changed += ForgetAllAsync;
    }

    /// <param name="Value">Empty where the profile has only traits that win together with this one.</param>
    /// <param name="Identity">Number of the identifier it is said of; below 0 until the journeys know it.</param>
    private readonly record struct Said(string Value, DateTime AtUtc, int Identity = -1);

    /// <summary>What profiles, by key and source, say of one trait.</summary>
    private sealed record Column(string Trait, IReadOnlyList<string> Together, Dictionary<(string Key, int SourceId), Said> Profiles)
    {
        private const int MostTexts = 1000;
        private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

        public void Learn(Profile profile)
        {
            var value = profile.Trait(Trait);
            // What people here corrected takes no other fields with it.
            if (value is null && profile.SourceId != Profile.OfPeople && Together.Count > 1 && profile.HasAny(Together)) value = "";
            if (value is null) Profiles.Remove((profile.Key, profile.SourceId));
            else Profiles[(profile.Key, profile.SourceId)] = new Said(Kept(value), profile.SaidUtc(Together));
        }

        /// <summary>One text for all who say the same, as long as there are few.</summary>
        private string Kept(string value)
        {
            if (_texts.TryGetValue(value, out var same)) return same;
            if (_texts.Count < MostTexts) _texts.Add(value);
            return value;
        }
    }

    /// <summary>
    /// Everybody who has an event, or of whom profiles say something, by customer number. An id alone is nobody: it may be left of an import that was taken back,
    /// or of events that are over their retention period.
    /// </summary>
    public async Task<BitArray> EverybodyAsync(CancellationToken ct)
    {
        var bits = _journeys.Everybody();
        if (!_journeys.AnyEventless(bits)) return bits;
        await _gate.WaitAsync(ct);
        try
        {
            if (_profiled is null)
            {
                await using var scope = _scopes.CreateAsyncScope();
                _profiled = await ProfiledIdentities.ReadAsync(_journeys, scope.ServiceProvider.GetRequiredService<ProfileQueries>().KeysAsync(), ct);
            }

            _journeys.AddCustomersOf(_profiled.Numbers(), bits);
        }
        finally
        {
            _gate.Release();
        }

        return bits;
    }

    /// <summary>Reads these traits in one pass, for who is going to ask for one after the other.</summary>
    public async Task ReadAsync(IReadOnlyList<string> traits, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            await ColumnsAsync(traits, ct);
        }
        finally
        {
            _gate.Release();
        }
    }

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
    public async Task<Asked<CustomerSet>> CustomersAsync(string trait, Func<string, bool> fits, CancellationToken ct) =>
        await ValuesAsync(trait, ct) is { } values
            ? new CustomerSet([.. values.Where(c => fits(c.Value)).Select(c => c.Key)])
            : new Refusal("trait." + trait, T("Unify.Refusal.Trait", trait));

    /// <summary>The value of a trait of every customer who has one; null where nobody has. Whoever looks at them keeps nobody waiting.</summary>
    public async Task<IReadOnlyDictionary<int, string>?> ValuesAsync(string trait, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            var column = await ColumnAsync(trait, ct);
            return column.Profiles.Count == 0 ? null : Chosen(column);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The customers by their value of a trait, values in any case; a customer without the trait is in no group.</summary>
    public async Task<Asked<CustomerGroups>> GroupsAsync(string trait, CancellationToken ct)
    {
        Dictionary<int, string> chosen;
        await _gate.WaitAsync(ct);
        try
        {
            var column = await ColumnAsync(trait, ct);
            if (column.Profiles.Count == 0) return new Refusal("breakdown", T("Unify.Refusal.Trait", trait));
            chosen = Chosen(column);
        }
        finally
        {
            _gate.Release();
        }

        var names = new List<string>();
        var codes = new Dictionary<string, ushort>(StringComparer.OrdinalIgnoreCase);
        var ofCustomer = new ushort[chosen.Count == 0 ? 0 : chosen.Keys.Max() + 1];
        Array.Fill(ofCustomer, ushort.MaxValue);
        foreach (var (customer, value) in chosen.OrderBy(c => c.Key))
        {
            if (!codes.TryGetValue(value, out var code))
            {
                // More values than codes are no groups any more; the rest has none.
                if (names.Count == ushort.MaxValue - 1) continue;
                codes.Add(value, code = (ushort)names.Count);
                names.Add(value);
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
            _profiled?.Forget(keys);
            var gone = keys.ToHashSet(StringComparer.Ordinal);
            foreach (var column in _columns)
                foreach (var profile in column.Profiles.Keys.Where(p => gone.Contains(p.Key)).ToList()) column.Profiles.Remove(profile);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes over what was just written: all profiles of each key.</summary>
    public async Task LearnAsync(IReadOnlyCollection<Profile> profiles, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            _profiled?.Learn(profiles);
            foreach (var column in _columns)
                foreach (var profile in profiles) column.Learn(profile);
            _absent.RemoveAll(trait => profiles.Any(p => p.Trait(trait) is not null || p.HasAny(_policies.Together(trait))));
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<Column> ColumnAsync(string trait, CancellationToken ct) => (await ColumnsAsync([trait], ct))[0];

    /// <summary>The columns of some traits, in their order; those that are not kept are read together.</summary>
    private async Task<List<Column>> ColumnsAsync(IReadOnlyList<string> traits, CancellationToken ct)
    {
        List<Column> columns = [.. traits.Select(t => _columns.Find(c => c.Trait == t) ?? new Column(t, _policies.Together(t), []))];
        var unread = columns.FindAll(c => !_columns.Contains(c) && !_absent.Contains(c.Trait));
        if (unread.Count > 0)
        {
            await using var scope = _scopes.CreateAsyncScope();
            string[] names = [.. unread.SelectMany(c => c.Together).Distinct(StringComparer.Ordinal)];
            await foreach (var profile in scope.ServiceProvider.GetRequiredService<ProfileQueries>().WithTraitsAsync(names).WithCancellation(ct))
                foreach (var column in unread) column.Learn(profile);
        }

        foreach (var column in columns)
        {
            _columns.Remove(column);
            _absent.Remove(column.Trait);
            // Of what nobody has only the name is kept, and of few: it may be anything that somebody typed.
            if (column.Profiles.Count > 0) _columns.Add(column);
            else _absent.Add(column.Trait);
        }

        _columns.RemoveRange(0, Math.Max(0, _columns.Count - MostColumns));
        _absent.RemoveRange(0, Math.Max(0, _absent.Count - MostAbsent));
        return columns;
    }

    private async Task ForgetAllAsync()
    {
        await _gate.WaitAsync();
        _columns.Clear();
        _absent.Clear();
        _gate.Release();
    }

    /// <summary>Customers who have one of these values: the value their page shows.</summary>
    private HashSet<int> Having(Column column, HashSet<string> values) => [.. Chosen(column).Where(c => values.Contains(c.Value)).Select(c => c.Key)];

    /// <summary>The value of every customer who has one, as the merge policies choose it.</summary>
    private Dictionary<int, string> Chosen(Column column)
    {
        var numbers = CustomersOf(column);
        var best = new Dictionary<int, (Origin Origin, string Key, string Value)>(column.Profiles.Count);
        var at = 0;
        foreach (var ((key, sourceId), said) in column.Profiles)
        {
            var customer = numbers[at++];
            if (customer < 0) continue;
            var origin = new Origin(sourceId, key.StartsWith("user:", StringComparison.Ordinal), said.AtUtc);
            if (!best.TryGetValue(customer, out var other) || Order(column.Trait, origin, key, other.Origin, other.Key) < 0) best[customer] = (origin, key, said.Value);
        }

        var chosen = new Dictionary<int, string>(best.Count);
        foreach (var (customer, (_, _, value)) in best)
            if (value.Length > 0) chosen.Add(customer, value);
        return chosen;
    }

    /// <summary>The customer of each profile of a column, in its order; below 0 where the journeys do not know it.</summary>
    private int[] CustomersOf(Column column)
    {
        List<(string Key, int SourceId)> unknown = [.. column.Profiles.Where(p => p.Value.Identity < 0).Select(p => p.Key)];
        foreach (var (profile, identity) in unknown.Zip(_journeys.FindIdentities(unknown.ConvertAll(p => p.Key)))) column.Profiles[profile] = column.Profiles[profile] with { Identity = identity };
        return _journeys.CustomersOf([.. column.Profiles.Values.Select(p => p.Identity)]);
    }

    /// <summary>Whose value wins, as <see cref="GoldenRecord"/> has it also where the policies have no preference.</summary>
    private int Order(string trait, Origin one, string key, Origin other, string otherKey) =>
        _policies.Compare(trait, one, other) is var of and not 0 ? of : _policies.Compare("", one, other) is var general and not 0 ? general : string.CompareOrdinal(key, otherKey);
}
