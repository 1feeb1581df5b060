using System.Globalization;
using System.Security.Cryptography;
using Tangent.Data;

namespace Tangent.Collect;

/// <summary>A file that was sent and is looked at before it is imported.</summary>
internal sealed record Upload(string Id, string FileName, string Path, long Bytes, DateTime ReceivedUtc);

/// <summary>Files that wait in the data folder, at most a day: each is a folder of its own with the file and its name.</summary>
internal sealed class Uploads(DataFolder folder)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);
    private const int IdLength = 24;
    private const int MostNameLength = 200;

    private string Root => System.IO.Path.Combine(folder.Imports, "uploads");

    /// <returns>Null where the file is larger than an import may be.</returns>
    public async Task<Upload?> SaveAsync(string fileName, Stream body, CancellationToken ct)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength / 2));
        var place = System.IO.Path.Combine(Root, id);
        Directory.CreateDirectory(place);
        try
        {
            var bytes = await ImportUpload.SaveAsync(body, FileOf(id), _ => { }, ct);
            // The name comes last: only what is whole is found.
            if (bytes >= 0) await File.WriteAllTextAsync(NameOf(id), Short(fileName), ct);
            else Directory.Delete(place, recursive: true);
            return bytes >= 0 ? Find(id) : null;
        }
        catch
        {
            // The sender has gone, or the disk is full.
            Directory.Delete(place, recursive: true);
            throw;
        }
    }

    public Upload? Find(string id)
    {
        if (id.Length != IdLength || !id.All(char.IsAsciiHexDigitLower) || !File.Exists(NameOf(id))) return null;
        var file = new FileInfo(FileOf(id));
        return file.Exists ? new Upload(id, File.ReadAllText(NameOf(id)), file.FullName, file.Length, file.LastWriteTimeUtc) : null;
    }

    /// <summary>The files that wait, the latest first.</summary>
    public IReadOnlyList<Upload> List() => Directory.Exists(Root)
        ? [.. Directory.EnumerateDirectories(Root).Select(d => Find(System.IO.Path.GetFileName(d))).OfType<Upload>().OrderByDescending(u => u.ReceivedUtc)]
        : [];

    /// <summary>Throws away what was cut short: nobody knows what it is, and it would outlast an erasure. Only while nobody sends.</summary>
    public void RemoveHalf()
    {
        if (!Directory.Exists(Root)) return;
        foreach (var place in Directory.EnumerateDirectories(Root).Where(d => Find(System.IO.Path.GetFileName(d)) is null).ToList()) Delete(place);
    }

    /// <summary>Throws away what has waited for a day, also what was never whole.</summary>
    public void RemoveOld()
    {
        if (!Directory.Exists(Root)) return;
        foreach (var place in Directory.EnumerateDirectories(Root).Where(d => DateTime.UtcNow - Directory.GetLastWriteTimeUtc(d) > Kept).ToList()) Delete(place);
    }

    public void Remove(string id)
    {
        if (Find(id) is not null) Delete(System.IO.Path.Combine(Root, id));
    }

    private static void Delete(string place)
    {
        try
        {
            Directory.Delete(place, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody else was quicker.
        }
    }

    private string FileOf(string id) => System.IO.Path.Combine(Root, id, "file");

    private string NameOf(string id) => System.IO.Path.Combine(Root, id, "name");

    private static string Short(string fileName)
    {
        var name = System.IO.Path.GetFileName(fileName.Replace('\\', '/')).Trim();
        var plain = string.Concat(name.Where(c => !char.IsControl(c)));
        return plain.Length > MostNameLength ? plain[..MostNameLength] : plain.Length > 0 ? plain : DateTime.UtcNow.ToString("yyyy-MM-dd HH-mm", CultureInfo.InvariantCulture);
    }
}
