using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <param name="ContactPoint"><c>email:anna@example.org</c>, <c>phone:+491701234567</c>, <c>post:Hauptstr. 1, 10115 Berlin</c> or <c>tracking:user:k-100</c>.</param>
public sealed record ContactPointAsked(string? ContactPoint);

/// <param name="ContactPoint">The contact point, such as <c>email:anna@example.org</c>.</param>
/// <param name="Purpose">Key of the purpose.</param>
/// <param name="Topic">Key of a topic; none for the purpose as a whole.</param>
public sealed record ContactQuestion(string? ContactPoint, string? Purpose, string? Topic = null);

/// <param name="ContactPoint">The contact point, such as <c>email:anna@example.org</c>.</param>
/// <param name="Purpose">Key of the purpose.</param>
/// <param name="Topic">Key of a topic; none for the purpose as a whole.</param>
/// <param name="State">given, withdrawn or pending.</param>
/// <param name="At">When it was said; now, where it is not given.</param>
/// <param name="Wording">The text that was shown.</param>
/// <param name="WordingVersion">Its version.</param>
/// <param name="Language">Language of the letter that asks for a confirmation (en, de or pl), where the purpose wants one.</param>
public sealed record ConsentSaid(
    string? ContactPoint, string? Purpose, string? Topic = null, string? State = null, DateTimeOffset? At = null, string? Wording = null, string? WordingVersion = null, string? Language = null);

public sealed record ConsentsAnswer(IReadOnlyList<PointConsents> Items, IReadOnlyList<ConsentWord> History);

public sealed record ConsentOverviewAnswer(IReadOnlyList<ConsentOverviewRow> Items);

internal static class ConsentsEndpoints
{
    public const int MostCharacters = 4000;

    public static void MapConsents(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/unify").WithTags("Consents");
        api.MapGet("/consents", OverviewAsync).WithName("ConsentOverview").WithSummary("How many contact points agreed, withdrew or have not confirmed, by purpose and topic.");
        api.MapPost("/consents", RecordAsync).RequireAuthorization(Rights.Contribute).WithName("RecordConsent").WithSummary("Records that a consent was given or withdrawn, or waits for its confirmation.");
        api.MapPost("/consents/question", AskAsync).OnlyReads().WithName("MayContact").WithSummary("Whether a contact point may be used for a purpose, and why. Whoever sends something asks this first.");
        api.MapPost("/consents/history", HistoryAsync).OnlyReads().LooksAtCustomer().WithName("ConsentsOfContactPoint").WithSummary("What holds of a contact point, and everything that was said of it.");
        api.MapGet("/customers/{number:int}/consents", OfCustomerAsync).LooksAtCustomer().WithName("ConsentsOfCustomer").WithSummary("The consents of a customer by contact point, with their history.");
    }

    private static async Task<Ok<ConsentOverviewAnswer>> OverviewAsync(ConsentViews views, CancellationToken ct) => TypedResults.Ok(new ConsentOverviewAnswer(await views.OverviewAsync(ct)));

    private static async Task<Results<Ok<CustomerConsents>, ProblemHttpResult>> OfCustomerAsync(int number, ConsentViews views, CancellationToken ct) =>
        await views.OfCustomerAsync(number, ct) is { } found ? TypedResults.Ok(found) : Problems.NotFound($"There is no customer {number}.");

    private static async Task<Results<Ok<ContactAnswer>, ProblemHttpResult>> AskAsync(ContactQuestion body, Consents consents, ContactPoints points, ConsentViews views, CancellationToken ct)
    {
        if (points.Read(body.ContactPoint) is not { } point) return NoPoint();
        var named = await views.NamedAsync(body.Purpose, body.Topic, ct);
        if (named.Refusal is { } wrong) return Problems.Invalid(wrong.Field, wrong.Detail);
        return TypedResults.Ok(await consents.MayContactAsync(point, named.Answer!.Purpose.Key, named.Answer.Topic, ct));
    }

    private static async Task<Results<Ok<ConsentsAnswer>, ProblemHttpResult>> HistoryAsync(HttpContext http, ContactPointAsked body, Consents consents, ContactPoints points, ConsentViews views, JourneyStore journeys, CancellationToken ct)
    {
        if (points.Read(body.ContactPoint) is not { } point) return NoPoint();
        if (await consents.KeyOfAsync(point, ct) is { Length: > 0 } key && journeys.CustomerOf(key) is { } whose) http.Concerns(whose);
        var (items, history) = await views.OfPointsAsync([point], ct);
        return TypedResults.Ok(new ConsentsAnswer(items, history));
    }

    private static async Task<Results<Ok<ContactAnswer>, ProblemHttpResult>> RecordAsync(
        HttpContext http, ConsentSaid body, Consents consents, ConsentReading reading, ConfirmationLetters letters, ContactPoints points, ConsentViews views, TimeProvider time, CancellationToken ct)
    {
        if (points.Read(body.ContactPoint) is not { } point) return NoPoint();
        var named = await views.NamedAsync(body.Purpose, body.Topic, ct);
        if ((named.Refusal ?? Wrong(body, time.GetUtcNow())) is { } wrong) return Problems.Invalid(wrong.Field, wrong.Detail);
        var (purpose, topic) = (named.Answer!.Purpose.Key, named.Answer.Topic);
        var (state, key, now) = (ConsentReading.StateOf(body.State!)!.Value, await consents.KeyOfAsync(point, ct), time.GetUtcNow().UtcDateTime);
        // What was confirmed need not be confirmed again.
        var asks = state != ConsentState.Withdrawn && reading.MustConfirm(point, purpose, body.State!, now) && (await consents.MayContactAsync(point, purpose, topic, ct)).Reason != ConsentReason.Given;
        var holds = await consents.RecordAsync([new ConsentChange(
            points.IdOf(point), purpose, topic, asks ? ConsentState.Pending : state, ConsentOrigin.Api, http.User.Identity?.Name ?? "", body.WordingVersion ?? "", body.Wording ?? "", key, body.At?.UtcDateTime)], ct);
        if (asks) await letters.WriteAsync([new AskedConfirmation(point, purpose, topic, key, ConsentReading.LetterLanguage(body.Language), now, IsPublic: false, Holds: holds)], ct);
        return TypedResults.Ok(await consents.MayContactAsync(point, purpose, topic, ct));
    }

    private static Refusal? Wrong(ConsentSaid body, DateTimeOffset now) =>
        ConsentReading.StateOf(body.State ?? "") is null ? new Refusal("state", T("Unify.Consents.WrongState"))
        : body.At > now || body.At < DateTimeOffset.UnixEpoch ? new Refusal("at", T("Unify.Consents.WrongTime"))
        : body.Wording?.Length > MostCharacters ? new Refusal("wording", T("Unify.Consents.LongWording", MostCharacters))
        : body.WordingVersion?.Length > ConsentPurpose.MostVersion ? new Refusal("wordingVersion", T("Unify.Consents.LongWording", ConsentPurpose.MostVersion)) : null;

    public static ProblemHttpResult NoPoint() => Problems.Invalid("contactPoint", T("Unify.Consents.NoPoint"));
}
