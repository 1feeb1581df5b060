using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Tangent.Engine;

/// <summary>
/// A base segment as a file: a header of 4,096 bytes, the columns as <see cref="SegmentLayout"/> lays them out, and a table of checksums.
/// The header's own checksum covers the header and that table.
/// </summary>
internal static unsafe class SegmentFile
{
    public const string Name = "journeys.seg";
    private const int HeaderBytes = 4096;
    private const int Version = 2;
    private const ulong Magic = 0x4A544E45474E4154; // "TANGENTJ"

    /// <summary>Makes the file, lets <paramref name="fill"/> write its columns, and sees it safely onto the disk.</summary>
    /// <exception cref="IOException">The disk is full or fails; nothing has been promised then.</exception>
    public static void Write(string path, SegmentLayout layout, long watermark, Action<Segment> fill)
    {
        var chunks = Checksum.Chunks(layout.Bytes);
        var bytes = HeaderBytes + layout.Bytes + chunks * sizeof(uint);
        // Space is reserved before it is mapped: writing to a mapping on a full disk would end the process.
        using var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            PreallocationSize = bytes,
        });
        stream.SetLength(bytes);
        using (var block = MappedBlock.Of(stream, MemoryMappedFileAccess.ReadWrite))
        {
            fill(new Segment(layout, block, block.Pointer + HeaderBytes));
            var sums = Checksum.OfChunks(block.Pointer + HeaderBytes, layout.Bytes);
            sums.CopyTo(new Span<uint>(block.Pointer + HeaderBytes + layout.Bytes, chunks));
            var header = (Header*)block.Pointer;
            *header = new Header(Magic, Version, 0, layout.Runs, layout.Events, layout.PropertyColumns, layout.Identities, layout.Valued, watermark, layout.Bytes);
            header->Sum = HeaderSum(block.Pointer, layout.Bytes, chunks);
            block.Flush();
        }

        stream.Flush(flushToDisk: true);
    }

    // Maps a base segment. A file that is not exactly what was written is refused with the reason.
    // verify reads all of it and compares the checksums; a file just written does not need that.
    public static Segment? Open(string path, int propertyColumns, bool verify, out long watermark, out string reason)
    {
        watermark = 0;
        reason = "";
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length < HeaderBytes)
        {
            reason = $"{Name} has {stream.Length} bytes, less than a header";
            return null;
        }

        var block = MappedBlock.Of(stream, MemoryMappedFileAccess.Read);
        var header = *(Header*)block.Pointer;
        reason = Refusal(header, stream.Length, propertyColumns) ?? (verify ? Damage(stream, header.Bytes) : null) ?? "";
        if (reason.Length > 0)
        {
            block.Dispose();
            return null;
        }

        watermark = header.Watermark;
        var layout = new SegmentLayout(header.Runs, header.Events, header.PropertyColumns, sparse: false, header.Identities, header.Valued);
        return new Segment(layout, block, block.Pointer + HeaderBytes);
    }

    private static string? Refusal(in Header header, long length, int propertyColumns)
    {
        if (header.Magic != Magic) return $"{Name} is no segment of journeys";
        if (header.Version != Version) return $"{Name} is of version {header.Version}, this program reads version {Version}";
        if (header.Runs < 0 || header.Events < 0 || header.Identities < 0 || header.Valued < 0 || header.Valued > header.Events || header.PropertyColumns is < 0 or > 64) return $"the header of {Name} is damaged";
        if (header.PropertyColumns != propertyColumns)
            return $"{Name} holds {header.PropertyColumns} property columns, {propertyColumns} are declared";
        var layout = new SegmentLayout(header.Runs, header.Events, header.PropertyColumns, sparse: false, header.Identities, header.Valued);
        if (layout.Bytes != header.Bytes) return $"the header of {Name} is damaged";
        var expected = HeaderBytes + layout.Bytes + Checksum.Chunks(layout.Bytes) * sizeof(uint);
        return length == expected ? null : $"{Name} has {length} bytes instead of {expected}";
    }

    // Through a mapping of its own: so what only the check looks at does not stay memory of the process.
    private static string? Damage(FileStream stream, long bytes)
    {
        using var block = MappedBlock.Of(stream, MemoryMappedFileAccess.Read);
        var file = block.Pointer;
        var chunks = Checksum.Chunks(bytes);
        if (HeaderSum(file, bytes, chunks) != ((Header*)file)->Sum) return $"the header of {Name} fails its checksum";
        var stored = new ReadOnlySpan<uint>(file + HeaderBytes + bytes, chunks);
        var wrong = stored.CommonPrefixLength(Checksum.OfChunks(file + HeaderBytes, bytes));
        return wrong == chunks ? null : $"{Name} fails its checksum at byte {HeaderBytes + (long)wrong * Checksum.ChunkBytes}";
    }

    private static uint HeaderSum(byte* file, long bytes, int chunks)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        new ReadOnlySpan<byte>(file, HeaderBytes).CopyTo(header);
        MemoryMarshal.AsRef<Header>(header).Sum = 0;
        fixed (byte* copy = header)
        {
            var parts = stackalloc uint[2];
            parts[0] = Checksum.Of(copy, HeaderBytes);
            parts[1] = Checksum.Of(file + HeaderBytes + bytes, chunks * sizeof(uint));
            return Checksum.Of((byte*)parts, 2 * sizeof(uint));
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 8)]
    private struct Header(ulong magic, int version, uint sum, int runs, int events, int propertyColumns, int identities, int valued, long watermark, long bytes)
    {
        public readonly ulong Magic = magic;
        public readonly int Version = version;
        public uint Sum = sum;
        public readonly int Runs = runs;
        public readonly int Events = events;
        public readonly int PropertyColumns = propertyColumns;
        public readonly int Identities = identities;
        public readonly int Valued = valued;
        public readonly long Watermark = watermark;
        public readonly long Bytes = bytes;
    }

    /// <summary>A mapped file that is unmapped when nobody refers to it any more.</summary>
    private sealed class MappedBlock : IDisposable
    {
        private readonly MemoryMappedViewAccessor accessor;
        private readonly SafeMemoryMappedViewHandle handle;
        private int released;

        private MappedBlock(MemoryMappedViewAccessor accessor)
        {
            this.accessor = accessor;
            handle = accessor.SafeMemoryMappedViewHandle;
            byte* pointer = null;
            handle.AcquirePointer(ref pointer);
            Pointer = pointer + accessor.PointerOffset;
        }

        ~MappedBlock() => Release();

        public byte* Pointer { get; }

        public static MappedBlock Of(FileStream stream, MemoryMappedFileAccess access)
        {
            using var file = MemoryMappedFile.CreateFromFile(stream, null, 0, access, HandleInheritability.None, leaveOpen: true);
            return new MappedBlock(file.CreateViewAccessor(0, 0, access));
        }

        public void Flush() => accessor.Flush();

        public void Dispose()
        {
            Release();
            accessor.Dispose();
            GC.SuppressFinalize(this);
        }

        // The handle frees itself in its own, later finalizer once our pointer is given back.
        private void Release()
        {
            if (Interlocked.Exchange(ref released, 1) == 0) handle.ReleasePointer();
        }
    }
}
