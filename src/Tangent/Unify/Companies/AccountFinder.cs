using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

internal sealed class AccountFinder(AccountDetails accounts) : IFinder
{
    private const int Most = 6;

    // One letter is in nearly every name.
    private const int ShortestText = 2;

    public string Kind => "accounts";

    public string Name => "Unify.Accounts.Title";

    public async Task<IReadOnlyList<Found>> FindAsync(string text, PageContext page, CancellationToken ct) => text.Length < ShortestText ? [] :
        [.. (await accounts.ListAsync(text, new Paging(0, Most), ct)).Items.Select(a => new Found(a.Name, AccountPagesEndpoints.AddressOf(a.Id), "building", a.Name == a.Id ? "" : a.Id))];
}
