using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>Puts together what the page of a customer shows.</summary>
internal sealed class CustomerPages(CustomerSearch customers, CustomerTimeline timeline, JourneyStore journeys, JourneyPositions positions, Decisions decisions)
{
    /// <returns>Null where there is no such customer.</returns>
    public async Task<CustomerPageModel?> FindAsync(int number, HttpContext http, CancellationToken ct)
    {
        var filter = TimelineFilter.Of(http);
        if (await customers.FindAsync(number, new TimelineFilter(), new Paging(0, 1), ct) is not { } answer) return null;
        var customer = answer.Customer.Customer;
        if (decisions.Joins($"number:{customer}", new Paging(0, CustomerPageModel.JoinsOnAPage)).Answer is not { } joins) return null;
        var history = decisions.History($"number:{customer}", new Paging(0, CustomerPageModel.DecisionsOnAPage)).Answer!;
        var part = timeline.Page(customer, filter, TimelinesEndpoints.Part(http.Request.Query["after"]))!;
        return new CustomerPageModel(
            answer, TimelineModel.Of(customer, filter, part, http.Page()), journeys.Places(customer), positions.Of(customer, withNext: false), joins, history);
    }
}
