using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <param name="Comments">Comments in the filter.</param>
/// <param name="Rest">All others: what they are compared with.</param>
/// <param name="Items">What the comments in the filter speak of more than the rest, the surest first.</param>
public sealed record ThemesAnswer(int Comments, int Rest, IReadOnlyList<Theme> Items);

/// <summary>Finds themes in comments.</summary>
internal sealed class Themes(Comments comments, FeedbackQueries queries)
{
    // The latest: reading more would cost more than it says.
    private const int MostComments = 50_000;

    public async Task<ThemesAnswer> AskAsync(CommentsQuestion question, CancellationToken ct) => await AskAsync(question, await comments.PickAsync(question, ct), ct);

    /// <param name="picked">What <see cref="Comments.PickAsync"/> says.</param>
    public async Task<ThemesAnswer> AskAsync(CommentsQuestion question, IReadOnlyList<CommentHead>? picked, CancellationToken ct)
    {
        if (comments.AreHidden) return new ThemesAnswer(0, 0, []);
        var all = await queries.WordsAsync(MostComments, ct);
        var wanted = await comments.PositionsAsync(question, picked, MostComments, ct);
        var (masking, themes) = (comments.Masking, new List<Theme>());
        foreach (var language in all.GroupBy(c => c.Language, StringComparer.Ordinal))
        {
            if (question.Language is { } only && only != language.Key) continue;
            var of = language.ToLookup(c => wanted.Contains(c.Position), c => masking.Text(c.Comment));
            themes.AddRange(ThemeFinder.Find(language.Key, [.. of[true]], [.. of[false]]));
        }

        var group = all.Count(c => wanted.Contains(c.Position));
        return new ThemesAnswer(group, all.Count - group, [.. themes.OrderByDescending(t => t.Strength).ThenBy(t => t.Term, StringComparer.Ordinal)]);
    }
}

internal static class ThemesEndpoints
{
    public const string Address = "/api/v1/measure/themes";

    public static IReadOnlyList<QuestionParameter> Parameters { get; } = [.. CommentsEndpoints.Parameters.Where(p => p.Name is not ("skip" or "take"))];

    public static void MapThemes(this WebApplication app) => app.MapGet(Address, AskAsync).LooksAtCustomer().WithTags("Measure").WithName("Themes").WithParameters(Parameters).RefusesUnknown(Parameters)
        .WithSummary("What the comments in the filter speak of more than all others: words and pairs of words by language, with quotes.");

    private static async Task<Results<Ok<ThemesAnswer>, ProblemHttpResult>> AskAsync(HttpRequest request, Comments comments, Themes themes, CancellationToken ct)
    {
        var read = CommentsEndpoints.Read(request.Query, comments);
        if (read.Refusal is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        return comments.AreHidden ? Problems.Invalid("comment", T("Collect.Refusal.Hidden", "comment")) : TypedResults.Ok(await themes.AskAsync(read.Answer!, ct));
    }
}
