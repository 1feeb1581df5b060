namespace Tangent.Collect;

/// <summary>Which account (a business customer) an identity belongs to, as group calls say it; the latest call counts.</summary>
internal sealed class Accounts
{
    private readonly Utf8Dictionary _accounts;
    private readonly Dictionary<int, int> _accountOf = [];
    private string[] _names = [];

    public Accounts() => _accounts = new Utf8Dictionary();

    private Accounts(Utf8Dictionary accounts) => _accounts = accounts;

    public int Count => _accounts.Count;

    public string Text(int account) => _accounts.Text(account);

    /// <summary>The ids of all accounts, by number; empty where one lost its name.</summary>
    public IReadOnlyList<string> Names()
    {
        // They only come in or lose their name, so what was read once is read again only when that happened.
        if (_names.Length == Count) return _names;
        var names = new string[Count];
        _names.CopyTo(names, 0);
        for (var account = _names.Length; account < names.Length; account++) names[account] = Text(account) is ['\0', ..] ? "" : Text(account);
        return _names = names;
    }

    /// <returns>The number of an account; null where there is none of this name.</returns>
    public int? Find(ReadOnlySpan<byte> account) => _accounts.Find(account) is var number and >= 0 ? number : null;

    /// <summary>The account of every customer, by number; −1 where it has none. The same as <see cref="Of"/> says.</summary>
    public int[] OfCustomers(IdentityGraph graph)
    {
        int[] accountOf = new int[graph.Count], saidBy = new int[graph.Count];
        accountOf.AsSpan().Fill(-1);
        foreach (var (identity, account) in _accountOf)
        {
            var customer = graph.CustomerOf(identity);
            if (accountOf[customer] >= 0 && saidBy[customer] < identity) continue;
            (accountOf[customer], saidBy[customer]) = (account, identity);
        }

        return accountOf;
    }

    public void Set(int identity, ReadOnlySpan<byte> account)
    {
        if (!account.IsEmpty) _accountOf[identity] = _accounts.GetOrAdd(account);
    }

    /// <summary>Takes back what was said of these identities; an account nobody else belongs to loses its name.</summary>
    public void Erase(IEnumerable<int> identities)
    {
        foreach (var identity in identities)
            if (_accountOf.Remove(identity, out var account) && !_accountOf.ContainsValue(account)) _accounts.Blank(account);
        _names = [];
    }

    /// <returns>The account of the first of these identities that has one.</returns>
    public string? Of(IEnumerable<int> identities)
    {
        foreach (var identity in identities)
            if (_accountOf.TryGetValue(identity, out var account)) return _accounts.Text(account);
        return null;
    }

    public void Write(BinaryWriter to)
    {
        _accounts.Write(to);
        to.Write(_accountOf.Count);
        foreach (var (identity, account) in _accountOf)
        {
            to.Write(identity);
            to.Write(account);
        }
    }

    public static Accounts Read(BinaryReader from)
    {
        var accounts = new Accounts(Utf8Dictionary.Read(from));
        for (var left = from.ReadInt32(); left > 0; left--) accounts._accountOf[from.ReadInt32()] = from.ReadInt32();
        return accounts;
    }
}
