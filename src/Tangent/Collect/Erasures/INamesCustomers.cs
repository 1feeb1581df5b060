namespace Tangent.Collect;

/// <summary>Keeps texts of people or programs that may name a customer, beside what is made of the event log.</summary>
internal interface INamesCustomers
{
    /// <summary>Deletes, also on disk, what names one of these identifiers.</summary>
    Task EraseAsync(IReadOnlyList<string> identifiers, CancellationToken ct);
}
