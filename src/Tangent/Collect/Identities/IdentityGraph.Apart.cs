namespace Tangent.Collect;

/// <content>Joins taken back, identities taken apart and kept apart, and all of that taken back.</content>
internal sealed partial class IdentityGraph
{
    /// <summary>Takes back the joins made at this log position, exactly; what else ties the identities stays. Being seen together does not join them again.</summary>
    /// <param name="position">Position of the joins.</param>
    /// <param name="at">Position of the decision, by which it can be taken back.</param>
    /// <param name="byRule">A rule takes back what it joined: nobody said that they are two, so that they may be joined again, and there is nothing to take back.</param>
    /// <returns>False where nothing was joined there.</returns>
    public bool Cut(long position, long at = -1, bool byRule = false)
    {
        foreach (var (identity, named) in _named)
            if (named == position) _named.Remove(identity);
        return Remove(l => l.Position == position, at, byRule);
    }

    /// <summary>Takes identities out of their customer, together or each for itself.</summary>
    /// <param name="identities">Identities of one customer.</param>
    /// <param name="each">Also what ties them among themselves is taken away.</param>
    /// <param name="at">Position of the decision, by which it can be taken back.</param>
    /// <returns>False where nothing tied them.</returns>
    public bool SplitOff(IReadOnlyCollection<int> identities, bool each, long at)
    {
        var apart = identities.ToHashSet();
        return Remove(l => (apart.Contains(l.A), apart.Contains(l.B)) switch { (true, true) => each, var (a, b) => a || b }, at);
    }

    /// <summary>Says of identities that they are not one customer: no rule joins them, nor being seen together.</summary>
    /// <param name="a">The one.</param>
    /// <param name="b">The other.</param>
    /// <param name="at">Position of the decision, by which it can be taken back.</param>
    public void KeepApart(int a, int b, long at)
    {
        var pair = Pair(a, b);
        _cut.Add(pair);
        if (!_apart.TryGetValue(at, out var pairs)) _apart.Add(at, pairs = []);
        pairs.Add(pair);
    }

    /// <summary>Takes a split back: restores the joins it took away, or lets those be joined again who were kept apart.</summary>
    /// <param name="split">Position of the split.</param>
    /// <param name="at">Position of the decision.</param>
    /// <returns>False where there is no such split, or it was taken back already.</returns>
    public bool Restore(long split, long at)
    {
        if (_apart.Remove(split, out var pairs))
        {
            foreach (var pair in pairs)
                if (!_removed.Values.Any(links => links.Exists(l => Pair(l.A, l.B) == pair))) Uncut(pair);
            Decided(pairs.SelectMany(p => new[] { p.A, p.B }).Distinct(), at);
            return true;
        }

        if (!_removed.Remove(split, out var links)) return false;
        Decided(links.SelectMany(l => new[] { l.A, l.B }).Distinct(), at);
        foreach (var link in links)
        {
            Uncut(Pair(link.A, link.B));
            if (!link.IsStated) _seen.Add(Pair(link.A, link.B));
        }

        PutBack(links);
        Regroup([.. links.SelectMany(l => new[] { _customer[l.A], _customer[l.B] }).Distinct().SelectMany(Members)]);
        return true;
    }

    /// <summary>Unless another decision keeps the two apart.</summary>
    private void Uncut((int A, int B) pair)
    {
        if (!_apart.Values.Any(pairs => pairs.Contains(pair))) _cut.Remove(pair);
    }

    /// <summary>Whether what a split took away can be restored.</summary>
    public bool CanRestore(long split) => _removed.ContainsKey(split) || _apart.ContainsKey(split);

    /// <summary>Whether an identity was said to be part of another one, by an alias or a merge.</summary>
    public bool IsAbsorbed(int identity) => (_absorbed ??= [.. _links.Where(l => l.IsStated).Select(l => l.B)]).Contains(identity);

    /// <summary>Whether somebody said of two customers, or of parts of them, that they are not one.</summary>
    public bool AreKeptApart(int customer, int other)
    {
        if (_cut.Count == 0) return false;
        // Of those who were ever taken apart, few are of one customer.
        var at = customer;
        do
        {
            foreach (var apart in _cut.Of(at))
                if (_customer[apart] == other) return true;
            at = _next[at];
        }
        while (at != customer);
        return false;
    }
}
