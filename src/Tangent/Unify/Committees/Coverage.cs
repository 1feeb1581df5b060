using Tangent.Collect;
using Tangent.Map;

namespace Tangent.Unify;

/// <summary>How many contacts of which roles were reached at which stages of the life cycle.</summary>
/// <param name="Accounts">Accounts looked at.</param>
/// <param name="Members">Customers who belong to them.</param>
/// <param name="Roles">One for each role that somebody has, in the order of the roles; those without a role last.</param>
public sealed record CoverageAnswer(int Accounts, int Members, IReadOnlyList<RoleCoverage> Roles)
{
    /// <param name="members">The members looked at; their stages are those of the period.</param>
    internal static CoverageAnswer Of(IEnumerable<(AccountMember Member, BuyingRole? Role)> members)
    {
        var stages = Enum.GetValues<LifeCycleStage>();
        var none = BuyingRoles.All.Count;
        var reached = new int[none + 1, stages.Length];
        var count = new int[none + 1];
        var accounts = Enumerable.Range(0, none + 1).Select(_ => new HashSet<int>()).ToArray();
        foreach (var (member, role) in members)
        {
            var at = role is { } has ? (int)has : none;
            count[at]++;
            accounts[at].Add(member.Account);
            foreach (var stage in stages)
                if (member.Reached(stage)) reached[at, (int)stage]++;
        }

        var rows = Enumerable.Range(0, none + 1).Where(at => count[at] > 0).Select(at => new RoleCoverage(
            at == none ? null : (BuyingRole)at, count[at], accounts[at].Count, [.. stages.Select(s => new StageReach(s, reached[at, (int)s], (double)reached[at, (int)s] / count[at]))]));
        return new CoverageAnswer(accounts.SelectMany(a => a).Distinct().Count(), count.Sum(), [.. rows]);
    }
}

/// <param name="Role">The role; null for the members of whom no role is known.</param>
/// <param name="Members">Members who have it.</param>
/// <param name="Accounts">Accounts that have such a member.</param>
/// <param name="Stages">How many of them were reached at each stage.</param>
public sealed record RoleCoverage(BuyingRole? Role, int Members, int Accounts, IReadOnlyList<StageReach> Stages);

/// <param name="Stage">The stage.</param>
/// <param name="Reached">Members with an event at a touchpoint of this stage in the period.</param>
/// <param name="Share">These as a share of all members with the role, 0 to 1.</param>
public sealed record StageReach(LifeCycleStage Stage, int Reached, double Share);

/// <summary>A member of an account with its role.</summary>
/// <param name="Customer">Number of the customer.</param>
/// <param name="Id">The identifier people know the customer by.</param>
/// <param name="Name">Name, or empty.</param>
/// <param name="Email">E-mail address, or empty.</param>
/// <param name="Role">The role in the buying committee; null where none is known.</param>
/// <param name="RoleByPeople">Somebody here said the role.</param>
/// <param name="Account">Id of the account.</param>
/// <param name="AccountName">Name of the account.</param>
/// <param name="Events">Events of the member.</param>
/// <param name="Last">Last event, UTC; null without events.</param>
/// <param name="Stages">Stages of the life cycle at which the member was in the period.</param>
public sealed record ContactItem(
    int Customer, string Id, string Name, string Email, BuyingRole? Role, bool RoleByPeople, string Account, string AccountName, long Events, DateTime? Last, IReadOnlyList<LifeCycleStage> Stages)
{
    /// <summary>What people call the member.</summary>
    internal string Title => Name.Length > 0 ? Name : Email.Length > 0 ? Email : Id;
}

/// <param name="Total">How many there are.</param>
/// <param name="Items">The requested page of them.</param>
/// <param name="Next">Cursor of the next page; null where this is the last.</param>
public sealed record ContactsAnswer(int Total, IReadOnlyList<ContactItem> Items, string? Next = null);

/// <summary>A decider or buyer who has not been heard of while others of the account have.</summary>
/// <param name="Contact">Who.</param>
/// <param name="ActiveOthers">Other members with a contact in the time.</param>
/// <param name="OthersLast">The latest of these contacts, UTC.</param>
public sealed record SilentContact(ContactItem Contact, int ActiveOthers, DateTime OthersLast);

/// <param name="Days">Days without a contact after which somebody is silent.</param>
/// <param name="Total">How many there are.</param>
/// <param name="Items">The requested page of them: where others were active most recently first.</param>
/// <param name="Next">Cursor of the next page; null where this is the last.</param>
public sealed record SilentAnswer(int Days, int Total, IReadOnlyList<SilentContact> Items, string? Next = null);
