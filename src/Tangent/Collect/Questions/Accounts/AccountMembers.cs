namespace Tangent.Collect;

/// <summary>The members of accounts and what they did.</summary>
/// <param name="Accounts">Ids of the accounts that the members' numbers stand for; empty where an account has no member left.</param>
/// <param name="Members">All members, by customer number.</param>
internal sealed record AccountMembers(IReadOnlyList<string> Accounts, IReadOnlyList<AccountMember> Members);

/// <summary>A customer who belongs to an account.</summary>
/// <param name="Customer">Number of the customer.</param>
/// <param name="Account">Number of the account.</param>
/// <param name="Events">Events in the whole journey.</param>
/// <param name="FirstMs">Time of the first; 0 without events.</param>
/// <param name="LastMs">Time of the last; 0 without events.</param>
/// <param name="Stages">A bit for each stage of the life cycle at which there was an event in the period asked about.</param>
internal readonly record struct AccountMember(int Customer, int Account, int Events, long FirstMs, long LastMs, int Stages)
{
    public bool Reached(Map.LifeCycleStage stage) => (Stages >> (int)stage & 1) != 0;
}

/// <summary>A page of an account's journey: the events of all its members, the latest first.</summary>
/// <param name="Total">Events in the whole journey, whatever their channel.</param>
/// <param name="Events">The page.</param>
/// <param name="Next">What the next page comes after; null where this is the last.</param>
internal sealed record AccountJourney(int Total, IReadOnlyList<AccountEvent> Events, string? Next);

/// <param name="Customer">Number of the member whose event it is.</param>
internal sealed record AccountEvent(int Customer, TimelineEvent Event);
