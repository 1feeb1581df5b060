namespace Tangent.Collect;

/// <summary>The rows of a file, one event after the other.</summary>
internal abstract class ImportRows : IDisposable
{
    /// <summary>Line (from 1) of the row read last.</summary>
    public abstract long Line { get; }

    /// <summary>Columns that show a rejected row.</summary>
    public abstract IReadOnlyList<string> RejectColumns { get; }

    /// <summary>Why the file could not be read to its end; null where it could.</summary>
    public string? BrokenOff { get; protected set; }

    /// <summary>Events left out because of their life-cycle transition.</summary>
    public long Skipped { get; protected set; }

    /// <summary>Reads the next row into <paramref name="into"/>, which is then an event or a rejection.</summary>
    /// <returns>False at the end of the file.</returns>
    public abstract bool Next(ImportedEvent into);

    /// <summary>The row read last, as far as it could be read, in the columns of <see cref="RejectColumns"/>.</summary>
    public abstract IEnumerable<string> Rejected();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
