using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tangent.Collect;

/// <summary>What a data folder says about the demo in it. It is written before anything else and again when all is in, so that a demo cut short is known as such and no other folder is ever taken for one.</summary>
/// <param name="Version">Version of the simulator that made it.</param>
/// <param name="Events">Events sent, identifying calls included; 0 until all are in.</param>
internal sealed record DemoMarker(int Version, int Customers, int Seed, DateOnly End, bool Complete, long Events)
{
    public const int CurrentVersion = 1;

    private const string FileName = "demo.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    [JsonIgnore]
    public DemoRun Run => new(Customers, Seed, End);

    /// <returns>Null where the folder holds no demo.</returns>
    public static DemoMarker? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize<DemoMarker>(File.ReadAllBytes(path), Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Replaces the marker in one step: a reader sees the old one or the new one.</summary>
    public void Write(string folder)
    {
        var path = Path.Combine(folder, FileName);
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(this, Json));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Removes what a demo made in this folder, but for the marker and the lock by which the caller holds it.</summary>
    public static void Clear(string folder)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(e => e.Name is not (FileName or "lock" or "server.pid")))
        {
            if (entry is DirectoryInfo { LinkTarget: null } directory) directory.Delete(recursive: true);
            else entry.Delete();
        }
    }
}
