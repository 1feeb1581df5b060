using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Data;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>Reads comments.</summary>
internal sealed class Comments(FeedbackQueries queries, CommentTagQueries tags, FeedbackIndex index, PlaceNames places, JourneyStore journeys, Sensitivity sensitivity, IOptionsMonitor<CompanyOptions> company)
{
    private const int MostWords = 8;
    private const int MostOfCustomer = 100;

    /// <summary>Languages that answers were given in.</summary>
    public IReadOnlyList<string> Languages => [.. index.Now.Languages.Where(l => l.Length > 0).Order(StringComparer.Ordinal)];

    /// <summary>What was answered about, in the alphabet's order; events that are no touchpoints nobody is asked about.</summary>
    public IReadOnlyList<string> Touchpoints => places.NamesOf(index.Now.Places);

    /// <summary>Whether whoever asks sees the words; who does not cannot guess them by searching either.</summary>
    public bool AreHidden => Masking.HidesField("comment");

    /// <summary>What of the words whoever asks may see.</summary>
    public Masking Masking => sensitivity.Now;

    public async Task<CommentsAnswer> ListAsync(CommentsQuestion question, CancellationToken ct) => await ListAsync(question, await PickAsync(question, ct), ct);

    /// <param name="picked">What <see cref="PickAsync"/> says.</param>
    public async Task<CommentsAnswer> ListAsync(CommentsQuestion question, IReadOnlyList<CommentHead>? picked, CancellationToken ct)
    {
        if (picked is null)
        {
            var (total, items) = await queries.CommentsAsync(FilterOf(question), question.Page.Skip, question.Page.Take, ct);
            return await ShownAsync(total, items, ct);
        }

        return await ShownAsync(picked.Count, await queries.CommentsAsync([.. picked.Skip(question.Page.Skip).Take(question.Page.Take).Select(p => p.Id)], ct), ct);
    }

    /// <summary>Where in the log the latest of these comments stand.</summary>
    /// <param name="picked">What <see cref="PickAsync"/> says.</param>
    public async Task<HashSet<long>> PositionsAsync(CommentsQuestion question, IReadOnlyList<CommentHead>? picked, int most, CancellationToken ct) =>
        picked is null ? await queries.PositionsAsync(FilterOf(question), most, ct) : [.. picked.Take(most).Select(p => p.Position)];

    /// <summary>Why comments cannot be filtered so; null where they can.</summary>
    public Refusal? Refusal(JourneyFilter filter) =>
        filter.Properties.Count > 0 || filter.Unit == JourneyUnit.Account ? new Refusal("filter", T("Measure.Refused.Filter")) : journeys.Chosen(filter).Refusal;

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
            DateTime.SpecifyKind(f.AtUtc, DateTimeKind.Utc), names.Touchpoints[names.OfPlace[i]].Name, Metrics.Name(f.Metric), f.Score, hidden && f.Comment.Length > 0 ? Masks.Hidden : masking.Text(f.Comment), f.Language, customers[i] < 0 ? null : customers[i], f.Position, [.. tagged[f.Id]], f.LanguageKnown))]);
    }

    private static bool IsOfAll(JourneyFilter filter) => filter.Within is null && filter.Customers.Count + filter.Channels.Count + filter.Sources.Count == 0;

    /// <summary>Who the customers are, and which channel a place has, is known here and not in the database: heads are read, the latest first, and looked through.</summary>
    /// <returns>All that are wanted; null where the filter asks for nothing of that, and the database finds them.</returns>
    public async Task<IReadOnlyList<CommentHead>?> PickAsync(CommentsQuestion question, CancellationToken ct)
    {
        if (IsOfAll(question.Filter)) return null;
        var (filter, heads) = (question.Filter, await queries.HeadsAsync(FilterOf(question), ct));
        var isOfSome = filter.Within is not null || filter.Customers.Count > 0;
        var (chosen, customers) = (journeys.Chosen(filter).Answer, isOfSome ? journeys.FindCustomers(heads.ConvertAll(h => h.Key)) : []);
        var channels = filter.Channels.Count > 0 ? places.ChannelsOf(heads.Select(h => h.Place)) : [];
        bool Fits(int at) => (!isOfSome || (customers[at] >= 0 && chosen?.Invoke(customers[at]) == true))
            && (filter.Channels.Count == 0 || filter.Channels.Contains(channels[heads[at].Place], StringComparer.OrdinalIgnoreCase))
            && (filter.Sources.Count == 0 || filter.Sources.Contains(places.Source(heads[at].Place.SourceId), StringComparer.OrdinalIgnoreCase));
        return [.. heads.Where((_, at) => Fits(at))];
    }

    /// <summary>The question with days as moments and touchpoints as they were said.</summary>
    private CommentFilter FilterOf(CommentsQuestion question)
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
            least, most, question.Language, AreHidden ? [] : question.Search?.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MostWords).ToList() ?? [], question.Tag);
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
