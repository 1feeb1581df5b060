using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <param name="Importance">How important the touchpoint is, 0 to 10; null where it is not said.</param>
/// <param name="MomentOfTruth">The relation is won or lost here.</param>
/// <param name="Person">E-mail address of whose vote it is, for an owner who writes down what a workshop said; who is signed in unless said.</param>
public sealed record VoteSaid(int? Importance, bool MomentOfTruth = false, string? Person = null);

/// <param name="Items">In the order of the catalogue.</param>
public sealed record VotesAnswer(IReadOnlyList<TouchpointVotes> Items);

/// <summary>The fields of the form.</summary>
public sealed class VoteForm
{
    public int? Importance { get; set; }

    public bool MomentOfTruth { get; set; }

    public string? Person { get; set; }
}

/// <param name="Votes">What all think.</param>
/// <param name="Mine">The reader's own vote; null where there is none.</param>
/// <param name="NamesPerson">The reader is nobody in particular and must say whose vote it is.</param>
/// <param name="Error">Why a vote was not taken.</param>
public sealed record VotesModel(TouchpointVotes Votes, VoteSaid? Mine, bool NamesPerson, string? Error = null);

/// <summary>How important people think a touchpoint is: read by everybody, said by each for himself.</summary>
internal static class VotesEndpoints
{
    public static void MapVotes(this WebApplication app)
    {
        app.MapGet("/api/v1/map/votes", All).WithTags("Map").WithName("ListVotes").WithSummary("How important people of the company think each touchpoint is, and how many think it is a moment of truth.");
        var api = app.MapGroup("/api/v1/map/touchpoints/{id:int}/vote").RequireAuthorization(Rights.Contribute).WithTags("Map");
        api.MapPut("", KeepAsync).WithName("Vote").WithSummary("Says how important a touchpoint is, instead of what the same person said before.");
        api.MapDelete("", WithdrawAsync).WithName("WithdrawVote").WithSummary("Takes a person's vote back.");
        var pages = app.MapGroup("/map/touchpoints/{id:int}/vote").RequireAuthorization(Rights.Contribute).ExcludeFromDescription();
        pages.MapPost("", KeepByFormAsync);
        pages.MapPost("/removal", WithdrawByFormAsync);
    }

    public static async Task<VotesModel> ModelAsync(HttpContext http, Touchpoint touchpoint, VoteQueries votes, string? error, CancellationToken ct)
    {
        var voter = http.User.PersonId() is { } id ? TouchpointVote.OfUser + id : null;
        var mine = voter is null ? null : await votes.FindAsync(touchpoint.Id, voter, ct);
        return new VotesModel(votes.Of(touchpoint), mine is null ? null : new VoteSaid(mine.Importance, mine.MomentOfTruth), voter is null, error);
    }

    private static Ok<VotesAnswer> All(VoteQueries votes) => TypedResults.Ok(new VotesAnswer(votes.All()));

    private static async Task<Results<Ok<TouchpointVotes>, ProblemHttpResult>> KeepAsync(HttpContext http, int id, VoteSaid body, VoteQueries votes, TouchpointCatalogue catalogue, CancellationToken ct)
    {
        if (Find(catalogue, id) is not { } touchpoint) return Problems.NotFound($"There is no touchpoint {id}.");
        return await TakeAsync(http, touchpoint, body, votes, ct) is { } wrong ? Problems.Invalid(wrong.Field, wrong.Detail) : TypedResults.Ok(votes.Of(touchpoint));
    }

    private static async Task<Results<Ok<TouchpointVotes>, ProblemHttpResult>> WithdrawAsync(HttpContext http, int id, string? person, VoteQueries votes, TouchpointCatalogue catalogue, CancellationToken ct)
    {
        if (Find(catalogue, id) is not { } touchpoint) return Problems.NotFound($"There is no touchpoint {id}.");
        var (voter, wrong) = await VoterAsync(http, person, votes, ct);
        if (wrong is { } refused) return Problems.Invalid(refused.Field, refused.Detail);
        return await votes.WithdrawAsync(id, voter, ct) ? TypedResults.Ok(votes.Of(touchpoint)) : Problems.NotFound("There is no such vote.");
    }

    private static async Task<IResult> KeepByFormAsync(HttpContext http, int id, [FromForm] VoteForm form, VoteQueries votes, TouchpointCatalogue catalogue, JourneyMapQueries maps, CancellationToken ct)
    {
        if (Find(catalogue, id) is not { } touchpoint) return TypedResults.NotFound();
        var wrong = await TakeAsync(http, touchpoint, new VoteSaid(form.Importance, form.MomentOfTruth, form.Person), votes, ct);
        if (wrong is null) return TypedResults.LocalRedirect($"/map/touchpoints/{id}");
        var model = new TouchpointPageModel(TouchpointModel.Of(touchpoint), await ModelAsync(http, touchpoint, votes, wrong.Value.Detail, ct), (await maps.PlacesAsync(id, ct)).Items);
        return http.Show<TouchpointPage>(model, StatusCodes.Status422UnprocessableEntity, $"/map/touchpoints/{id}");
    }

    private static async Task<IResult> WithdrawByFormAsync(HttpContext http, int id, IFormCollection form, VoteQueries votes, TouchpointCatalogue catalogue, CancellationToken ct)
    {
        if (Find(catalogue, id) is null) return TypedResults.NotFound();
        var (voter, wrong) = await VoterAsync(http, form["Person"], votes, ct);
        if (wrong is null) await votes.WithdrawAsync(id, voter, ct);
        return TypedResults.LocalRedirect($"/map/touchpoints/{id}");
    }

    private static async Task<(string Field, string Detail)?> TakeAsync(HttpContext http, Touchpoint touchpoint, VoteSaid said, VoteQueries votes, CancellationToken ct)
    {
        if (said.Importance is < 0 or > TouchpointVote.MostImportant) return ("importance", T("Map.Votes.WrongImportance", TouchpointVote.MostImportant));
        if (said is { Importance: null, MomentOfTruth: false }) return ("importance", T("Map.Votes.Nothing"));
        var (voter, wrong) = await VoterAsync(http, said.Person, votes, ct);
        if (wrong is not null) return wrong;
        await votes.KeepAsync([new TouchpointVote { TouchpointId = touchpoint.Id, Voter = voter, Importance = said.Importance, MomentOfTruth = said.MomentOfTruth, ChangedUtc = DateTime.UtcNow }], ct);
        return null;
    }

    /// <summary>Each votes for himself; an owner also writes down the votes of others.</summary>
    private static async Task<(string Voter, (string Field, string Detail)? Wrong)> VoterAsync(HttpContext http, string? person, VoteQueries votes, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(person)) return http.User.PersonId() is { } id ? (TouchpointVote.OfUser + id, null) : ("", ("person", T("Map.Votes.PersonNeeded")));
        if (!http.User.IsInRole(nameof(Role.Owner))) return ("", ("person", T("Map.Votes.OwnersOnly")));
        var named = person.Trim();
        if (named.Length > 254 || !named.Contains('@', StringComparison.Ordinal) || named.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))) return ("", ("person", T("Map.Votes.PersonWrong")));
        return (await votes.VoterAsync(named, ct), null);
    }

    private static Touchpoint? Find(TouchpointCatalogue catalogue, int id) => catalogue.Touchpoints.FirstOrDefault(t => t.Id == id);
}
