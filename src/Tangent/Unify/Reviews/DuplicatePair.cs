using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Unify;

/// <summary>What one column says of a pair.</summary>
/// <param name="Column">Name of the column.</param>
/// <param name="Step">How the two values agree.</param>
/// <param name="Bits">What that is worth: above 0 it speaks for one person, below for two.</param>
/// <param name="FollowsFrom">The column from which it follows, where the step says so.</param>
public sealed record PairEvidence(string Column, AgreementStep Step, double Bits, string? FollowsFrom = null);

/// <summary>How two values agree.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<AgreementStep>))]
public enum AgreementStep
{
    /// <summary>One of the two is not known.</summary>
    Missing = Agreement.Missing,
    Different = Agreement.Different,
    Similar = Agreement.Similar,
    Near = Agreement.Near,

    /// <summary>One slip of the pen.</summary>
    Close = Agreement.Close,
    Equal = Agreement.Equal,

    /// <summary>First and last name stand in each other's place.</summary>
    Exchanged = Agreement.Exchanged,

    /// <summary>It follows from another column in which they agree, as the town does from the postcode, and is no evidence of its own.</summary>
    Implied = Agreement.Steps,
}

/// <summary>Two customers that may be one person and wait for a decision. The values that speak for it stay in the profiles.</summary>
internal sealed class DuplicatePair
{
    /// <summary>Made of the two identifiers: the same pair has the same number in every search, and another pair never gets it.</summary>
    public long Number { get; set; }

    /// <summary>An identifier of the one customer, <c>user:…</c> or <c>anonymous:…</c>.</summary>
    public required string One { get; set; }

    public required string Other { get; set; }

    /// <summary>Sum of <see cref="Start"/> and the bits of all columns.</summary>
    public double Weight { get; set; }

    /// <summary>Bits with which any pair begins: how rare it is that two customers are one.</summary>
    public double Start { get; set; }

    /// <summary>What each column says, as JSON.</summary>
    public string Evidence { get; set; } = "[]";

    /// <summary>Where it is probable enough (<see cref="ReviewBand"/>) it may be merged with all others of its kind: the group it belongs to holds together, and no telling value speaks against it.</summary>
    public bool IsSure { get; set; }

    /// <summary>Somebody put it off.</summary>
    public bool IsLater { get; set; }

    public DateTime FoundUtc { get; set; }

    public double Probability => MatchWeights.Probability(Weight);

    public IReadOnlyList<PairEvidence> Columns => JsonSerializer.Deserialize<List<PairEvidence>>(Evidence, JsonSerializerOptions.Web) ?? [];

    public static long NumberOf(string one, string other) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{one}\n{other}"))) >>> (64 - BitsOfNumber);

    /// <summary>Numbers that every reader of JSON takes exactly.</summary>
    private const int BitsOfNumber = 53;
}

/// <summary>One search for duplicates: how much was looked at and what was learned, without anybody's values.</summary>
internal sealed class DuplicateRun
{
    public int Id { get; set; }

    public DateTime StartedUtc { get; set; }

    public double Seconds { get; set; }

    public int Customers { get; set; }

    public int Pairs { get; set; }

    /// <summary>What each column was found to be worth (<see cref="MatchedColumn"/>), as JSON.</summary>
    public string Columns { get; set; } = "[]";

    /// <summary>What each would be worth without anybody's decisions, as JSON; nothing where there were none.</summary>
    public string Undecided { get; set; } = "[]";

    /// <summary>Reviewed pairs it learned from that are one person.</summary>
    public int Merged { get; set; }

    /// <summary>Reviewed pairs it learned from that are two.</summary>
    public int Apart { get; set; }

    public IReadOnlyList<MatchedColumn> Learned => JsonSerializer.Deserialize<List<MatchedColumn>>(Columns, JsonSerializerOptions.Web) ?? [];

    public IReadOnlyList<MatchedColumn> LearnedUndecided => JsonSerializer.Deserialize<List<MatchedColumn>>(Undecided, JsonSerializerOptions.Web) ?? [];
}

internal sealed class DuplicatePairConfiguration : IEntityTypeConfiguration<DuplicatePair>, IEntityTypeConfiguration<DuplicateRun>
{
    public void Configure(EntityTypeBuilder<DuplicatePair> builder)
    {
        builder.ToTable("duplicate_pairs");
        builder.HasKey(p => p.Number);
        builder.Property(p => p.Number).ValueGeneratedNever();
        builder.Ignore(p => p.Probability).Ignore(p => p.Columns);
        builder.HasIndex(p => new { p.IsLater, p.Weight, p.Number }).IsDescending(false, true, false).HasDatabaseName("IX_duplicate_pairs_Order");
        builder.HasIndex(p => p.One);
        builder.HasIndex(p => p.Other);
    }

    public void Configure(EntityTypeBuilder<DuplicateRun> builder)
    {
        builder.ToTable("duplicate_runs");
        builder.Ignore(r => r.Learned).Ignore(r => r.LearnedUndecided);
    }
}
