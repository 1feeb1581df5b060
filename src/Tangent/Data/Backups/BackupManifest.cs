using System.Text.Json;

namespace Tangent.Data;

/// <param name="Sha256">In hexadecimal digits.</param>
public sealed record BackupFile(string Name, long Size, string Sha256);

/// <summary>What a backup holds and how to prove that it was restored: the last file of the archive.</summary>
/// <param name="Format">Form of the archive.</param>
/// <param name="Program">Version that made it.</param>
/// <param name="Watermark">Position in the event log (exclusive) that everything in it is of.</param>
/// <param name="Migrations">Scripts that had been applied to its database.</param>
/// <param name="Rows">Rows of each table.</param>
/// <param name="Settings">What held for the company, also where the server's own configuration said it: the answers are answers under these. Null in backups that did not keep it.</param>
/// <param name="Answers">Hashes of the answers to a fixed set of questions at that moment, by name; null where the journeys were being rebuilt then.</param>
public sealed record BackupManifest(
    int Format, string Program, DateTime CreatedUtc, long Watermark, IReadOnlyList<string> Migrations, IReadOnlyDictionary<string, long> Rows,
    IReadOnlyDictionary<string, string>? Settings, IReadOnlyDictionary<string, string>? Answers, IReadOnlyList<BackupFile> Files)
{
    public const string FileName = "manifest.json";
    public const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Form);

    /// <exception cref="JsonException">It is not one.</exception>
    public static BackupManifest? Read(byte[] json) => JsonSerializer.Deserialize<BackupManifest>(json, Form);
}
