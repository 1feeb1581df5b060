using Tangent.Collect;
using Tangent.Data;
using Tangent.Web;

namespace Tangent.Cli;

/// <summary>A server of this process: the data folder held, the schema up to date, the addresses open.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly DataFolder _folder;

    private Server(DataFolder folder, WebApplication app)
    {
        _folder = folder;
        App = app;
    }

    public WebApplication App { get; }

    /// <summary>Address of the first web listener, for links to print.</summary>
    public string Address => App.Urls.FirstOrDefault(u => u.StartsWith("http", StringComparison.Ordinal) && !u.Contains("unix:", StringComparison.Ordinal)) ?? "";

    /// <summary>What can keep a server from starting without the program being at fault: an address in use, a damaged file, a wrong setting.</summary>
    public static bool IsExpected(Exception e) =>
        e is IOException or UnauthorizedAccessException or InvalidOperationException or FormatException
            or System.Data.Common.DbException or Microsoft.Extensions.Options.OptionsValidationException;

    /// <returns>Null where another server holds the folder.</returns>
    /// <exception cref="IOException">An address is in use.</exception>
    public static async Task<Server?> StartAsync(ServerOptions options, CancellationToken ct)
    {
        var folder = new DataFolder(options.DataFolder);
        if (!folder.TryHold()) return null;
        try
        {
            var app = Program.Build(options, folder);
            await app.MigrateAsync(ct);
            await app.StartAsync(ct);
            // Only the owner of the data folder may speak through its socket.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.Socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return new Server(folder, app);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Completes when answers count all that is in the event log now.</summary>
    public Task WaitUntilCompleteAsync(CancellationToken ct) =>
        App.Services.GetRequiredService<JourneyStore>().WaitUntilVisibleAsync(App.Services.GetRequiredService<EventLog>().EndPosition, ct);

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
        _folder.Dispose();
    }
}
