namespace Tangent.Web;

/// <summary>Something that happened on a day and may explain what a chart shows, for example "new invoice layout".</summary>
public sealed record ChartMark(DateOnly Day, string Text);

/// <summary>What every chart over time marks; set by who keeps the annotations.</summary>
public sealed class ChartMarks : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private volatile IReadOnlyList<ChartMark> _all = [];

    public IReadOnlyList<ChartMark> All => _all;

    /// <summary>Reads and replaces them in one turn, so that of two changes the one that read first does not come last.</summary>
    public async Task ReplaceAsync(Func<Task<IReadOnlyList<ChartMark>>> read, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            _all = await read();
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
