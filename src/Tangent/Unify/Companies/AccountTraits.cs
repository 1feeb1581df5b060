using Tangent.Collect;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>Accounts by what is known of the companies, for conditions, breakdowns and lists. The trait <c>id</c> is the account's id.</summary>
internal sealed class AccountTraits(JourneyStore journeys, AccountIndex index)
{
    private const string Id = "id";

    /// <summary>The members of the accounts whose value of a trait fits.</summary>
    public async Task<Asked<CustomerSet>> MembersAsync(string trait, Func<string, bool> fits, CancellationToken ct)
    {
        var tree = await index.TreeAsync(ct);
        if (trait == Id) return journeys.MembersWhere(fits);
        if (!IsThere(tree, trait)) return new Refusal("account", T("Unify.Refusal.AccountTrait", trait));
        return journeys.MembersWhere(id => tree.Find(id)?.Trait(trait) is { } value && fits(value));
    }

    /// <summary>The accounts, by number, by their value of a trait, values in any case; an account without the trait is in no group.</summary>
    public async Task<Asked<CustomerGroups>> GroupsAsync(string trait, CancellationToken ct)
    {
        var tree = await index.TreeAsync(ct);
        if (!IsThere(tree, trait)) return new Refusal("breakdown", T("Unify.Refusal.AccountTrait", trait));
        var ids = journeys.AccountIds();
        var names = new List<string>();
        var codes = new Dictionary<string, ushort>(StringComparer.OrdinalIgnoreCase);
        var ofAccount = new ushort[ids.Count];
        Array.Fill(ofAccount, ushort.MaxValue);
        for (var account = 0; account < ofAccount.Length; account++)
        {
            if (tree.Find(ids[account])?.Trait(trait) is not { } value) continue;
            if (!codes.TryGetValue(value, out var code))
            {
                // More values than codes are no groups any more; the rest has none.
                if (names.Count == ushort.MaxValue - 1) continue;
                codes.Add(value, code = (ushort)names.Count);
                names.Add(value);
            }

            ofAccount[account] = code;
        }

        return new CustomerGroups(names, ofAccount);
    }

    /// <summary>Lines of accounts with their names.</summary>
    public async Task<IReadOnlyList<CustomerItem>> WithNamesAsync(IReadOnlyList<CustomerLine> lines, CancellationToken ct)
    {
        var tree = await index.TreeAsync(ct);
        return [.. lines.Select(l => new CustomerItem(l.Customer, l.Id, tree.Find(l.Id) is { } facts && facts.Name != l.Id ? facts.Name : "", "", "", l.Events, l.First, l.Last))];
    }

    private static bool IsThere(AccountTree tree, string trait) => tree.All.Any(f => f.Trait(trait) is not null);
}
