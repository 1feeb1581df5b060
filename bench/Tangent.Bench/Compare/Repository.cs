namespace Tangent.Bench;

/// <summary>The folder that the solution lies in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Tangent.slnx"))) return folder;
        throw new DirectoryNotFoundException("The bench is to be run from the repository it was built in.");
    }
}
