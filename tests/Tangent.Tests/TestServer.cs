using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Cli;
using Tangent.Web;

namespace Tangent.Tests;

/// <summary>The whole program in this process on a real port and a data folder of its own. Requests act as the owner (a demo server); use <see cref="StartAsync"/> for one that asks to sign in.</summary>
public sealed class TestServer : IAsyncLifetime, IAsyncDisposable
{
    private Server? _server;

    public string DataFolder { get; private set; } = "";

    public Uri Address { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    internal IServiceProvider Services => _server!.App.Services;

    public static async Task<TestServer> StartAsync(bool demo = true, string? dataFolder = null, params string[] settings)
    {
        var server = new TestServer { DataFolder = dataFolder ?? Directory.CreateTempSubdirectory("tangent").FullName };
        server._server = await Server.StartAsync(new ServerOptions(server.DataFolder, ["http://127.0.0.1:0"], demo, settings), CancellationToken.None)
            ?? throw new InvalidOperationException("The data folder is held by another server.");
        server.Address = new Uri(server._server.Address);
        server.Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = server.Address };
        return server;
    }

    /// <summary>Stops the server but keeps its data folder, for a second start on it.</summary>
    public async Task StopAsync()
    {
        Http.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        _server = null;
    }

    public async Task InitializeAsync()
    {
        var started = await StartAsync();
        (DataFolder, _server, Address, Http) = (started.DataFolder, started._server, started.Address, started.Http);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        SqliteConnection.ClearAllPools();
        if (Directory.Exists(DataFolder)) Directory.Delete(DataFolder, recursive: true);
    }

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    internal T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();
}
