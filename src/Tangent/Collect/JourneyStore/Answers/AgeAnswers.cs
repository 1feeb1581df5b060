using Tangent.Engine;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    /// <summary>Events before a moment, of known customers or of visitors: of whom there is an id of their own, or not.</summary>
    /// <param name="ofKnown">Of the known ones.</param>
    /// <param name="beforeMs">The moment.</param>
    /// <param name="positions">Takes their log positions.</param>
    /// <param name="kept">Customers who are left out.</param>
    /// <param name="ct">Ends it.</param>
    public AgedEvents Older(bool ofKnown, long beforeMs, PositionBits? positions, IReadOnlySet<int> kept, CancellationToken ct)
    {
        var answer = new AgeQuestion
        {
            // Every event has a touchpoint here, whatever the rules leave out of journeys.
            TouchpointOfSignature = new ushort[ushort.MaxValue + 1],
            IsPassing = true,
            Filter = new Engine.JourneyFilter { Customers = Those(ofKnown, kept) },
        }.Ask(feed.Now.View, beforeMs, positions is null ? null : positions.Add, ct);
        return new AgedEvents(answer.Events, answer.Customers, answer.FirstMs is { } first ? Utc(first) : null);
    }

    private CustomerBitmap Those(bool known, IReadOnlySet<int> kept)
    {
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            var (users, visitors) = (new CustomerBitmap(graph.Count), new CustomerBitmap(graph.Count));
            for (var i = 0; i < graph.Count; i++)
                if (graph.IsUser(i) && !(known && kept.Contains(graph.CustomerOf(i)))) users.Add(graph.CustomerOf(i));
            for (var i = 0; i < graph.Count && !known; i++)
                if (graph.CustomerOf(i) == i && !users.Contains(i) && !kept.Contains(i)) visitors.Add(i);
            return known ? users : visitors;
        }
    }
}
