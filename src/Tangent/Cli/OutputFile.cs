namespace Tangent.Cli;

/// <summary>A file that a command writes: whole or not at all.</summary>
internal static class OutputFile
{
    /// <summary>What can be said against a file before what goes into it is there.</summary>
    /// <returns>Null where nothing speaks against it.</returns>
    public static string? Refusal(string path) =>
        Directory.Exists(path) ? $"{path} is a folder. Name a file in it."
        : Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder) ? $"There is no folder {folder}." : null;

    /// <summary>Writes the file beside its place and puts it there once it is whole.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="writeAsync">Writes what goes into it.</param>
    /// <param name="ct">Breaks off; what was there before stays.</param>
    /// <param name="isPrivate">Nobody else on this machine may read it.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static async Task WriteAsync(string path, Func<Stream, CancellationToken, Task> writeAsync, CancellationToken ct, bool isPrivate = false)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (isPrivate && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        // What is no file of its own (a link, the standard output) is written to, never replaced.
        if (File.Exists(path) && (File.ResolveLinkTarget(path, returnFinalTarget: false) is not null || Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal)))
        {
            await using var there = new FileStream(path, options);
            await writeAsync(there, ct);
            return;
        }

        var part = path + ".part";
        try
        {
            await using (var file = new FileStream(part, options)) await writeAsync(file, ct);
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
