namespace Tangent.Collect;

/// <summary>What one row of a file becomes, or why it is rejected; one instance serves a whole file.</summary>
internal abstract class ImportedRow
{
    public Rejection Reason { get; private set; }

    public string Detail { get; private set; } = "";

    public virtual void Begin() => (Reason, Detail) = (Rejection.None, "");

    public void Reject(Rejection reason, string detail)
    {
        if (Reason == Rejection.None) (Reason, Detail) = (reason, detail);
    }

    /// <summary>The row names a person who was erased, whatever else is wrong with it.</summary>
    public void RejectAsErased() => (Reason, Detail) = (Rejection.ErasedPerson, Tombstones.Words);

    /// <summary>Takes over what became of another row.</summary>
    protected void Exchange(ImportedRow other) => (Reason, Detail, other.Reason, other.Detail) = (other.Reason, other.Detail, Reason, Detail);

    /// <summary>Ends the row.</summary>
    /// <returns>False where it is rejected.</returns>
    public abstract bool End();
}

/// <summary>How the columns of a file become rows of one kind.</summary>
internal abstract class RowPlan<TRow>
    where TRow : ImportedRow
{
    /// <summary>True where the row is none to take.</summary>
    public abstract bool LeavesOut(ColumnPlan.Values values);

    public abstract void Write(TRow into, ColumnPlan.Values values);
}

/// <summary>The rows of a file, one after the other.</summary>
internal abstract class ImportRows<TRow> : IDisposable
    where TRow : ImportedRow
{
    /// <summary>Line (from 1) of the row read last.</summary>
    public abstract long Line { get; }

    /// <summary>Columns that show a rejected row.</summary>
    public abstract IReadOnlyList<string> RejectColumns { get; }

    /// <summary>Why the file could not be read to its end; null where it could.</summary>
    public string? BrokenOff { get; protected set; }

    /// <summary>Events left out because of their life-cycle transition.</summary>
    public long Skipped { get; protected set; }

    /// <summary>Reads the next row into <paramref name="into"/>, which is then something to take or a rejection.</summary>
    /// <returns>False at the end of the file.</returns>
    public abstract bool Next(TRow into);

    /// <summary>The row read last, as far as it could be read, in the columns of <see cref="RejectColumns"/>.</summary>
    public abstract IEnumerable<string> Rejected();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
