namespace Tangent.Data;

/// <summary>Puts a backup into an empty folder; whether the program answers there what it answered before is asked afterwards.</summary>
internal static class Restore
{
    /// <returns>The manifest, or why nothing was restored; the folder is then as it was.</returns>
    public static async Task<(BackupManifest? Manifest, string? Problem)> UnpackAsync(string archive, string folder, CancellationToken ct)
    {
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            return (null, $"{target} is not empty. A backup is restored into an empty folder only: name another with --data, or move what is there away.");
        if (!File.Exists(archive)) return (null, $"There is no file {Path.GetFullPath(archive)}.");

        // Only when everything is there and whole does the folder get its name: a restore that is cut short leaves no half of one.
        var aside = target + ".restoring";
        if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
        Directory.CreateDirectory(aside);
        try
        {
            var (manifest, problem) = await BackupArchive.ReadAsync(archive, aside, ct);
            if (problem is not null) return (null, $"The backup cannot be restored. {problem}");
            if (manifest!.Migrations.Except(Migrator.Names()).FirstOrDefault() is { } unknown) return (null, $"The backup was made by a newer version ({manifest.Program}; its migration {unknown} is not known here). Restore it with that version.");
            if (Directory.Exists(target)) Directory.Delete(target);
            Directory.Move(aside, target);
            return (manifest, null);
        }
        finally
        {
            if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
        }
    }

    /// <summary>Arguments under which the restored server answers as the one that was backed up, whatever this one's configuration says.</summary>
    public static IEnumerable<string> Arguments(BackupManifest manifest)
    {
        foreach (var (key, value) in (manifest.Settings ?? new Dictionary<string, string>()).Where(s => s.Key.StartsWith(CompanyOptions.Section + ":", StringComparison.Ordinal)))
        {
            yield return $"--{key}={value}";
            // Rates one by one overrule rates as one text.
            if (key == CompanySettings.Rates) foreach (var rate in value.Split(", ", StringSplitOptions.RemoveEmptyEntries)) yield return $"--{key}:{rate}";
        }
    }

    /// <summary>Names of the answers that are not those of the backup.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string> found) =>
        [.. expected.Where(e => found.GetValueOrDefault(e.Key) != e.Value).Select(e => e.Key).Concat(found.Keys.Except(expected.Keys))];
}
