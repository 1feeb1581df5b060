using Tangent.Collect;
using Tangent.Map;

namespace Tangent.Unify;

/// <param name="Total">How many accounts there are, or fit the search.</param>
/// <param name="Items">The requested page of them: the most recently active first.</param>
/// <param name="Next">Cursor of the next page; null where this is the last.</param>
public sealed record AccountsAnswer(int Total, IReadOnlyList<AccountRow> Items, string? Next = null);

/// <summary>All that is known of one account.</summary>
/// <param name="Account">Id, name and totals.</param>
/// <param name="Values">What is known of the company, each value with its source and what other sources say instead.</param>
/// <param name="Above">The companies above it, the nearest first.</param>
/// <param name="Below">The companies that belong to it, by name.</param>
/// <param name="Coverage">Which roles were reached at which stages.</param>
public sealed record AccountAnswer(
    AccountRow Account, IReadOnlyList<GoldenValue> Values, IReadOnlyList<RelatedAccount> Above, IReadOnlyList<RelatedAccount> Below, CoverageAnswer Coverage);

/// <param name="Id">Id of the account.</param>
/// <param name="Name">Its name.</param>
public sealed record RelatedAccount(string Id, string Name);

/// <summary>A page of an account's journey, the union of its members' journeys: the latest event first.</summary>
/// <param name="Total">Events in the whole journey, whatever their channel.</param>
/// <param name="Items">The page.</param>
/// <param name="Next">Cursor of the next page; null where this is the last.</param>
public sealed record AccountJourneyAnswer(int Total, IReadOnlyList<AccountEventItem> Items, string? Next = null);

/// <param name="Customer">Number of the member whose event it is.</param>
/// <param name="Name">What people call the member.</param>
/// <param name="Role">The member's role in the buying committee; null where none is known.</param>
/// <param name="Event">The event.</param>
public sealed record AccountEventItem(int Customer, string Name, BuyingRole? Role, TimelineEvent Event);

/// <param name="Customer">The member: user id or anonymous id, or number:N.</param>
/// <param name="Role">initiator, user, influencer, decider, buyer or gatekeeper; none or empty: has no role, whatever sources say; null takes back what people said.</param>
public sealed record RoleRequest(string? Customer, string? Role);

/// <param name="Account">Id of the account.</param>
/// <param name="Parent">Id of the account it belongs to; empty for none; null takes back what people said.</param>
public sealed record ParentRequest(string? Account, string? Parent);

public sealed record AccountsPageModel(IReadOnlyList<AccountRow> Rows, int Silent);

/// <summary>One account's page.</summary>
/// <param name="Skip">Members left out at the beginning.</param>
/// <param name="Channel">Channel whose events are shown; empty for all.</param>
/// <param name="EventsSkip">Events left out at the beginning.</param>
/// <param name="Error">Why something was not kept.</param>
public sealed record AccountPageModel(
    AccountAnswer Answer, ContactsAnswer Members, SilentAnswer Silent, AccountJourneyAnswer Journey, IReadOnlyList<TreePlace> Tree, IReadOnlyList<string> Channels, int Skip, string Channel, int EventsSkip, string? Error = null)
{
    public const int EventsOnAPage = 100;
    public const int PlacesInATree = 200;

    /// <summary>Somebody here said the company above.</summary>
    public bool ParentByPeople => Answer.Values.Any(v => v.Name == AccountFacts.ParentTrait && v.ByPeople);
}
