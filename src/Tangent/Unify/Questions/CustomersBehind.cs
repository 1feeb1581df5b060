using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>The customers behind one number.</summary>
/// <param name="Words">What the number is, in words.</param>
/// <param name="Parent">Name of the page the number stands on.</param>
/// <param name="ParentHref">Its address, with the same question.</param>
/// <param name="Total">How many there are.</param>
/// <param name="Events">Events that the number or the line it stands in counts; null where it counts customers only.</param>
/// <param name="Items">The page of them.</param>
/// <param name="Names">What profiles say of them, in the same order.</param>
/// <param name="AreAccounts">The list is of accounts instead of persons.</param>
public sealed record CustomersBehindModel(
    string Words, string Parent, string ParentHref, Around Around, long Total, long? Events, IReadOnlyList<CustomerLine> Items, Task<IReadOnlyList<CustomerItem>> Names,
    Paging Page, bool AreAccounts);

/// <summary>The customers (or accounts) behind a number, as JSON.</summary>
/// <param name="Total">How many there are.</param>
/// <param name="Items">The requested page of them.</param>
/// <param name="Unit">What they are.</param>
/// <param name="Next">The cursor of the next page; null where this is the last.</param>
internal sealed record CustomersBehind(long Total, IReadOnlyList<CustomerBehind> Items, JourneyUnit Unit, string? Next);

/// <param name="Customer">Number of the customer; after a merge the older number stays. Of an account, its own number.</param>
/// <param name="Id">The identifier people know the customer by: user id, else anonymous id. Of an account, the group id.</param>
/// <param name="Name">Name, or empty.</param>
/// <param name="Email">E-mail address, or empty.</param>
/// <param name="Company">Company, or empty.</param>
/// <param name="Events">Events in the whole journey.</param>
/// <param name="First">First event, UTC.</param>
/// <param name="Last">Last event, UTC.</param>
/// <param name="Members">Members of an account; 1 for a person.</param>
internal sealed record CustomerBehind(int Customer, string Id, string Name, string Email, string Company, long Events, DateTime First, DateTime Last, int Members)
{
    public static CustomerBehind Of(CustomerLine line, CustomerItem? known) =>
        new(line.Customer, line.Id, known?.Name ?? "", known?.Email ?? "", known?.Company ?? "", line.Events, line.First, line.Last, line.Members);
}

/// <summary>A list of customers and what it is a list of.</summary>
/// <param name="Words">What the number is that they stand behind.</param>
/// <param name="Question">The page with the number.</param>
/// <param name="List">The list itself, without its page.</param>
/// <param name="Events">Events that the number counts; null where it counts customers.</param>
internal sealed record Listed(string Words, Address Question, Address List, JourneyFilter Filter, Paging Page, CustomersAnswer Customers, long? Events = null)
{
    /// <summary>Name of the page with the number, where the question's numbers stand on several.</summary>
    public string? Parent { get; init; }
}

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
        var (items, areAccounts) = (listed?.Customers.Items ?? [], listed?.Customers.Unit == JourneyUnit.Account);
        // The page waits for the names where it needs them.
        var names = http.NamesAsync(listed?.Customers ?? new CustomersAnswer(0, []));
        var model = new CustomersBehindModel(
            listed?.Words ?? "", listed?.Parent ?? parent, listed?.Question.ToString() ?? parentPath, around, listed?.Customers.Total ?? 0, listed?.Events, items, names,
            listed?.Page ?? new Paging(), areAccounts);
        return http.Show<CustomersBehindPage>(model, asked.Refusal.Status());
    }

    /// <summary>What is known of the customers, or accounts, of a list, in its order.</summary>
    public static Task<IReadOnlyList<CustomerItem>> NamesAsync(this HttpContext http, CustomersAnswer listed) => listed.Unit == JourneyUnit.Account
        ? http.RequestServices.GetRequiredService<AccountTraits>().WithNamesAsync(listed.Items, http.RequestAborted)
        : http.RequestServices.GetRequiredService<CustomerSearch>().WithNamesAsync(listed.Items, http.RequestAborted);
}
