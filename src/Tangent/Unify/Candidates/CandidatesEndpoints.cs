using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <param name="Values">What is known of the person, as traits are written: firstName, lastName, email, phone, birthday, street, postcode, city, customerNumber, externalId and so on.</param>
/// <param name="Take">At most so many, 10 unless said, 100 at the most.</param>
public sealed record CandidatesRequest(JsonObject? Values, int? Take);

/// <param name="Customer">A customer that may be this person.</param>
/// <param name="Same">What is exactly the same and names a person by itself: email, phone, customerNumber, externalId. Whoever has one is listed however little the rest agrees, and where it is no telephone, first.</param>
/// <param name="Probability">How probable that is by the comparison of all columns.</param>
/// <param name="Weight">The same in bits: what any pair begins with, and what each column adds or takes.</param>
/// <param name="Columns">What each column says: what was asked (one), what is known (other), how the two agree and what that is worth.</param>
public sealed record CandidateItem(CustomerItem Customer, IReadOnlyList<string> Same, double Probability, double Weight, IReadOnlyList<ReviewColumn> Columns);

/// <param name="IsReady">Whether there is anything to compare by: false until a search for duplicates has been made, and for a while after a start. Until then those are found of whom an e-mail address, telephone, customer number or external id is exactly the same.</param>
/// <param name="Persons">Customers compared with.</param>
/// <param name="Milliseconds">Time that the comparison took.</param>
/// <param name="Start">Bits with which any pair begins: how rare it is that two persons are one.</param>
/// <param name="Items">The customers that may be this person, the most probable first.</param>
public sealed record CandidatesAnswer(bool IsReady, int Persons, double Milliseconds, double Start, IReadOnlyList<CandidateItem> Items);

/// <summary>What somebody enters of a person.</summary>
public sealed class CandidatesForm
{
    public string? FirstName { get; set; }

    public string? LastName { get; set; }

    public string? Email { get; set; }

    public string? Phone { get; set; }

    public string? Birthday { get; set; }

    public string? Street { get; set; }

    public string? Postcode { get; set; }

    public string? City { get; set; }

    public string? Company { get; set; }

    public string? CustomerNumber { get; set; }

    /// <summary>By column; what was left blank is left out.</summary>
    internal IReadOnlyList<(string Column, string? Value)> Fields =>
    [
        ("firstName", FirstName), ("lastName", LastName), ("email", Email), ("phone", Phone), ("birthday", Birthday), ("street", Street), ("postcode", Postcode), ("city", City), ("company", Company), ("customerNumber", CustomerNumber),
    ];

    internal JsonObject Traits => new(Fields.Where(f => !string.IsNullOrWhiteSpace(f.Value)).Select(f => KeyValuePair.Create(f.Column, (JsonNode?)f.Value!.Trim())));
}

/// <param name="Answer">Null before anything was entered.</param>
/// <param name="Error">Why there is no answer.</param>
public sealed record CandidatesModel(CandidatesForm Form, CandidatesAnswer? Answer, string? Error = null);

/// <summary>Whether a person is known already.</summary>
internal static class CandidatesEndpoints
{
    public const string Path = "/unify/duplicates/candidates";

    private const int Usual = 10;

    public static void MapCandidates(this WebApplication app)
    {
        app.MapPost("/api/v1" + Path, FindAsync).LooksAtCustomer().OnlyReads().WithTags("Unify").WithName("FindCandidates")
            .WithSummary("Says whether a person is known already: values in, the customers that may be this person out, the most probable first, each with its weight. Nothing of what is sent is kept.");
        var pages = app.MapGroup(Path).ExcludeFromDescription();
        pages.MapGet("", (HttpContext http) => http.Show<CandidatesPage>(new CandidatesModel(new CandidatesForm(), null)));
        // What is known of a person does not belong into an address, which logs and histories keep.
        pages.MapPost("", ShowAsync).LooksAtCustomer().OnlyReads();
    }

    private static async Task<Results<Ok<CandidatesAnswer>, ProblemHttpResult>> FindAsync(CandidatesRequest body, Candidates candidates, CancellationToken ct) =>
        body.Values is { } values && !TraitReading.AreReadable(values) ? Problems.Invalid("values", "A value is named twice, or is no text.")
        : await candidates.FindAsync(body.Values ?? [], body.Take ?? Usual, ct) is { } answer
            ? TypedResults.Ok(answer)
            : Problems.Invalid("values", "Say at least one value of the person, such as lastName, email, phone, birthday, street, postcode or customerNumber.");

    private static async Task<IResult> ShowAsync(HttpContext http, [FromForm] CandidatesForm form, Candidates candidates, CancellationToken ct) =>
        await candidates.FindAsync(form.Traits, Usual, ct) is { } answer
            ? http.Show<CandidatesPage>(new CandidatesModel(form, answer))
            : http.Show<CandidatesPage>(new CandidatesModel(form, null, T("Unify.Duplicates.CandidatesNeeded")), StatusCodes.Status422UnprocessableEntity, Path);
}
