using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>A variant and a page of its customers.</summary>
internal sealed record VariantCustomers(VariantPick Pick, CustomersAnswer Customers);

internal static class VariantsEndpoints
{
    private const int PageTop = 25;
    private const int MostWords = 20;

    private static readonly IReadOnlyList<QuestionParameter> Picks =
    [
        new("step", "A touchpoint of the variant; repeat it for every step, in order.", Repeated: true),
        new("variant", "Instead of step: fingerprint of the variant, as the page's links have it."),
    ];

    public static readonly Question<VariantsAnswer> Question = new("analyse", "variants", "Variants")
    {
        Summary = "The exact sequences of touchpoints and how many customers have each.",
        BehindSummary = "The customers whose journey is exactly this variant.",
        Parameters = JourneyParameters.Variants,
        Picks = Picks,
        Title = "Analyse.Variants.Title",
        Ask = (query, journeys) => VariantsAddress.Read(query).Then(journeys.Ask),
        List = (query, journeys) => VariantsAddress.ReadBehind(query).Then(b => journeys.Customers(b).Map(found => new Listed(
            Words(found.Pick.Steps), VariantsAddress.Of(b.Question), VariantsAddress.Behind(b.Question, found.Pick.Steps), b.Question.Filter, b.Page, found.Customers))),
    };

    public static void MapVariants(this WebApplication app) => app.MapQuestion(Question, Show);

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
        return journeys.Behind(behind.Question, pick, behind.Page).Map(c => new VariantCustomers(pick, c));
    }

    private static RazorComponentResult<PageHost> Show(HttpContext http, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var read = VariantsAddress.Read(http.Request.Query, PageTop);
        var question = read.Answer ?? new VariantsQuestion(false, PageTop, JourneyFilter.None);
        var asked = read.Then(journeys.Ask);
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, VariantsAddress.Of(question));
        var report = asked.Map(answer => VariantsReports.Of(question, answer, new Marks(catalogue))).Answer;
        return http.Show<VariantsPage>(new VariantsModel(around, question, report, asked.Answer is null ? null : journeys.Before(question.Filter, f => journeys.Ask(question with { Filter = f }))), asked.Refusal.Status());
    }

    private static string Words(IReadOnlyList<string> steps) => steps.Count > MostWords
        ? T("Analyse.Variants.LongWords", steps.Count, string.Join(" → ", steps.Take(MostWords)))
        : T("Analyse.Variants.Words", string.Join(" → ", steps));
}
