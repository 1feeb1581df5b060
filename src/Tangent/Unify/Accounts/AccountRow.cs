using Tangent.Collect;
using Tangent.Map;

namespace Tangent.Unify;

/// <summary>An account in a list.</summary>
/// <param name="Id">Its id, as group calls and imports name it.</param>
/// <param name="Name">Its name; the id where nobody said one.</param>
/// <param name="Parent">Id of the company it belongs to; empty where it is none's.</param>
/// <param name="Members">Customers who belong to it.</param>
/// <param name="Events">Events of all of them.</param>
/// <param name="First">First event, UTC; null without events.</param>
/// <param name="Last">Last event, UTC; null without events.</param>
/// <param name="Roles">Roles of the buying committee that some member has.</param>
/// <param name="ReachedRoles">Those of them with a contact in the last 90 days.</param>
/// <param name="Silent">Deciders and buyers without a contact in the last 90 days while other members had one.</param>
public sealed record AccountRow(
    string Id, string Name, string Parent, int Members, long Events, DateTime? First, DateTime? Last, IReadOnlyList<BuyingRole> Roles, IReadOnlyList<BuyingRole> ReachedRoles, int Silent);

/// <summary>What the members of an account add up to.</summary>
internal struct AccountSum
{
    private static readonly IReadOnlyList<BuyingRole>[] OfBits = [.. Enumerable.Range(0, 1 << BuyingRoles.All.Count).Select(bits => (BuyingRole[])[.. BuyingRoles.All.Where(r => (bits >> (int)r & 1) != 0)])];

    private long _events, _firstMs, _lastMs, _sinceMs;
    private int _roles, _reached, _quiet;

    public int Members { get; private set; }

    /// <param name="sinceMs">Who had no contact since then is silent.</param>
    public void Add(in AccountMember member, BuyingRole? role, long sinceMs)
    {
        Members++;
        if (member.Events > 0)
        {
            _firstMs = _events == 0 ? member.FirstMs : Math.Min(_firstMs, member.FirstMs);
            _lastMs = _events == 0 ? member.LastMs : Math.Max(_lastMs, member.LastMs);
            _events += member.Events;
        }

        if (role is not { } has) return;
        _roles |= 1 << (int)has;
        if (member.Events > 0 && member.LastMs >= sinceMs) _reached |= 1 << (int)has;
        else if (BuyingRoles.Deciding.Contains(has)) _quiet++;
        _sinceMs = sinceMs;
    }

    public readonly AccountRow Row(AccountFacts facts)
    {
        // Where nobody had a contact there is no talk that they are missing from.
        var silent = _events > 0 && _lastMs >= _sinceMs ? _quiet : 0;
        return new AccountRow(facts.Id, facts.Name, facts.Parent, Members, _events, _events > 0 ? Utc(_firstMs) : null, _events > 0 ? Utc(_lastMs) : null, OfBits[_roles], OfBits[_reached], silent);
    }

    private static DateTime Utc(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime;
}
