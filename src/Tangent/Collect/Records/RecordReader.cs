namespace Tangent.Collect;

/// <summary>Reads rows of records into batches: what is known already makes no line, what is new or has changed makes some.</summary>
internal sealed class RecordReader(ImportRows<RecordRow> rows, RecordRow row, RecordLines lines, RecordStates states, RejectsFile rejects, ImportProgress progress, int sourceId, Tombstones tombstones) : IImportReader
{
    private int _next;

    public bool Counts => true;

    public bool Fill(ImportBatch batch)
    {
        batch.Clear();
        if (!Add(batch)) return true;
        while (rows.Next(row))
        {
            progress.Rows++;
            lines.Clear();
            _next = 0;
            if (row.Reason == Rejection.None) Take();
            if (row.Reason != Rejection.None) Reject();
            else if (!Add(batch)) return true;
        }

        return batch.Events.Count > 0;
    }

    private void Take()
    {
        if (lines.Identify(row) is not { } record || NamesErased()) return;
        var (state, key) = states.Take(sourceId, record, row.Content);
        if (state != RowState.Known || progress.Import.DryRun) lines.Write(row, key, state == RowState.Changed);
        if (row.Reason != Rejection.None) return;
        progress.Sample(state, lines.Count > 0 ? lines[^1].Json.Span : []);
        if (state == RowState.New) progress.New++;
        else if (state == RowState.Changed) progress.Changed++;
        else progress.Duplicates++;
        if (state == RowState.Known) lines.Clear();
    }

    /// <summary>Whether one of the lines the row would make names a person who was erased; the row is rejected then.</summary>
    private bool NamesErased()
    {
        if (!tombstones.Any) return false;
        lines.Write(row, default, false);
        var names = row.Reason == Rejection.None && Enumerable.Range(0, lines.Count).Any(i => tombstones.Names(lines[i].Json.Span));
        lines.Clear();
        if (names) row.RejectAsErased();
        return row.Reason != Rejection.None;
    }

    /// <returns>False where there is no room for all lines of the row.</returns>
    private bool Add(ImportBatch batch)
    {
        for (; _next < lines.Count; _next++)
            if (!batch.TryAdd(lines[_next].Key, true, lines[_next].Json.Span)) return false;
        return true;
    }

    private bool HasErasedId() => new[] { ImportField.Customer, ImportField.CustomerNumber, row.Kind == ImportKind.Persons ? ImportField.RecordId : ImportField.Customer }
        .Any(f => tombstones.IsId(row[f]) || tombstones.IsId(lines.Prefix + row[f]));

    private void Reject()
    {
        if (row.Reason != Rejection.ErasedPerson && (tombstones.AreIn(rows, lines.Prefix) || HasErasedId())) row.RejectAsErased();
        var rejected = RejectedRow.Of(rows.Line, row);
        progress.Reject(rejected);
        // What names an erased person is not kept, not even as a rejected row.
        rejects.Add(row.Reason == Rejection.ErasedPerson ? [] : rows.Rejected(), rejected);
    }
}
