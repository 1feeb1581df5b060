using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Mail;

/// <summary>What became of a letter.</summary>
public enum LetterState
{
    Waiting,
    Sent,

    /// <summary>Given up: refused for good, or tried too often.</summary>
    Failed,
}

/// <summary>A letter in the outbox.</summary>
internal sealed class OutgoingLetter
{
    public Guid Id { get; set; } = Guid.CreateVersion7();

    public required string Recipient { get; set; }

    public required string Subject { get; set; }

    /// <summary>Text, HTML and headers, encrypted: letters hold links that open an account. Empty once it was sent.</summary>
    public required string Content { get; set; }

    public LetterState State { get; set; }

    public int Attempts { get; set; }

    public required DateTime CreatedUtc { get; set; }

    public required DateTime NextAttemptUtc { get; set; }

    public DateTime? SentUtc { get; set; }

    /// <summary>What the mail server said last; null where it took the letter.</summary>
    public string? Refusal { get; set; }

    /// <summary>It was given up because the mail server says that the address takes no letters.</summary>
    public bool AddressRefused { get; set; }
}

internal sealed class OutgoingLetterConfiguration : IEntityTypeConfiguration<OutgoingLetter>
{
    public void Configure(EntityTypeBuilder<OutgoingLetter> builder)
    {
        builder.ToTable("outgoing_letters");
        builder.HasIndex(l => new { l.State, l.NextAttemptUtc });
    }
}
