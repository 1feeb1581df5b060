#pragma warning disable CA1822
namespace Tangent.Collect;

/// <summary>Answers every question about journeys. It follows the event log; an event is visible here within one second of its acknowledgement.</summary>
internal sealed class JourneyStore
{
    /// <summary>Log position (exclusive) up to which events are visible in answers.</summary>
    public long Visible => 0;

    /// <summary>Completes when every event before <paramref name="position"/> is visible in answers.</summary>
    public Task WaitUntilVisibleAsync(long position, CancellationToken ct) => Visible >= position ? Task.CompletedTask : Task.Delay(Timeout.Infinite, ct);

    public Asked<FunnelAnswer> Ask(FunnelQuestion question) => new Refusal("steps", "Not yet.");

    public Asked<PathsAnswer> Ask(PathsQuestion question) => new Refusal("start", "Not yet.");

    public Asked<VariantsAnswer> Ask(VariantsQuestion question) => new Refusal("top", "Not yet.");

    public Asked<FlowsAnswer> Ask(FlowsQuestion question) => new Refusal("collapse", "Not yet.");

    public Asked<TouchpointsAnswer> Ask(TouchpointsQuestion question) => new Refusal("bucket", "Not yet.");

    public Asked<CustomersAnswer> Behind(FunnelQuestion question, FunnelPick pick, Paging page) => new Refusal("step", "Not yet.");

    public Asked<CustomersAnswer> Behind(PathsQuestion question, PathsPick pick, Paging page) => new Refusal("position", "Not yet.");

    public Asked<CustomersAnswer> Behind(VariantsQuestion question, VariantPick pick, Paging page) => new Refusal("steps", "Not yet.");

    public Asked<CustomersAnswer> Behind(FlowsQuestion question, FlowPick pick, Paging page) => new Refusal("from", "Not yet.");

    public Asked<CustomersAnswer> Behind(TouchpointsQuestion question, TouchpointPick pick, Paging page) => new Refusal("name", "Not yet.");

    /// <summary>All signatures with their volume, the most frequent first.</summary>
    public IReadOnlyList<SignatureVolume> Signatures() => [];

    /// <summary>Customers, the most recently active first.</summary>
    public CustomersAnswer Customers(Paging page) => new(0, []);

    /// <summary>Number of the customer who has this user id or anonymous id.</summary>
    public int? FindCustomer(string identifier) => null;

    /// <summary>Lines of the named customers, in the order given; numbers that are not (any more) a customer are left out.</summary>
    public IReadOnlyList<CustomerLine> Lines(IReadOnlyList<int> customers) => [];

    /// <summary>One customer's journey; null where there is no such customer.</summary>
    public CustomerJourney? Journey(int customer, Paging page) => null;

    /// <summary>Names that filters can use.</summary>
    public IReadOnlyList<string> Channels() => [];

    /// <summary>Touchpoints that questions can name: the catalogue's that have events, and event names that no rule maps, by volume.</summary>
    public IReadOnlyList<string> TouchpointNames() => [];
}
