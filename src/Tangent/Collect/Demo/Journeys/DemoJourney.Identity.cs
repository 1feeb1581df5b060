using static Tangent.Collect.DemoKind;

namespace Tangent.Collect;

internal sealed partial class DemoJourney
{
    /// <summary>Puts the year in order, drops what lies outside the period, and adds the calls that tell who is who: a device is known from the first time its owner signs in, orders or subscribes.</summary>
    private void Finish(List<DemoEvent> into)
    {
        // Equal times are no matter of chance: the order of adding decides.
        for (var i = 0; i < _events.Count; i++)
        {
            var e = _events[i];
            e.Sequence = (ushort)i;
            _events[i] = e;
        }

        _events.Sort(static (a, b) => a.TimeMs != b.TimeMs ? a.TimeMs.CompareTo(b.TimeMs) : a.Sequence.CompareTo(b.Sequence));
        var joins = _customer.TwoNumbers ? calendar.At(DayAsCustomer(), DemoRhythm.Office, _random) : long.MinValue;
        var (knownDevices, introduced, cardSeen) = (0, false, false);
        ushort sequence = 0;
        foreach (var original in _events)
        {
            var e = original;
            if (e.TimeMs < calendar.StartMs || e.TimeMs >= calendar.EndMs) continue;
            if (cardSeen && e.TimeMs >= joins)
            {
                cardSeen = false;
                Put(into, new DemoEvent { Kind = Alias, TimeMs = Math.Max(joins, calendar.StartMs), Who = DemoWho.Customer, Customer = e.Customer }, ref sequence);
            }

            if (e.TimeMs < joins && UsesCard(e.Kind))
            {
                e.Who = DemoWho.Card;
                cardSeen = true;
            }
            else if (e.Device == DemoDevice.None || Introduces(e.Kind))
            {
                var device = e.Device == DemoDevice.None ? 0 : 1 << (int)e.Device;
                if (!introduced || (device & ~knownDevices) != 0) Introduce(into, e, !introduced, ref sequence);
                introduced = true;
                knownDevices |= device;
            }

            if (e.Device != DemoDevice.None && (knownDevices & (1 << (int)e.Device)) != 0) e.Who = DemoWho.Customer;
            Put(into, e, ref sequence);
        }
    }

    private static bool Introduces(DemoKind kind) => kind is OrderCompleted or NewsletterSubscribed or AccountPage or InvoicePage or WorkshopBooked;

    private static bool UsesCard(DemoKind kind) => kind is ShopVisited or TestRideTaken or ReceiptPrinted or GiftCardBought;

    private void Introduce(List<DemoEvent> into, in DemoEvent e, bool first, ref ushort sequence)
    {
        var at = e.TimeMs - 1;
        Put(into, new DemoEvent
        {
            Kind = e.Device == DemoDevice.None ? IdentifyInErp : IdentifyOnWeb,
            TimeMs = at,
            Device = e.Device,
            Who = DemoWho.Customer,
            Customer = e.Customer,
            Detail = first ? 1 : 0,
        }, ref sequence);
        if (first && _customer.Account >= 0) Put(into, new DemoEvent { Kind = Group, TimeMs = at, Who = DemoWho.Customer, Customer = e.Customer }, ref sequence);
    }

    private static void Put(List<DemoEvent> into, DemoEvent e, ref ushort sequence)
    {
        e.Sequence = sequence++;
        into.Add(e);
    }
}
