namespace Tangent.Collect;

/// <summary>Which account (a business customer) an identity belongs to, as group calls say it; of all calls of a customer's identities the latest counts.</summary>
internal sealed class Accounts
{
    private readonly Utf8Dictionary _accounts;
    private readonly Dictionary<int, (int Account, long Position)> _accountOf = [];
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
        var accountOf = new int[graph.Count];
        var saidAt = new long[graph.Count];
        accountOf.AsSpan().Fill(-1);
        foreach (var (identity, (account, position)) in _accountOf)
        {
            var customer = graph.CustomerOf(identity);
            if (accountOf[customer] < 0 || saidAt[customer] < position) (accountOf[customer], saidAt[customer]) = (account, position);
        }

        return accountOf;
    }

    /// <param name="identity">Who.</param>
    /// <param name="account">The account's id; empty says nothing.</param>
    /// <param name="position">Log position of the call.</param>
    public void Set(int identity, ReadOnlySpan<byte> account, long position)
    {
        if (!account.IsEmpty && (!_accountOf.TryGetValue(identity, out var said) || said.Position <= position)) _accountOf[identity] = (_accounts.GetOrAdd(account), position);
    }

    /// <summary>Takes back what was said of these identities; an account nobody else belongs to loses its name.</summary>
    public void Erase(IEnumerable<int> identities)
    {
        foreach (var identity in identities)
            if (_accountOf.Remove(identity, out var said) && !_accountOf.Values.Any(s => s.Account == said.Account)) _accounts.Blank(said.Account);
        _names = [];
    }

    /// <returns>The account that the latest call named of one of these identities; null where none did.</returns>
    public string? Of(IEnumerable<int> identities)
    {
        (int Account, long Position)? latest = null;
        foreach (var identity in identities)
            if (_accountOf.TryGetValue(identity, out var said) && !(latest?.Position >= said.Position)) latest = said;
        return latest is { } found ? _accounts.Text(found.Account) : null;
    }

    public void Write(BinaryWriter to)
    {
        _accounts.Write(to);
        to.Write(_accountOf.Count);
        foreach (var (identity, (account, position)) in _accountOf)
        {
            to.Write(identity);
            to.Write(account);
            to.Write(position);
        }
    }

    public static Accounts Read(BinaryReader from)
    {
        var accounts = new Accounts(Utf8Dictionary.Read(from));
        for (var left = from.ReadInt32(); left > 0; left--) accounts._accountOf[from.ReadInt32()] = (from.ReadInt32(), from.ReadInt64());
        return accounts;
    }
}
