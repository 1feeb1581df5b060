namespace Tangent.Engine;

/// <summary>A list of a kernel: no interface, no version, doubling.</summary>
internal struct GrowingList<T>
{
    private T[]? items;

    public int Count { get; private set; }

    public readonly Span<T> Items => items.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(T item)
    {
        if (items is null || Count == items.Length) Array.Resize(ref items, Math.Max(1024, Count * 2));
        items[Count++] = item;
    }
}
