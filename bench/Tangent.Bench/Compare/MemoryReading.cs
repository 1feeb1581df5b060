using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tangent.Bench;

/// <summary>How long this machine takes to read so many bytes once, with all processors and the widest vectors: no question that must see them can be faster.</summary>
internal sealed unsafe class MemoryReading : IDisposable
{
    private const long Line = 256;
    // Far beyond all caches; more takes in proportion longer.
    private const long Most = 1L << 30;
    private readonly long capacity;
    private byte* memory;

    public MemoryReading(long capacity)
    {
        this.capacity = (Math.Min(capacity, Most) + Line - 1) / Line * Line;
        memory = (byte*)NativeMemory.AlignedAlloc((nuint)this.capacity, 4096);
        for (long at = 0; at < this.capacity; at += 4096) memory[at] = 1;
    }

    public double Ms(long bytes)
    {
        var threads = Environment.ProcessorCount;
        var read = Math.Min(bytes, capacity);
        var share = read / threads / Line * Line;
        var sums = new ulong[threads];
        var watch = Stopwatch.StartNew();
        Parallel.For(0, threads, thread => sums[thread] = Sum(memory + thread * share, share));
        var ms = watch.Elapsed.TotalMilliseconds;
        return sums.Aggregate((a, b) => a ^ b) == 42 ? -1 : ms * bytes / read;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(memory);
        memory = null;
    }

    private static ulong Sum(byte* from, long bytes)
    {
        Vector512<ulong> a = default, b = default, c = default, d = default;
        for (long at = 0; at < bytes; at += Line)
        {
            a += Vector512.Load((ulong*)(from + at));
            b += Vector512.Load((ulong*)(from + at + 64));
            c += Vector512.Load((ulong*)(from + at + 128));
            d += Vector512.Load((ulong*)(from + at + 192));
        }

        return Vector512.Sum(a + b + c + d);
    }
}
