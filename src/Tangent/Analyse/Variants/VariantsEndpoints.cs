using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>A variant and a page of its customers.</summary>
internal sealed record VariantCustomers(VariantPick Pick, CustomersAnswer Customers);

internal static class VariantsEndpoints
{
    private static readonly IReadOnlyList<QuestionParameter> Picks =
    [
        new("step", "A touchpoint of the variant; repeat it for every step, in order.", Repeated: true),
        new("variant", "Instead of step: fingerprint of the variant, as the page's links have it."),
    ];

    public static void MapVariants(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/variants").WithTags("Analyse");
        api.MapGet("", Ask).WithName("AskVariants").WithParameters(QuestionParameters.Variants)
            .WithSummary("The exact sequences of touchpoints and how many customers have each.");
        api.MapGet("/customers", Behind).WithName("CustomersOfVariant").WithParameters([.. QuestionParameters.Variants, .. Picks, .. QuestionParameters.Paging])
            .WithSummary("The customers whose journey is exactly this variant.");
    }

    /// <summary>The customers of a variant that is named by its steps or by its fingerprint.</summary>
    public static Asked<VariantCustomers> Customers(this JourneyStore journeys, Behind<VariantsQuestion, VariantKey> behind)
    {
        var steps = behind.Pick.Steps;
        if (behind.Pick.Fingerprint is { } fingerprint)
        {
            var all = journeys.Ask(behind.Question with { Top = VariantsAddress.MostVariants });
            if (all.Refusal is { } refusal) return refusal;
            var found = all.Answer!.Items.FirstOrDefault(v => VariantsAddress.Fingerprint(v.Steps) == fingerprint);
            if (found is null) return new Refusal("variant", T("Analyse.Refused.Variant", fingerprint));
            steps = found.Steps;
        }

        var pick = new VariantPick(steps);
        return journeys.Behind(behind.Question, pick, behind.Page).Then(c => (Asked<VariantCustomers>)new VariantCustomers(pick, c));
    }

    private static Results<Ok<VariantsAnswer>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys) =>
        VariantsAddress.Read(request.Query).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> Behind(HttpRequest request, JourneyStore journeys) =>
        VariantsAddress.ReadBehind(request.Query).Then(journeys.Customers).Then(c => (Asked<CustomersAnswer>)c.Customers).ToJson();
}
