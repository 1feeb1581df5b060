using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Measure;

/// <param name="Values">What was chosen or said.</param>
/// <param name="Comment">Words beside a number; empty where there are none.</param>
/// <param name="Revision">How often the answer was given another way.</param>
/// <param name="Hidden">Its question is not asked any more, as the other answers are now: it is kept, but neither counted nor shown.</param>
public sealed record GivenAnswer(IReadOnlyList<string> Values, string Comment = "", int Revision = 0, bool Hidden = false)
{
    public bool IsSameAs(GivenAnswer other) => Values.SequenceEqual(other.Values) && Comment == other.Comment;
}

/// <summary>The answers of one person to one survey, complete or not. The events in the log are what counts; this is where the person left off.</summary>
public sealed class Response
{
    public Guid Id { get; set; }

    public int SurveyId { get; set; }

    public int Version { get; set; }

    /// <summary>Identifier of who answers.</summary>
    public required string Key { get; set; }

    public string Touchpoint { get; set; } = "";

    public string Language { get; set; } = "";

    /// <summary>How the survey came: letter, link, widget or api.</summary>
    public string Via { get; set; } = "";

    public int NextPage { get; set; }

    public bool Complete { get; set; }

    /// <summary>By question.</summary>
    public string Answers { get; set; } = "{}";

    public DateTime StartedUtc { get; set; }

    public DateTime ChangedUtc { get; set; }

    /// <summary>Also those to what is not asked any more.</summary>
    public IReadOnlyDictionary<string, GivenAnswer> AllAnswers => JsonSerializer.Deserialize<Dictionary<string, GivenAnswer>>(Answers, JsonSerializerOptions.Web)!;

    public IReadOnlyDictionary<string, GivenAnswer> AnswerList => AllAnswers.Where(a => !a.Value.Hidden).ToDictionary();
}

internal sealed class ResponseConfiguration : IEntityTypeConfiguration<Response>
{
    public void Configure(EntityTypeBuilder<Response> builder)
    {
        builder.ToTable("survey_responses");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.HasIndex(r => r.Key);
        builder.HasIndex(r => new { r.SurveyId, r.ChangedUtc });
        builder.Ignore(r => r.AllAnswers).Ignore(r => r.AnswerList);
    }
}
