using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>What a customer said in own words.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Touchpoint">What was asked about; null: the company.</param>
/// <param name="Metric">nps, csat, ces, rating, review or text.</param>
/// <param name="Score">The score beside it; null for words alone.</param>
/// <param name="Comment">The words.</param>
/// <param name="Language">Of the words, such as de; empty where it is not known.</param>
/// <param name="Customer">Number of the customer; null where nobody is known.</param>
/// <param name="Position">Position of the event in the log.</param>
/// <param name="Tags">The tags that people put on it.</param>
/// <param name="LanguageKnown">Whether the language was said or detected.</param>
public sealed record CommentLine(DateTime At, string? Touchpoint, string Metric, int? Score, string Comment, string Language, int? Customer, long Position, IReadOnlyList<string> Tags, LanguageKnown LanguageKnown);

/// <param name="Total">How many there are.</param>
/// <param name="Items">The requested page, the latest first.</param>
public sealed record CommentsAnswer(long Total, IReadOnlyList<CommentLine> Items);

/// <summary>Which comments are wanted, as the address has it.</summary>
public sealed record CommentsQuestion(JourneyFilter Filter, Metric? Metric, string? Band, string? Language, string? Search, Paging Page, string? Tag = null);

/// <param name="Filter">What its filter offers to choose from.</param>
public sealed record CommentsModel(CommentsQuestion Question, CommentsAnswer Answer, FilterChoices Filter, IReadOnlyList<string> Languages, string? Refused, ThemesAnswer? Themes, IReadOnlyList<TagCount> Tags);

internal static class CommentsEndpoints
{
    public static IReadOnlyList<QuestionParameter> Parameters { get; } =
    [
        .. QuestionParameters.FilterOfAnswers,
        new("touchpoint", "Only of what was said of this touchpoint; repeat it for several.", Repeated: true),
        new("metric", "nps, csat, ces, rating, review or text; all unless said."),
        new("band", "good, middle or bad, by the score beside it; needs a metric."),
        new("language", "Only in this language, such as de."),
        new("search", "Words, each of which must occur."),
        new("tag", "Only with this tag."),
        new("skip", "Comments left out at the beginning."),
        new("take", "Comments listed, 1 to 1000; 50 unless said."),
    ];

    public static void MapComments(this WebApplication app)
    {
        app.MapGet("/api/v1/measure/comments", ListAsync).LooksAtCustomer().WithTags("Measure").WithName("Comments").WithParameters(Parameters).RefusesUnknown(Parameters)
            .WithSummary("What customers said in their own words, beside their scores, the latest first.");
        app.MapGet("/measure/comments", ShowAsync).LooksAtCustomer().ExcludeFromDescription();
    }

    private static async Task<Results<Ok<CommentsAnswer>, ProblemHttpResult>> ListAsync(HttpRequest request, Comments comments, CancellationToken ct)
    {
        var read = Read(request.Query, comments);
        if (read.Refusal is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        return TypedResults.Ok(await comments.ListAsync(read.Answer!, ct));
    }

    private static async Task<RazorComponentResult<PageHost>> ShowAsync(HttpContext http, Comments comments, Themes themes, CommentTagQueries tags, JourneyStore journeys, CancellationToken ct)
    {
        var read = Read(http.Request.Query, comments);
        var question = read.Answer ?? new CommentsQuestion(JourneyFilter.None, null, null, null, null, new Paging());
        var picked = await comments.PickAsync(question, ct);
        var answer = read.Answer is null ? new CommentsAnswer(0, []) : await comments.ListAsync(question, picked, ct);
        // Without a filter there is no rest to compare with.
        var found = question.Page.Skip == 0 && answer.Total > 0 && (!question.Filter.IsOpen || question is not { Metric: null, Search: null, Tag: null }) ? await themes.AskAsync(question, picked, ct) : null;
        return http.Show<CommentsPage>(new CommentsModel(question, answer, new FilterChoices(journeys.Channels(), comments.Touchpoints, Accounts: false), comments.Languages, read.Refusal?.Detail, found, await tags.AllAsync(ct)), read.Refusal.Status());
    }

    public static Asked<CommentsQuestion> Read(IQueryCollection query, Comments comments)
    {
        var reader = new QueryReader(query);
        var metric = Metrics.Find(reader.OneOf("metric", "nps", "csat", "ces", "rating", "review", "text"));
        var band = reader.OneOf("band", "good", "middle", "bad");
        var asked = reader.Give(new CommentsQuestion(reader.Filter(), metric, band, reader.Text("language"), reader.Text("search"), reader.Page(), reader.Text("tag")));
        if (asked.Answer?.Filter is { } filter && comments.Refusal(filter) is { } refusal) return refusal;
        // What masking takes out of a comment must not be found by it either.
        if (asked.Answer?.Search is { } search && (comments.AreHidden || comments.Masking.Text(search) != search)) return new Refusal("search", T("Collect.Refusal.Hidden", "comment"));
        return asked.Refusal is null && band is not null && metric is null or Metric.Text ? new Refusal("band", T("Measure.Refused.Band")) : asked;
    }
}
