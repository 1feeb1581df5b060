using System.Buffers.Binary;
using System.Buffers.Text;
using Tangent.Engine;

namespace Tangent.Bench;

/// <summary>
/// The generated events in a folder kept between runs, one file for everyone: rows of customer (4 bytes), time (8), touchpoint (1),
/// channel (1) and revenue (4, floating), sorted by customer and time.
/// </summary>
internal sealed class GeneratedRows
{
    private const int RowBytes = 18;

    public GeneratedRows(long events, int seed)
    {
        Events = events;
        Seed = seed;
        Folder = Path.Combine(Path.GetTempPath(), "tangent-compare", $"{events}-{seed}");
        Directory.CreateDirectory(Folder);
        RowsFile = Path.Combine(Folder, "rows.bin");
        CsvFile = Path.Combine(Folder, "rows.csv");
    }

    public long Events { get; }
    public int Seed { get; }
    public string Folder { get; }
    public string RowsFile { get; }

    /// <summary>For who cannot read the rows; made by <see cref="WriteCsv"/>.</summary>
    public string CsvFile { get; }

    /// <summary>Customers; their numbers are below.</summary>
    public int Customers { get; private set; }

    public void Make()
    {
        var file = new FileInfo(RowsFile);
        if (!file.Exists || file.Length != Events * RowBytes) Write();
        using var stream = File.OpenRead(RowsFile);
        stream.Seek(-RowBytes, SeekOrigin.End);
        Span<byte> last = stackalloc byte[RowBytes];
        stream.ReadExactly(last);
        Customers = BinaryPrimitives.ReadInt32LittleEndian(last) + 1;
    }

    private void Write()
    {
        using (var stream = new FileStream(RowsFile + ".new", FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
        {
            Span<byte> row = stackalloc byte[RowBytes];
            foreach (var journey in new Generator(Seed).Journeys(Events))
            {
                foreach (ref readonly var e in journey.AsSpan())
                {
                    BinaryPrimitives.WriteInt32LittleEndian(row, e.Identity);
                    BinaryPrimitives.WriteInt64LittleEndian(row[4..], e.TimestampMs);
                    row[12] = (byte)Generator.TouchpointOfSignature[e.Signature];
                    row[13] = (byte)Generator.ChannelOfSignature[e.Signature];
                    BinaryPrimitives.WriteSingleLittleEndian(row[14..], (float)e.Value);
                    stream.Write(row);
                }
            }
        }

        File.Move(RowsFile + ".new", RowsFile, overwrite: true);
    }

    public void WriteCsv()
    {
        using var stream = new FileStream(CsvFile, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        var line = new byte[128];
        foreach (var e in Read())
        {
            var at = Put(line, 0, e.Identity, (byte)',');
            at = Put(line, at, e.TimestampMs, (byte)',');
            at = Put(line, at, Generator.TouchpointOfSignature[e.Signature], (byte)',');
            at = Put(line, at, Generator.ChannelOfSignature[e.Signature], (byte)',');
            Utf8Formatter.TryFormat((float)e.Value, line.AsSpan(at), out var written);
            line[at + written] = (byte)'\n';
            stream.Write(line, 0, at + written + 1);
        }
    }

    /// <summary>The events as the engine takes them, in the order of the file.</summary>
    public IEnumerable<JourneyEvent> Read()
    {
        using var stream = File.OpenRead(RowsFile);
        var buffer = new byte[RowBytes * 65_536];
        long position = 0;
        for (int read; (read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0;)
        {
            for (var at = 0; at < read; at += RowBytes)
            {
                var value = BinaryPrimitives.ReadSingleLittleEndian(buffer.AsSpan(at + 14));
                yield return new JourneyEvent(
                    BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(at)),
                    BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(at + 4)),
                    (ushort)(buffer[at + 12] * Generator.Channels + buffer[at + 13]),
                    value,
                    (byte)(value > 0 ? 1 : 0),
                    position++);
            }
        }
    }

    private static int Put(byte[] line, int at, long number, byte end)
    {
        Utf8Formatter.TryFormat(number, line.AsSpan(at), out var written);
        line[at + written] = end;
        return at + written + 1;
    }
}
