using System.Globalization;

namespace Tangent.Engine;

/// <summary>
/// The bases of a table on disk: folders gen-000001, gen-000002 …, of which the file "current" names the valid one.
/// Renaming a new "current" over the old one is the commit; a folder it does not name is a left-over and is deleted.
/// </summary>
internal sealed class Generations(string directory)
{
    private const string Prefix = "gen-";
    private int number;

    public string? Current { get; private set; }

    private string Pointer => Path.Combine(directory, "current");

    public BaseReport Open(int propertyColumns, out Segment? segment, out long watermark)
    {
        segment = null;
        watermark = 0;
        Directory.CreateDirectory(directory);
        foreach (var folder in Directory.EnumerateDirectories(directory, Prefix + "*"))
            if (int.TryParse(Path.GetFileName(folder.AsSpan())[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var found))
                number = Math.Max(number, found);
        if (!File.Exists(Pointer)) return new BaseReport(BaseState.Absent, "there is no base yet");

        var name = File.ReadAllText(Pointer).Trim();
        var path = Path.Combine(directory, name);
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || name != Path.GetFileName(name) || !Directory.Exists(path))
            return new BaseReport(BaseState.Damaged, "\"current\" names no folder of a base");
        try
        {
            segment = SegmentFile.Open(Path.Combine(path, SegmentFile.Name), propertyColumns, verify: true, out watermark, out var reason);
            if (segment is null) return new BaseReport(BaseState.Damaged, reason);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new BaseReport(BaseState.Damaged, e.Message);
        }

        Current = path;
        DeleteOthers();
        return new BaseReport(BaseState.Found, "");
    }

    /// <summary>A fresh folder for the next base.</summary>
    public string Begin()
    {
        var path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{++number:000000}"));
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>Makes the folder the valid one and deletes the others.</summary>
    public void Commit(string path)
    {
        var next = Pointer + ".next";
        using (var stream = new FileStream(next, FileMode.Create))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(Path.GetFileName(path) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, Pointer, overwrite: true);
        Current = path;
    }

    /// <summary>Deletes what is not the valid base. A file that is still mapped may refuse; the next call gets it.</summary>
    public void DeleteOthers()
    {
        foreach (var folder in Directory.EnumerateDirectories(directory, Prefix + "*"))
            if (folder != Current) TryDelete(folder);
    }

    public static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left for the next time; "current" does not name it, so it does no harm.
        }
    }
}
