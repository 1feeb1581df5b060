using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

internal sealed class CustomerFinder(CustomerSearch customers) : IFinder
{
    private const int Most = 6;

    // One letter is in nearly every name.
    private const int ShortestText = 2;

    public string Kind => "customers";

    public string Name => "Unify.Customers.Title";

    public async Task<IReadOnlyList<Found>> FindAsync(string text, PageContext page, CancellationToken ct) => text.Length < ShortestText ? [] :
        [.. (await customers.ListAsync(text, null, new Paging(0, Most), ct)).Items.Select(c => new Found(
            c.Title, $"/unify/customers/{c.Customer}", "user", string.Join(" · ", new[] { c.Title == c.Id ? "" : c.Id, c.Company }.Where(n => n.Length > 0))))];
}
