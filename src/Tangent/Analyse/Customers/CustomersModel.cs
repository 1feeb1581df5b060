using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Analyse;

/// <summary>The customers behind one number.</summary>
/// <param name="Words">What the number is, in words.</param>
/// <param name="Parent">Name of the page the number stands on.</param>
/// <param name="ParentHref">Its address, with the same question.</param>
/// <param name="AreAccounts">The list is of accounts instead of persons.</param>
public sealed record CustomersModel(
    string Words, string Parent, string ParentHref, Around Around, long Total, IReadOnlyList<CustomerLine> Items, Paging Page, bool AreAccounts);

/// <summary>A list of customers and what it is a list of.</summary>
/// <param name="Words">What the number is that they stand behind.</param>
/// <param name="Question">The page with the number.</param>
/// <param name="List">The list itself, without its page.</param>
internal sealed record Listed(string Words, Address Question, Address List, JourneyFilter Filter, Paging Page, CustomersAnswer Customers);

internal static class CustomersPages
{
    /// <param name="http">The request.</param>
    /// <param name="parent">Name of the page with the number.</param>
    /// <param name="parentPath">Its address, for where the request's own could not be read.</param>
    /// <param name="asked">The list.</param>
    public static RazorComponentResult<PageHost> ShowCustomers(this HttpContext http, string parent, string parentPath, Asked<Listed> asked)
    {
        var listed = asked.Answer;
        var around = http.RequestServices.GetRequiredService<JourneyStore>().Around(asked, null, listed?.Filter, listed?.List);
        var model = new CustomersModel(
            listed?.Words ?? "", parent, listed?.Question.ToString() ?? parentPath, around, listed?.Customers.Total ?? 0, listed?.Customers.Items ?? [],
            listed?.Page ?? new Paging(), listed?.Customers.Unit == JourneyUnit.Account);
        return http.Show<CustomersPage>(model, asked.Refusal.Status());
    }
}
