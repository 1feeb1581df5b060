namespace Tangent.Collect;

/// <summary>Orders and invoices of which each product is a row of its own, put together: rows of the same number and time that follow one another are one.</summary>
/// <param name="rows">The rows as they stand in the file.</param>
/// <param name="spare">Holds the row that was read ahead.</param>
/// <param name="addsUp">The rows name amounts of their own; else each names the whole.</param>
internal sealed class OrderRows(ImportRows<RecordRow> rows, RecordRow spare, bool addsUp) : ImportRows<RecordRow>
{
    private (long Line, string[] Cells)? _ahead;
    private (long Line, string[] Cells) _now = (0, []);

    public override long Line => _now.Line;

    public override IReadOnlyList<string> RejectColumns => rows.RejectColumns;

    public override bool Next(RecordRow into)
    {
        if (_ahead is { } ahead)
        {
            into.Exchange(spare);
            (_now, _ahead) = (ahead, null);
        }
        else if (rows.Next(into)) _now = Place();
        else return Ended();
        while (rows.Next(spare))
        {
            if (!into.IsContinuedBy(spare))
            {
                _ahead = Place();
                return true;
            }

            // An order of which a part is wrong is wrong: shown is the row that is to be mended.
            if (spare.Reason != Rejection.None && into.Reason == Rejection.None) _now = Place();
            into.Continue(spare, addsUp);
        }

        Ended();
        return true;
    }

    public override IEnumerable<string> Rejected() => _now.Cells;

    protected override void Dispose(bool disposing) => rows.Dispose();

    private (long Line, string[] Cells) Place() => (rows.Line, [.. rows.Rejected()]);

    private bool Ended()
    {
        (BrokenOff, Skipped) = (rows.BrokenOff, rows.Skipped);
        return false;
    }
}
