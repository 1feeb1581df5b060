using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>Merging a customer with another and taking a join back, on the customer's page.</summary>
internal static class CustomerDecisionsEndpoints
{
    public static void MapCustomerDecisions(this WebApplication app)
    {
        var pages = app.MapGroup("/unify/customers/{number:int}").RequireAuthorization(Rights.Edit).ExcludeFromDescription();
        pages.MapGet("/merge", ShowMergeAsync).LooksAtCustomer();
        pages.MapPost("/merge", MergeAsync);
        pages.MapPost("/split", SplitAsync);
        pages.MapPost("/restoration", RestoreAsync);
    }

    private static async Task<IResult> ShowMergeAsync(HttpContext http, CustomerSearch customers, int number, string? search, CancellationToken ct) =>
        await ChoiceAsync(customers, number, new MergeForm { Search = search }, ct) is { } model ? http.Show<MergePage>(model) : TypedResults.NotFound();

    private static async Task<IResult> MergeAsync(
        HttpContext http, int number, [FromForm] MergeForm form, CustomerSearch customers, Decisions decisions, CancellationToken ct)
    {
        if (await ChoiceAsync(customers, number, form, ct) is not { } model) return TypedResults.NotFound();
        var other = form.Other is { } chosen ? Name(chosen) : "";
        var decided = await decisions.MergeAsync(new MergeRequest([Name(number), other], form.Reason), http.User.Identity?.Name ?? "", ct);
        if (decided.Answer is { } answer) return TypedResults.LocalRedirect($"/unify/customers/{answer.Customers[0].Customer}#joins");
        var error = form.Other is null ? Texts.T("Unify.Merge.Choose") : Error(decided);
        return http.Show<MergePage>(model with { Error = error }, Status(decided));
    }

    private static async Task<IResult> SplitAsync(
        HttpContext http, int number, IFormCollection form, CustomerPages pages, Decisions decisions, CancellationToken ct)
    {
        var split = Read(form);
        var decided = await decisions.SplitAsync(new SplitRequest(Name(number), split.Join, split.Reason, split.Identifiers, split.Each), http.User.Identity?.Name ?? "", ct);
        return await AnswerAsync(http, number, decided, pages, ct);
    }

    private static async Task<IResult> RestoreAsync(
        HttpContext http, int number, IFormCollection form, CustomerPages pages, Decisions decisions, CancellationToken ct) =>
        await AnswerAsync(http, number, await decisions.RestoreAsync(new RestoreRequest(Name(number), Read(form).Join, Read(form).Reason), http.User.Identity?.Name ?? "", ct), pages, ct);

    private static async Task<IResult> AnswerAsync(HttpContext http, int number, Decided decided, CustomerPages pages, CancellationToken ct)
    {
        if (decided.Answer is { } answer) return TypedResults.LocalRedirect($"/unify/customers/{answer.Customers[0].Customer}#joins");
        return await pages.FindAsync(number, http, ct) is { } model
            ? http.Show<CustomerPage>(model with { Error = Error(decided) }, Status(decided), $"/unify/customers/{number}")
            : TypedResults.NotFound();
    }

    private static SplitForm Read(IFormCollection form) => new()
    {
        Join = long.TryParse(form["Join"], NumberStyles.None, CultureInfo.InvariantCulture, out var join) ? join : null,
        Reason = form["Reason"],
        Identifiers = [.. form["Identifiers"].OfType<string>()],
        Each = form["Each"] == "true",
    };

    /// <summary>Whom this customer can be merged with: who fits the search, at first who has the same name or e-mail.</summary>
    private static async Task<MergeModel?> ChoiceAsync(CustomerSearch customers, int number, MergeForm form, CancellationToken ct)
    {
        if (await customers.FindAsync(number, new TimelineFilter(), new Paging(0, 1), ct) is not { } answer) return null;
        var customer = answer.Customer;
        form.Search ??= customer.Name.Length > 0 ? customer.Name : customer.Email;
        var found = await customers.ListAsync(form.Search, null, new Paging(), ct);
        return new MergeModel(customer, found with { Items = [.. found.Items.Where(c => c.Customer != customer.Customer)] }, form);
    }

    private static string Name(int number) => $"number:{number}";

    private static string Error(Decided decided) => decided.NotNow ?? decided.Refusal!.Detail;

    private static int Status(Decided decided) => decided.NotNow is null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status503ServiceUnavailable;
}
