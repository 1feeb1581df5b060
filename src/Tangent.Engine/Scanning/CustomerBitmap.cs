namespace Tangent.Engine;

/// <summary>A set of customers (a segment), one bit each.</summary>
public sealed class CustomerBitmap
{
    private ulong[] words;

    /// <summary>An empty set.</summary>
    /// <param name="customers">Customer numbers are expected below this; it grows where they are not.</param>
    public CustomerBitmap(int customers = 0) => words = Bitmap.Of(customers);

    /// <summary>The set of these customers.</summary>
    public static CustomerBitmap Of(IEnumerable<int> customers)
    {
        var set = new CustomerBitmap();
        foreach (var customer in customers) set.Add(customer);
        return set;
    }

    /// <summary>Adds a customer. Not to be called while a question is being asked with this set.</summary>
    public void Add(int customer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(customer);
        if (customer >> 6 >= words.Length) Array.Resize(ref words, Math.Max((customer >> 6) + 1, words.Length * 2));
        Bitmap.Set(words, customer);
    }

    /// <summary>Whether the customer is in the set.</summary>
    public bool Contains(int customer) => customer >= 0 && Bitmap.Has(words, customer);

    /// <summary>Number of customers in the set.</summary>
    public int Count => words.Sum(word => System.Numerics.BitOperations.PopCount(word));

    internal ulong[] Words => words;
}
