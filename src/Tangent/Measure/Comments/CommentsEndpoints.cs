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
/// <param name="Language">Of the words, such as de; empty where it was not said.</param>
/// <param name="Customer">Number of the customer; null where nobody is known.</param>
/// <param name="Position">Position of the event in the log.</param>
/// <param name="Tags">The tags that people put on it.</param>
public sealed record CommentLine(DateTime At, string? Touchpoint, string Metric, int? Score, string Comment, string Language, int? Customer, long Position, IReadOnlyList<string> Tags);

/// <param name="Total">How many there are.</param>
/// <param name="Items">The requested page, the latest first.</param>
public sealed record CommentsAnswer(long Total, IReadOnlyList<CommentLine> Items);

/// <summary>Which comments are wanted, as the address has it.</summary>
public sealed record CommentsQuestion(JourneyFilter Filter, Metric? Metric, string? Band, string? Language, string? Search, Paging Page, string? Tag = null);

public sealed record CommentsModel(CommentsQuestion Question, CommentsAnswer Answer, IReadOnlyList<string> Touchpoints, IReadOnlyList<string> Languages, string? Refused, ThemesAnswer? Themes, IReadOnlyList<TagCount> Tags);

internal static class CommentsEndpoints
{
    public static IReadOnlyList<QuestionParameter> Parameters { get; } =
    [
        new("from", "First day, yyyy-MM-dd in the company's time zone."),
        new("to", "Last day, included."),
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
        app.MapGet("/api/v1/measure/comments", ListAsync).LooksAtCustomer().WithTags("Measure").WithName("Comments").WithParameters(Parameters).WithSummary("What customers said in their own words, beside their scores, the latest first.");
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
        var answer = read.Answer is null ? new CommentsAnswer(0, []) : await comments.ListAsync(question, ct);
        // Without a filter there is no rest to compare with.
        var found = question.Page.Skip == 0 && answer.Total > 0 && question is not { Filter: { From: null, To: null, Touchpoints.Count: 0 }, Metric: null, Search: null, Tag: null } ? await themes.AskAsync(question, ct) : null;
        return http.Show<CommentsPage>(new CommentsModel(question, answer, journeys.AllTouchpoints(), comments.Languages, read.Refusal?.Detail, found, await tags.AllAsync(ct)), read.Refusal.Status());
    }

    public static Asked<CommentsQuestion> Read(IQueryCollection query, Comments comments)
    {
        var reader = new QueryReader(query);
        var metric = Metrics.Find(reader.OneOf("metric", "nps", "csat", "ces", "rating", "review", "text"));
        var band = reader.OneOf("band", "good", "middle", "bad");
        var asked = reader.Give(new CommentsQuestion(reader.Filter(), metric, band, reader.Text("language"), reader.Text("search"), reader.Page(), reader.Text("tag")));
        if (asked.Answer?.Filter is { } filter && (filter.Within is not null || filter.Customers.Count + filter.Channels.Count + filter.Sources.Count + filter.Properties.Count > 0 || filter.Unit == JourneyUnit.Account))
            return new Refusal("filter", T("Measure.Refused.Filter"));
        // What masking takes out of a comment must not be found by it either.
        if (asked.Answer?.Search is { } search && (comments.AreHidden || comments.Masking.Text(search) != search)) return new Refusal("search", T("Unify.Refusal.Hidden", "comment"));
        return asked.Refusal is null && band is not null && metric is null or Metric.Text ? new Refusal("band", T("Measure.Refused.Band")) : asked;
    }
}

/// <summary>Reads comments.</summary>
internal sealed class Comments(FeedbackQueries queries, CommentTagQueries tags, FeedbackIndex index, PlaceNames places, JourneyStore journeys, Sensitivity sensitivity, IOptionsMonitor<CompanyOptions> company)
{
    private const int MostWords = 8;
    private const int MostOfCustomer = 100;

    /// <summary>Languages that answers were given in.</summary>
    public IReadOnlyList<string> Languages => [.. index.Now.Languages.Where(l => l.Length > 0).Order(StringComparer.Ordinal)];

