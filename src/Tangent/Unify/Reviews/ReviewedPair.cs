using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Unify;

/// <summary>A pair of which somebody said what it is: the next search learns from it how the columns of one person, and of two, agree. No values are kept.</summary>
internal sealed class ReviewedPair
{
    /// <summary>That of the <see cref="DuplicatePair"/>.</summary>
    public long Number { get; set; }

    public required string One { get; set; }

    public required string Other { get; set; }

    /// <summary>Else they are two.</summary>
    public bool IsOnePerson { get; set; }

    /// <summary>How each column agreed when it was decided (<see cref="PairEvidence"/>), as JSON.</summary>
    public string Evidence { get; set; } = "[]";

    public DateTime DecidedUtc { get; set; }

    /// <summary>How the pair agrees in the columns of a search; a column that was not compared then, or followed from another, says nothing.</summary>
    public byte[] StepsIn(IReadOnlyList<PersonColumn> columns)
    {
        var steps = new byte[columns.Count];
        foreach (var evidence in JsonSerializer.Deserialize<List<PairEvidence>>(Evidence, JsonSerializerOptions.Web) ?? [])
            for (var i = 0; i < steps.Length; i++)
                if (columns[i].Name == evidence.Column && evidence.Step != AgreementStep.Implied) steps[i] = (byte)evidence.Step;
        return steps;
    }
}

internal sealed class ReviewedPairConfiguration : IEntityTypeConfiguration<ReviewedPair>
{
    public void Configure(EntityTypeBuilder<ReviewedPair> builder)
    {
        builder.ToTable("reviewed_pairs");
        builder.HasKey(p => p.Number);
        builder.Property(p => p.Number).ValueGeneratedNever();
        builder.HasIndex(p => p.One);
        builder.HasIndex(p => p.Other);
    }
}
