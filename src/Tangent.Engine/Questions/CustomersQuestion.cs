namespace Tangent.Engine;

/// <summary>A page of customers with what they did. Cost: one pass; memory for skipped and taken customers only.</summary>
public sealed record CustomersQuestion : JourneyQuestion
{
    /// <summary>Order of the list.</summary>
    public CustomerOrder Order { get; init; }

    /// <summary>Customers passed over.</summary>
    public int Skip { get; init; }

    /// <summary>Customers returned at most; 50 by default.</summary>
    public int Take { get; init; } = 50;

    /// <summary>Only what comes after this one in the order; its number and what the order looks at count.</summary>
    public CustomerActivity? After { get; init; }

    /// <summary>Asks.</summary>
    public CustomersAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Skip);
        ArgumentOutOfRangeException.ThrowIfNegative(Take);
        var kept = (int)Math.Min(int.MaxValue, (long)Skip + Take);
        var kernels = Scan.Run(view, LensOn(view), () => new CustomersListKernel(Order, kept, After), ct);
        var all = kernels.SelectMany(kernel => kernel.First()).ToList();
        all.Sort(new CustomerComparer(Order));
        return new CustomersAnswer(kernels.Sum(kernel => kernel.Customers), [.. all.Skip(Skip).Take(Take)]);
    }
}

/// <summary>Order of a list of customers.</summary>
public enum CustomerOrder
{
    /// <summary>Latest activity first.</summary>
    LastActivity,

    /// <summary>Most events first.</summary>
    Events,
}

/// <summary>A page of customers.</summary>
/// <param name="Total">Customers in the whole list.</param>
/// <param name="Items">The page; equal ones by customer number.</param>
public sealed record CustomersAnswer(long Total, CustomerActivity[] Items);

/// <summary>What a customer did.</summary>
/// <param name="Customer">Customer number.</param>
/// <param name="Events">Events in the filtered journey.</param>
/// <param name="FirstMs">Time of the first.</param>
/// <param name="LastMs">Time of the last.</param>
public readonly record struct CustomerActivity(int Customer, int Events, long FirstMs, long LastMs);

internal sealed class CustomerComparer(CustomerOrder order) : IComparer<CustomerActivity>
{
    public int Compare(CustomerActivity x, CustomerActivity y)
    {
        var difference = order == CustomerOrder.Events ? y.Events.CompareTo(x.Events) : y.LastMs.CompareTo(x.LastMs);
        return difference != 0 ? difference : x.Customer.CompareTo(y.Customer);
    }
}

/// <summary>Keeps the first customers of the order in a heap whose root is the last of them.</summary>
internal sealed unsafe class CustomersListKernel(CustomerOrder order, int kept, CustomerActivity? after) : Kernel
{
    private readonly CustomerComparer comparer = new(order);
    private GrowingList<CustomerActivity> heap;

    public long Customers { get; private set; }

    public CustomerActivity[] First() => heap.Items.ToArray();

    public override void Visit(in JourneyBatch batch)
    {
        Customers += batch.Runs;
        for (var run = 0; run < batch.Runs && kept > 0; run++)
        {
            int from = batch.Starts[run], to = batch.Starts[run + 1];
            var item = new CustomerActivity(batch.Customers[run], to - from, batch.Times[from], batch.Times[to - 1]);
            if (after is { } last && comparer.Compare(item, last) <= 0) continue;
            if (heap.Count < kept)
            {
                heap.Add(item);
                Rise(heap.Count - 1);
            }
            else if (comparer.Compare(item, heap.Items[0]) < 0)
            {
                heap.Items[0] = item;
                Sink();
            }
        }
    }

    private void Rise(int at)
    {
        var items = heap.Items;
        for (; at > 0 && comparer.Compare(items[at], items[(at - 1) / 2]) > 0; at = (at - 1) / 2)
            (items[at], items[(at - 1) / 2]) = (items[(at - 1) / 2], items[at]);
    }

    private void Sink()
    {
        var items = heap.Items;
        for (var at = 0; ;)
        {
            var last = at;
            for (var child = 2 * at + 1; child <= 2 * at + 2 && child < items.Length; child++)
                if (comparer.Compare(items[child], items[last]) > 0) last = child;
            if (last == at) return;
            (items[at], items[last]) = (items[last], items[at]);
            at = last;
        }
    }
}