    /// <summary>Whether whoever asks sees the words; who does not cannot guess them by searching either.</summary>
    public bool AreHidden => Masking.HidesField("comment");

    /// <summary>What of the words whoever asks may see.</summary>
    public Masking Masking => sensitivity.Now;

    public async Task<CommentsAnswer> ListAsync(CommentsQuestion question, CancellationToken ct)
    {
        if (AreHidden) question = question with { Search = null };
        var (total, items) = await queries.CommentsAsync(FilterOf(question), question.Page.Skip, question.Page.Take, ct);
        return await ShownAsync(total, items, ct);
    }

    /// <summary>The comments at these places of the log.</summary>
    public async Task<IReadOnlyList<CommentLine>> AtAsync(IReadOnlyList<long> positions, CancellationToken ct) => (await ShownAsync(0, await queries.AtAsync(positions, ct), ct)).Items;

    /// <summary>What one customer answered, with and without words, the latest first.</summary>
    public async Task<CommentsAnswer> OfCustomerAsync(int customer, CancellationToken ct)
    {
        var (total, items) = await queries.OfAsync(journeys.Identity(customer).Identifiers, MostOfCustomer, ct);
        return await ShownAsync(total, items, ct);
    }

    private async Task<CommentsAnswer> ShownAsync(long total, List<Feedback> items, CancellationToken ct)
    {
        var (masking, hidden) = (Masking, AreHidden);
        var customers = journeys.FindCustomers(items.ConvertAll(f => f.Key));
        var tagged = await tags.OfAsync(items.ConvertAll(f => f.Id), ct);
        var names = places.Of([.. items.Select(f => new FeedbackPlace(f.Touchpoint, f.Event, f.Channel, f.SourceId, f.Metric == Metric.Review))]);
        return new CommentsAnswer(total, [.. items.Select((f, i) => new CommentLine(
            DateTime.SpecifyKind(f.AtUtc, DateTimeKind.Utc), names.Touchpoints[names.OfPlace[i]].Name, Metrics.Name(f.Metric), f.Score, hidden && f.Comment.Length > 0 ? Masks.Hidden : masking.Text(f.Comment), f.Language, customers[i] < 0 ? null : customers[i], f.Position, [.. tagged[f.Id]]))]);
    }

    /// <summary>The question with days as moments and touchpoints as they were said.</summary>
    public CommentFilter FilterOf(CommentsQuestion question)
    {
        var days = new ScoreDays(company.CurrentValue.Zone());
        var known = index.Now.Places;
        var table = places.Of(known);
        var asked = question.Filter.Touchpoints.Select(n => places.Find(n)?.Name ?? n).ToHashSet(StringComparer.OrdinalIgnoreCase);
        IReadOnlyList<FeedbackPlace>? wanted = question.Filter.Touchpoints.Count == 0 ? null
            : [.. known.Where((_, p) => table.Touchpoints[table.OfPlace[p]].Name is { } name && asked.Contains(name))];
        var (least, most) = Band(question);
        return new CommentFilter(
            question.Filter.From is { } from ? Utc(days.StartOf(from)) : null, question.Filter.To is { } to ? Utc(days.StartOf(to.AddDays(1))) : null, question.Metric,
            wanted is null ? null : [.. wanted.Select(p => p.Touchpoint).Where(t => t.Length > 0).Concat(question.Filter.Touchpoints).Distinct(StringComparer.Ordinal)],
            wanted is null ? null : [.. wanted.Where(p => p.IsReview && p.Touchpoint.Length == 0).Select(p => p.Event).Distinct(StringComparer.Ordinal)],
            least, most, question.Language, question.Search?.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MostWords).ToList() ?? [], question.Tag);
    }

    private static (int? Least, int? Most) Band(CommentsQuestion question) => (question.Band, question.Metric) switch
    {
        ("good", { } metric) => (Metrics.Good(metric), null),
        ("bad", { } metric) => (null, Metrics.Bad(metric)),
        ("middle", { } metric) => (Metrics.Bad(metric) + 1, Metrics.Good(metric) - 1),
        _ => (null, null),
    };

    private static DateTime Utc(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime;
}
