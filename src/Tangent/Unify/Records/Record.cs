using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Unify;

/// <summary>An order, invoice, ticket, deal or subscription as one source said it at last.</summary>
internal sealed class Record
{
    public int SourceId { get; set; }

    /// <summary>order, invoice, ticket, deal or subscription.</summary>
    public required string Kind { get; set; }

    /// <summary>Its number in that source.</summary>
    public required string RecordId { get; set; }

    public string Title { get; set; } = "";

    public string Status { get; set; } = "";

    public double? Value { get; set; }

    public string Currency { get; set; } = "";

    public DateTime? AtUtc { get; set; }

    public DateTime? ClosedUtc { get; set; }

    /// <summary>Everything else the source says of it, as a JSON object.</summary>
    public string Fields { get; set; } = "{}";

    /// <summary>Nothing says that it has ended. An order of which nothing else is said was placed, and that is all.</summary>
    public bool IsOpen(DateTime nowUtc) => (ClosedUtc is null || ClosedUtc > nowUtc) && !(Kind == "order" && Status.Length == 0 && ClosedUtc is null) && !Says(ClosedWords) && !(Kind == "invoice" && Says(PaidWords) && !Says(UnpaidWords));

    private bool Says(string[] words) => words.Any(w => Status.Contains(w, StringComparison.OrdinalIgnoreCase));

    // As CRMs and shops write the last step of a ticket, a deal or an order.
    private static readonly string[] ClosedWords = ["closed", "solved", "resolved", "won", "lost", "cancel", "completed", "erledigt", "geschlossen", "gewonnen", "verloren", "storniert", "zamkn", "wygran", "przegran", "anulowan", "zakończ"];

    // An order that is paid has still to be delivered; an invoice has done its work.
    private static readonly string[] PaidWords = ["paid", "bezahlt", "beglichen", "zapłacon", "opłacon"];
    private static readonly string[] UnpaidWords = ["unpaid", "partially", "unbezahlt", "nicht bezahlt", "teilweise", "niezapłacon", "nieopłacon", "częściowo"];
}

/// <summary>Whose a record is: a person's (<c>user:…</c>) or a company's (<c>account:…</c>).</summary>
internal sealed class RecordOwner
{
    public required string OwnerKey { get; set; }

    public int SourceId { get; set; }

    public required string Kind { get; set; }

    public required string RecordId { get; set; }
}

internal sealed class RecordConfiguration : IEntityTypeConfiguration<Record>, IEntityTypeConfiguration<RecordOwner>
{
    public void Configure(EntityTypeBuilder<Record> builder)
    {
        builder.ToTable("records");
        builder.HasKey(r => new { r.SourceId, r.Kind, r.RecordId });
    }

    public void Configure(EntityTypeBuilder<RecordOwner> builder)
    {
        builder.ToTable("record_owners");
        builder.HasKey(o => new { o.OwnerKey, o.SourceId, o.Kind, o.RecordId });
        builder.HasIndex(o => new { o.SourceId, o.Kind, o.RecordId }).HasDatabaseName("IX_record_owners_record");
        builder.HasIndex(o => o.RecordId);
    }
}
