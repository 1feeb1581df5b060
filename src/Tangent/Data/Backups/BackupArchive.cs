using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace Tangent.Data;

/// <summary>A backup as a file: a gzipped tar whose last entry, the manifest, has a checksum of every other.</summary>
internal static class BackupArchive
{
    private const int ManifestBytes = 16 << 20;

    /// <summary>Writes the archive, a new file that only its owner may read; the caller gives it its name once it is whole.</summary>
    /// <param name="files">Name in the archive and path of each.</param>
    /// <param name="complete">Makes the manifest when the checksums are known.</param>
    public static async Task<BackupManifest> WriteAsync(string path, IEnumerable<(string Name, string Path)> files, Func<IReadOnlyList<BackupFile>, BackupManifest> complete, CancellationToken ct)
    {
        var written = new List<BackupFile>();
        await using var file = Create(path);
        await using (var packed = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        await using (var tar = new TarWriter(packed, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, source) in files)
            {
                await using var content = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 17);
                var hash = await SHA256.HashDataAsync(content, ct);
                written.Add(new BackupFile(name, content.Length, Convert.ToHexStringLower(hash)));
                content.Position = 0;
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite }, ct);
            }

            var manifest = complete(written);
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, BackupManifest.FileName) { DataStream = new MemoryStream(manifest.Write()), Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite }, ct);
            await tar.DisposeAsync();
            await packed.DisposeAsync();
            file.Flush(flushToDisk: true);
            return manifest;
        }
    }

    /// <summary>Reads the whole archive and compares every file with its checksum; into a folder, or nowhere to check it only.</summary>
    /// <returns>The manifest, or why the archive is not usable.</returns>
    public static async Task<(BackupManifest? Manifest, string? Problem)> ReadAsync(string path, string? into, CancellationToken ct)
    {
        try
        {
            var found = new Dictionary<string, BackupFile>(StringComparer.Ordinal);
            byte[]? manifest = null;
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17);
            await using var packed = new GZipStream(file, CompressionMode.Decompress);
            await using var tar = new TarReader(packed);
            while (await tar.GetNextEntryAsync(copyData: false, ct) is { } entry)
            {
                if (manifest is not null || entry.EntryType != TarEntryType.RegularFile || !IsInside(entry.Name)) return (null, $"It holds something that no backup of Tangent holds ({entry.Name}).");
                if (entry.Name == BackupManifest.FileName) manifest = await AllAsync(entry, ct);
                else found[entry.Name] = await CopyAsync(entry, into, ct);
            }

            // What follows the tar's end still belongs to the checksum of the compressed file.
            await packed.CopyToAsync(Stream.Null, ct);
            return manifest is null ? (null, "It is cut off: its last part is missing.") : Judge(BackupManifest.Read(manifest), found);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or JsonException or OverflowException or InvalidOperationException)
        {
            return (null, $"It is damaged, or no backup of Tangent: {e.Message}");
        }
    }

    private static (BackupManifest? Manifest, string? Problem) Judge(BackupManifest? manifest, Dictionary<string, BackupFile> found)
    {
        if (manifest is not { Files: not null, Rows: not null, Migrations: not null }) return (null, "Its manifest is empty.");
        if (manifest.Format > BackupManifest.CurrentFormat) return (null, $"It was made by a newer version ({manifest.Program}).");
        var wrong = manifest.Files.FirstOrDefault(f => found.GetValueOrDefault(f.Name) != f);
        if (wrong is not null) return (null, $"{wrong.Name} is not what was backed up: its checksum differs.");
        return manifest.Files.Count == found.Count ? (manifest, null) : (null, "It holds files that its manifest does not name.");
    }

    /// <summary>A relative path that stays in its folder.</summary>
    private static bool IsInside(string name) => name.Length > 0 && !Path.IsPathRooted(name) && !name.Contains('\\', StringComparison.Ordinal) && name.Split('/').All(part => part is not ("" or "." or ".."));

    private static async Task<byte[]> AllAsync(TarEntry entry, CancellationToken ct)
    {
        if (entry.Length > ManifestBytes) throw new InvalidDataException("The manifest is too large.");
        var bytes = new byte[entry.Length];
        if (entry.DataStream is { } data) await data.ReadExactlyAsync(bytes, ct);
        return bytes;
    }

    private static async Task<BackupFile> CopyAsync(TarEntry entry, string? into, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long size = 0;
        await using var copy = into is null ? Stream.Null : Create(Path.Combine(into, entry.Name));
        var buffer = new byte[1 << 17];
        while (entry.DataStream is { } data && await data.ReadAsync(buffer, ct) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            await copy.WriteAsync(buffer.AsMemory(0, read), ct);
            size += read;
        }

        if (copy is FileStream file) file.Flush(flushToDisk: true);
        return new BackupFile(entry.Name, size, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static FileStream Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 1 << 17 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
