using System.Runtime.InteropServices;

namespace Tangent.Cli;

/// <summary>
/// Hears when the program is asked to stop (Ctrl+C, or a service manager), from before a command begins until it has ended. The command ends itself,
/// however long that takes: the one who asked can still kill it.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals() => _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];

    public CancellationToken Token => _source.Token;

    /// <summary>What the shell is told of a command that was stopped: 128 and the number of the signal (2 or 15); null where nobody asked.</summary>
    public int? Code { get; private set; }

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        Code ??= context.Signal == PosixSignal.SIGINT ? ExitCode.Interrupted : ExitCode.Terminated;
        // Not waited for: what ends by it runs on its own thread.
        _ = _source.CancelAsync();
    }
}
