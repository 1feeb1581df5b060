using System.Net.Sockets;
using Tangent.Data;
using Tangent.Web;

namespace Tangent.Cli;

/// <summary>An HTTP client to the server that holds the data folder; where none does, one is started in this process for as long as the command runs.</summary>
internal sealed class ServerConnection : IAsyncDisposable
{
    private readonly Server? _own;

    private ServerConnection(string socket, Server? own)
    {
        _own = own;
        Http = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, ct) => ConnectAsync(socket, ct), UseProxy = false })
        {
            BaseAddress = new Uri("http://" + ReachedAddress.SocketHost),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public HttpClient Http { get; }

    /// <returns>Null where another process holds the folder but does not answer.</returns>
    public static async Task<ServerConnection?> OpenAsync(string dataFolder, CancellationToken ct)
    {
        var folder = new DataFolder(dataFolder);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            if (await AnswersAsync(folder.Socket, ct)) return new ServerConnection(folder.Socket, null);
            var own = await Server.StartAsync(new ServerOptions(dataFolder, []), ct);
            if (own is not null)
            {
                // An answer counts all that is in the log, also where the journeys have to be rebuilt from it first.
                await own.WaitUntilCompleteAsync(ct);
                return new ServerConnection(folder.Socket, own);
            }

            // The holder may just be starting or stopping.
            await Task.Delay(250, ct);
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_own is not null) await _own.DisposeAsync();
    }

    private static async Task<bool> AnswersAsync(string socket, CancellationToken ct)
    {
        if (!File.Exists(socket)) return false;
        try
        {
            await using var stream = await ConnectAsync(socket, ct);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async ValueTask<Stream> ConnectAsync(string socket, CancellationToken ct)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), ct);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
