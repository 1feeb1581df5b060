using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tangent.Data;

/// <summary>The one folder that holds everything the program keeps. At most one server holds it at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private FileStream? _lock;

    public DataFolder(string path)
    {
        Root = Path.GetFullPath(path);
        Directory.CreateDirectory(Root);
    }

    public string Root { get; }

    public string Database => Path.Combine(Root, "tangent.db");

    public string EventLog => Path.Combine(Root, "events.db");

    public string Journeys => Path.Combine(Root, "journeys");

    /// <summary>Files being imported and the rows they had rejected.</summary>
    public string Imports => Path.Combine(Root, "imports");

    public string Keys => Path.Combine(Root, "keys");

    public string DemoTruth => Path.Combine(Root, "demo-truth.json");

    /// <summary>Socket through which commands reach a running server. Socket addresses are limited to about 100 bytes, so a deep folder gets one in the temporary folder.</summary>
    public string Socket
    {
        get
        {
            var beside = Path.Combine(Root, "tangent.sock");
            if (Encoding.UTF8.GetByteCount(beside) <= 100) return beside;
            var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)))[..16];
            return Path.Combine(Path.GetTempPath(), $"tangent-{Environment.UserName}-{name}.sock");
        }
    }

    private string PidFile => Path.Combine(Root, "server.pid");

    /// <summary>Takes the folder for this process; false where another server holds it.</summary>
    public bool TryHold()
    {
        try
        {
            _lock = new FileStream(Path.Combine(Root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return false;
        }

        // It holds personal data and the socket that makes an owner: nobody else on this machine may look in.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // What an import that was cut short had taken in.
        if (Directory.Exists(Imports)) foreach (var part in Directory.EnumerateFiles(Imports, "*.part")) File.Delete(part);
        File.WriteAllText(PidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        File.Delete(Socket);
        return true;
    }

    /// <summary>Process number of the server that holds the folder, as far as it is known.</summary>
    public string Holder() => File.Exists(PidFile) ? File.ReadAllText(PidFile) : "?";

    public void Dispose()
    {
        if (_lock is null) return;
        File.Delete(Socket);
        File.Delete(PidFile);
        _lock.Dispose();
        _lock = null;
    }
}
