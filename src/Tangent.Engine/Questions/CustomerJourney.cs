namespace Tangent.Engine;

/// <summary>One event of a customer's journey with its properties.</summary>
/// <param name="Event">The event as it was appended.</param>
/// <param name="Properties">Its property codes, by column.</param>
public sealed record CustomerEvent(JourneyEvent Event, ushort[] Properties);

/// <summary>The journey of one customer, as a page.</summary>
/// <param name="Total">Events in the whole journey.</param>
/// <param name="Events">The page, in the order of the journey.</param>
public sealed record CustomerJourney(int Total, CustomerEvent[] Events)
{
    /// <summary>The events of a customer, whatever their touchpoint. Costs what it returns.</summary>
    /// <param name="view">The view to look in.</param>
    /// <param name="customer">Customer number; an unknown one has no events.</param>
    /// <param name="skip">Events passed over from the beginning.</param>
    /// <param name="take">Events returned at most.</param>
    public static unsafe CustomerJourney Of(JourneyView view, int customer, int skip = 0, int take = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfNegative(take);
        var (segment, from, to) = view.Find(customer);
        var first = (int)Math.Min(to, (long)from + skip);
        var events = new CustomerEvent[Math.Min(take, to - first)];
        for (var index = 0; index < events.Length; index++)
        {
            var row = first + index;
            var properties = new ushort[view.PropertyColumns];
            for (var column = 0; column < properties.Length; column++) properties[column] = segment.Property(column)[row];
            var value = segment.ValueAt(row);
            events[index] = new CustomerEvent(new JourneyEvent(segment.Identities[row], segment.Times[row], segment.Signatures[row],
                value < 0 ? 0 : segment.Values[value], value < 0 ? (byte)0 : segment.Currencies[value], segment.Positions[row]), properties);
        }

        GC.KeepAlive(view);
        return new CustomerJourney(to - from, events);
    }
}
