using System.Text.Json;
using System.Text.Json.Serialization;
using Tangent.Data;

namespace Tangent.Collect;

/// <summary>An erasure as the journal keeps it: by hashes alone.</summary>
/// <param name="At">When it was decided, UTC.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who decided.</param>
/// <param name="Hashes">Keyed hashes of the identifiers, e-mail addresses and telephone numbers.</param>
internal sealed record JournalledErasure(DateTime At, string Reason, string By, IReadOnlyList<string> Hashes);

/// <summary>Erasures in a file beside the backups and in none of them, so that restoring an older backup does not take it back.</summary>
internal sealed class ErasureJournal(Backups backups)
{
    public const string FileName = "erasures.journal";

    public async Task AddAsync(JournalledErasure erasure, CancellationToken ct)
    {
        Directory.CreateDirectory(backups.DefaultFolder);
        await using var file = new FileStream(Path.Combine(backups.DefaultFolder, FileName), FileMode.Append, FileAccess.Write, FileShare.Read);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await file.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(erasure, JournalJson.Default.JournalledErasure), ct);
        await file.WriteAsync("\n"u8.ToArray(), ct);
        file.Flush(flushToDisk: true);
    }

    /// <summary>The erasures that were decided since a moment. A line that a stop cut off is left out: its erasure was finished, and written again, at the next start.</summary>
    public static List<JournalledErasure> Read(string path, DateTime sinceUtc)
    {
        var found = new List<JournalledErasure>();
        foreach (var line in File.ReadLines(path).Where(l => l.Length > 0))
        {
            try
            {
                if (JsonSerializer.Deserialize(line, JournalJson.Default.JournalledErasure) is { Hashes: not null } erasure && erasure.At >= sinceUtc) found.Add(erasure);
            }
            catch (JsonException)
            {
                continue;
            }
        }

        return found;
    }
}

[JsonSerializable(typeof(JournalledErasure))]
internal sealed partial class JournalJson : JsonSerializerContext;
