using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Access;

/// <summary>What an entry of the audit log is about.</summary>
internal enum AuditKind
{
    /// <summary>Something was changed.</summary>
    Change = 0,

    /// <summary>Somebody looked at a customer.</summary>
    Look = 1,

    /// <summary>Somebody signed in.</summary>
    SignIn = 2,

    /// <summary>Signing in was refused.</summary>
    Refusal = 3,
}

/// <summary>One line of the audit log: who did what, when. It holds addresses and numbers, never what was written or seen. Lines are added and never changed, and go only when their retention period is over; the database itself refuses anything else.</summary>
internal sealed class AuditEntry
{
    public long Id { get; set; }

    public DateTime AtUtc { get; set; } = DateTime.UtcNow;

    public required AuditKind Kind { get; set; }

    public required ActorKind ActorKind { get; set; }

    /// <summary>Id of the person or key; empty for others.</summary>
    public required string ActorId { get; set; }

    /// <summary>Their name at that time.</summary>
    public required string Actor { get; set; }

    /// <summary>HTTP method; of a sign-in, its way.</summary>
    public required string Method { get; set; }

    /// <summary>The address with its parameters unnamed.</summary>
    public required string Route { get; set; }

    /// <summary>Before the number of a customer whom the address does not name.</summary>
    public const string Customer = "customer=";

    /// <summary>Numbers and ids in the address, for example <c>number=12</c>, and the customers it was about otherwise: <c>customer=12</c>.</summary>
    public required string Target { get; set; }

    /// <summary>HTTP status of the answer.</summary>
    public required int Status { get; set; }

    public static AuditEntry OfSignIn(Actor actor, string way, bool refused) => new()
    {
        Kind = refused ? AuditKind.Refusal : AuditKind.SignIn,
        ActorKind = actor.Kind,
        ActorId = actor.Id,
        Actor = actor.Name,
        Method = way,
        Route = "/access/sign-in",
        Target = "",
        Status = refused ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK,
    };
}

/// <summary>Up to when entries may go, while a transaction deletes them; at other times there is none.</summary>
internal sealed class AuditRetention
{
    public required DateTime BeforeUtc { get; set; }
}

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>, IEntityTypeConfiguration<AuditRetention>
{
    public void Configure(EntityTypeBuilder<AuditRetention> builder)
    {
        builder.ToTable("audit_retention");
        builder.HasKey(r => r.BeforeUtc);
    }

    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("audit");
        builder.HasIndex(e => e.AtUtc);
    }
}
