using System.Runtime.InteropServices;

namespace Tangent.Engine;

/// <summary>Memory outside the managed heap that lives as long as someone refers to it: views hold segments, segments hold blocks.</summary>
internal sealed unsafe class NativeBlock
{
    private readonly void* pointer;
    private readonly long bytes;

    public NativeBlock(long bytes)
    {
        this.bytes = Math.Max(64, bytes);
        pointer = NativeMemory.AlignedAlloc((nuint)this.bytes, 64);
        GC.AddMemoryPressure(this.bytes);
    }

    ~NativeBlock()
    {
        NativeMemory.AlignedFree(pointer);
        GC.RemoveMemoryPressure(bytes);
    }

    public byte* Pointer => (byte*)pointer;
}
