namespace Tangent.Engine;

/// <summary>What each customer of the filtered journeys did, in a few numbers. Cost: one pass; 80 bytes for each customer found, and 4 for each there is.</summary>
public sealed record ContactsQuestion : JourneyQuestion
{
    /// <summary>Touchpoint codes are below this: each has one bit of the answer.</summary>
    public const int MostTouchpoints = 64;

    /// <summary>Asks.</summary>
    /// <returns>One item for each customer with an event, by rising number.</returns>
    /// <exception cref="ArgumentException">There are more touchpoints than bits.</exception>
    public CustomerContacts[] Ask(JourneyView view, CancellationToken ct = default)
    {
        var lens = LensOn(view);
        if (lens.Touchpoints > MostTouchpoints) throw new ArgumentException($"There are more than {MostTouchpoints} touchpoints.", nameof(view));
        var kernels = Scan.Run(view, lens, () => new ContactsKernel(), ct);
        // Each customer is found once: where it stands among those found, then customer by customer, costs two passes and no sort.
        var places = new int[view.Customers];
        var found = new CustomerContacts[kernels.Sum(kernel => kernel.Found.Length)];
        var count = 0;
        foreach (var kernel in kernels)
            foreach (var contacts in kernel.Found)
            {
                found[count] = contacts;
                places[contacts.Customer] = ++count;
            }

        var all = new CustomerContacts[count];
        count = 0;
        foreach (var place in places)
            if (place > 0) all[count++] = found[place - 1];
        return all;
    }
}

/// <summary>What a customer did.</summary>
/// <param name="Customer">Customer number.</param>
/// <param name="Events">Events in the filtered journey.</param>
/// <param name="FirstMs">Time of the first.</param>
/// <param name="LastMs">Time of the last.</param>
/// <param name="Touchpoints">A bit for the code of each touchpoint at which there was an event.</param>
public readonly record struct CustomerContacts(int Customer, int Events, long FirstMs, long LastMs, ulong Touchpoints);

internal sealed unsafe class ContactsKernel : Kernel
{
    private GrowingList<CustomerContacts> found;

    public ReadOnlySpan<CustomerContacts> Found => found.Items;

    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            int from = batch.Starts[run], to = batch.Starts[run + 1];
            var touchpoints = 0UL;
            for (var at = from; at < to; at++) touchpoints |= 1UL << batch.Touchpoints[at];
            found.Add(new CustomerContacts(batch.Customers[run], to - from, batch.Times[from], batch.Times[to - 1], touchpoints));
        }
    }
}
