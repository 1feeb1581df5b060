using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Collect;

/// <summary>What happens in the browser of a visitor who has not agreed: said by the source, unless a page says something else.</summary>
internal enum BeforeConsent
{
    /// <summary>Nothing is sent; events wait in the page's memory.</summary>
    Nothing = 0,

    /// <summary>It is counted that something happened, not by whom.</summary>
    Count = 1,

    /// <summary>Events are sent with an id that lives as long as the page.</summary>
    Cookieless = 2,

    /// <summary>The site has the consent, or needs none.</summary>
    Given = 3,
}

/// <summary>How often something happened on a day without anybody's consent: nothing in it tells who, or when in the day.</summary>
internal sealed record ConsentlessCount
{
    public required DateOnly Day { get; init; }

    public required int SourceId { get; init; }

    public required string Event { get; init; }

    public required string Channel { get; init; }

    public required string Path { get; init; }

    public required string Campaign { get; init; }

    public long Count { get; init; }
}

internal sealed class ConsentlessCountConfiguration : IEntityTypeConfiguration<ConsentlessCount>
{
    public void Configure(EntityTypeBuilder<ConsentlessCount> builder)
    {
        builder.ToTable("consentless_counts");
        builder.HasKey(c => new { c.Day, c.SourceId, c.Event, c.Channel, c.Path, c.Campaign });
    }
}
