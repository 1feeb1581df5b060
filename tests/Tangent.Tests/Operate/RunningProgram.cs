using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Tangent.Tests.Operate;

/// <summary>The built program as a process of its own.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private readonly StringBuilder _output = new();
    private readonly Process _process;

    private RunningProgram(Process process) => _process = process;

    public static string Program => Path.Combine(Repository.Root, "artifacts", "bin", "Tangent", "release", "Tangent.dll");

    public required HttpClient Http { get; init; }

    /// <summary>All that it wrote so far.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    public int ProcessId => _process.Id;

    /// <summary>Starts a server, and does not wait for it.</summary>
    public static RunningProgram Begin(string dataFolder, params string[] settings)
    {
        var port = FreePort();
        var program = new RunningProgram(Start(["serve", "--data", dataFolder, "--urls", $"http://127.0.0.1:{port}", .. settings]))
        {
            Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") },
        };
        program.Listen();
        return program;
    }

    /// <summary>Starts a server and waits until it answers.</summary>
    public static async Task<RunningProgram> ServeAsync(string dataFolder, params string[] settings)
    {
        var program = Begin(dataFolder, settings);
        for (var attempt = 0; attempt < 600; attempt++)
        {
            program._process.HasExited.ShouldBeFalse(program.Output);
            try
            {
                if ((await program.Http.GetAsync("/health/ready")).IsSuccessStatusCode) return program;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(100);
        }

        throw new TimeoutException(program.Output);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Asks it to stop, as a service manager does.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public void Kill() => _process.Kill();

    public async Task<bool> SendAsync(string writeKey, string body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(writeKey + ":")));
        using var answer = await Http.SendAsync(request, ct);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            Terminate();
            await ExitAsync();
        }

        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Start(string[] arguments)
    {
        File.Exists(Program).ShouldBeTrue($"{Program} is not built; ./test builds it");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Program, .. arguments]) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private void Listen()
    {
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        void Keep(object sender, DataReceivedEventArgs e)
        {
            lock (_output) _output.AppendLine(e.Data);
        }
    }
}
