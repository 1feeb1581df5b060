namespace Tangent.Collect;

/// <summary>Lets imports run on while the page that started them goes on to show how far they are; files that nobody imports go after a day. When the server stops imports end at once; what they took stays.</summary>
internal sealed class ImportStarter(IServiceScopeFactory scopes, Uploads uploads, ILogger<ImportStarter> logger) : BackgroundService
{
    private static readonly TimeSpan Tidying = TimeSpan.FromHours(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];

    /// <returns>Number of the import, which has begun.</returns>
    public async Task<int> StartAsync(Upload upload, ImportRequest request, ImportMapping map, CancellationToken ct)
    {
        var scope = scopes.CreateAsyncScope();
        var run = scope.ServiceProvider.GetRequiredService<ImportRun>();
        var progress = await run.BeginAsync(request, ct);
        var running = Task.Run(() => RunAsync(scope, run, progress, upload, request, map), CancellationToken.None);
        lock (_gate) _running.Add(running);
        _ = running.ContinueWith(done => { lock (_gate) _running.Remove(done); }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return progress.Import.Id;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await _stopping.CancelAsync();
        Task[] running;
        lock (_gate) running = [.. _running];
        await Task.WhenAll(running);
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        uploads.RemoveHalf();
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _stopping.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tidying);
        try
        {
            do uploads.RemoveOld();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    private async Task RunAsync(AsyncServiceScope scope, ImportRun run, ImportProgress progress, Upload upload, ImportRequest request, ImportMapping map)
    {
        await using var held = scope;
        try
        {
            var report = await run.RunAsync(progress, request, FileReading.FormatOf(request.Format), map, upload.Path, _stopping.Token);
            if (report is { State: ImportState.Done, DryRun: false }) uploads.Remove(upload.Id);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The history says that it was interrupted.
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Nobody waits for it: it is said here, and in the history.
            logger.LogWarning(e, "Import {Import} ended early.", progress.Import.Id);
        }
    }
}
