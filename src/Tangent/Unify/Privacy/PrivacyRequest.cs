using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Unify;

/// <summary>What a person asks for, by the articles 15 to 21 of the GDPR.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PrivacyRequestKind>))]
public enum PrivacyRequestKind
{
    Access = 0,
    Erasure = 1,
    Restriction = 2,
    Rectification = 3,
    Objection = 4,
    Portability = 5,
}

[JsonConverter(typeof(JsonStringEnumConverter<PrivacyRequestState>))]
public enum PrivacyRequestState
{
    Open = 0,
    Done = 1,
    Refused = 2,
}

/// <summary>A request of a person about the own data. After an erasure it says only that there was one.</summary>
internal sealed class PrivacyRequest
{
    public const int MostCharacters = 500;

    public int Id { get; set; }

    public required PrivacyRequestKind Kind { get; set; }

    public PrivacyRequestState State { get; set; }

    public required DateTime ReceivedUtc { get; set; }

    /// <summary>One month after it was received (GDPR Art. 12(3)).</summary>
    public required DateTime DueUtc { get; set; }

    /// <summary>Identifier of the customer; empty where it is not known, or erased.</summary>
    public string Key { get; set; } = "";

    public string Note { get; set; } = "";

    /// <summary>Who changed it last.</summary>
    public required string By { get; set; }

    public required DateTime ChangedUtc { get; set; }
}

/// <summary>Processing of the customer who has this identifier is restricted (GDPR Art. 18): the data is kept and used for nothing else.</summary>
internal sealed class Restriction
{
    public required string Key { get; set; }

    public required DateTime SinceUtc { get; set; }

    public required string By { get; set; }

    public required string Reason { get; set; }
}

internal sealed class PrivacyConfiguration : IEntityTypeConfiguration<PrivacyRequest>, IEntityTypeConfiguration<Restriction>
{
    public void Configure(EntityTypeBuilder<PrivacyRequest> builder)
    {
        builder.ToTable("privacy_requests");
        builder.HasIndex(r => r.Key);
    }

    public void Configure(EntityTypeBuilder<Restriction> builder)
    {
        builder.ToTable("restrictions");
        builder.HasKey(r => r.Key);
    }
}
