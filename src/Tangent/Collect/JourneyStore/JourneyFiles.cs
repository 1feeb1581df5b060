using System.Security.Cryptography;
using System.Text;
using Tangent.Engine;

namespace Tangent.Collect;

/// <summary>Opens the journeys of a data folder: the engine's base and, beside it, the dictionaries and identities of the same moment. What does not fit together is thrown away and rebuilt from the log.</summary>
internal static class JourneyFiles
{
    private const string FileName = "identities.bin";
    // A state of another form is rebuilt from the log.
    private const uint Magic = 0x35_4E_47_54;

    public static JourneyProjection Open(string folder, IReadOnlyList<string> properties)
    {
        var table = JourneyTable.Open(folder, properties.Count);
        if (table.GenerationDirectory is { } generation && TryRead(Path.Combine(generation, FileName), properties, table) is { } found) return found;
        if (table.GenerationDirectory is not null)
        {
            table.Dispose();
            Directory.Delete(folder, recursive: true);
            table = JourneyTable.Open(folder, properties.Count);
        }

        return new JourneyProjection(table, new EventCodes(properties), new IdentityGraph(), new Accounts(), 0);
    }

    /// <summary>The state of this moment, to be written beside the base of the same moment.</summary>
    public static byte[] Serialize(JourneyProjection journeys)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(journeys.Position);
            journeys.Codes.Write(writer);
            journeys.Identities.Write(writer);
            journeys.Accounts.Write(writer);
        }

        var hash = SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length));
        stream.Write(hash);
        return stream.ToArray();
    }

    public static void Write(string generation, byte[] state)
    {
        using var file = new FileStream(Path.Combine(generation, FileName), FileMode.Create, FileAccess.Write);
        file.Write(state);
        file.Flush(flushToDisk: true);
    }

    private static JourneyProjection? TryRead(string path, IReadOnlyList<string> properties, JourneyTable table)
    {
        if (!File.Exists(path)) return null;
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < 44 || !SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32)).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - 32))) return null;
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        if (reader.ReadUInt32() != Magic) return null;
        var position = reader.ReadInt64();
        var codes = EventCodes.Read(reader);
        if (position != table.Watermark || !codes.Properties.SequenceEqual(properties, StringComparer.Ordinal)) return null;
        return new JourneyProjection(table, codes, IdentityGraph.Read(reader), Accounts.Read(reader), position);
    }
}
