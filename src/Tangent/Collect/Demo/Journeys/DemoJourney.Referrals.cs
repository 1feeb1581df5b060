using static Tangent.Collect.DemoKind;

namespace Tangent.Collect;

internal sealed partial class DemoJourney
{
    // A friend uses the code; one customer brings one friend at most.
    private const double FriendComes = 0.35;
    private const int FirstOfFriends = 60_000;

    private DemoEvent? _friend;

    /// <summary>Invitations with a code, more of them after a call that pleased; and the friend who uses one. All by a chance of its own, so that the rest of the year does not depend on it.</summary>
    private void InviteFriends()
    {
        var chance = new Random(DemoSeeds.Of(seed, _customer.Index, DemoSeeds.Referral));
        _friend = null;
        for (var i = _events.Count - 1; i >= 0; i--)
            if (_events[i].Kind == PickUpCall && chance.NextDouble() < DemoPlants.PickUpInvites) Add(FriendInvited, _events[i].TimeMs + chance.NextInt64(DayMs, DemoPlants.InviteDays * DayMs));
        for (var i = 0; i < _events.Count; i++)
        {
            if (_events[i].Kind != FriendInvited) continue;
            var invitation = _events[i] with { Number = NextNumber() };
            _events[i] = invitation;
            var usedMs = invitation.TimeMs + chance.NextInt64(DayMs, 30 * DayMs);
            if (_friend is null && invitation.TimeMs >= calendar.StartMs && usedMs < calendar.EndMs && chance.NextDouble() < FriendComes && Friend(chance) is { } friend)
                _friend = new DemoEvent { Kind = CodeUsed, TimeMs = usedMs, Customer = friend, Who = DemoWho.Customer, Number = invitation.Number, Sequence = (ushort)(FirstOfFriends + (_customer.Index % DemoCustomer.BlockSize)) };
        }
    }

    /// <summary>Somebody before the customer in the same hundred, who is so in a smaller company, too.</summary>
    private int? Friend(Random chance)
    {
        var place = _customer.Index % DemoCustomer.BlockSize;
        if (place == 0) return null;
        var friend = new DemoCustomer(seed, _customer.Index - 1 - chance.Next(place));
        return friend.Anonymous || friend.Account >= 0 ? null : friend.Index;
    }
}
