using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tangent.Access;
using Tangent.Collect;

namespace Tangent.Unify;

/// <param name="Total">How many customers there are, or fit the search; for who does not see everything of them, how many are known to fit so far.</param>
/// <param name="Items">The requested page of them: the most recently active first, or by name where something was searched.</param>
/// <param name="Next">What the next page comes after; in JSON the cursor of that page. Null where this is the last.</param>
public sealed record CustomersListAnswer(long Total, IReadOnlyList<CustomerItem> Items, string? Next = null);

/// <param name="Customer">Number of the customer.</param>
/// <param name="Id">The identifier people know the customer by.</param>
/// <param name="Name">Name, or empty.</param>
/// <param name="Email">E-mail address, or empty.</param>
/// <param name="Company">Company, or empty.</param>
/// <param name="Events">Events in the whole journey.</param>
/// <param name="First">First event, UTC; null without events.</param>
/// <param name="Last">Last event, UTC; null without events.</param>
public sealed record CustomerItem(int Customer, string Id, string Name, string Email, string Company, long Events, DateTime? First, DateTime? Last)
{
    internal static CustomerItem Of(CustomerLine line, GoldenRecord record) =>
        new(line.Customer, line.Id, record.Name, record.Email, record.Company, line.Events, line.Events > 0 ? line.First : null, line.Events > 0 ? line.Last : null);

    /// <summary>What people call the customer.</summary>
    internal string Title => Name.Length > 0 ? Name : Email.Length > 0 ? Email : Id;
}

/// <summary>All that is known of one customer.</summary>
/// <param name="Customer">Number, identifier, name and totals.</param>
/// <param name="Phone">Phone number, or empty.</param>
/// <param name="Account">Account (group) the customer belongs to, or null.</param>
/// <param name="Identifiers">All identifiers joined in this customer, the oldest first: <c>user:…</c> or <c>anonymous:…</c>.</param>
/// <param name="Traits">What is known, each value chosen by the merge policies.</param>
/// <param name="Values">The same with the source of each value, and what other sources say instead.</param>
/// <param name="Events">The requested page of events, the latest first.</param>
/// <param name="Next">What the next page of events comes after; in JSON the cursor of that page. Null where this is the last.</param>
/// <param name="IsRestricted">Processing is restricted: the data is kept and used for nothing else.</param>
public sealed record CustomerAnswer(
    CustomerItem Customer, string Phone, string? Account, IReadOnlyList<string> Identifiers, JsonObject Traits, IReadOnlyList<GoldenValue> Values, IReadOnlyList<TimelineEvent> Events,
    string? Next = null, bool IsRestricted = false)
{
    internal static CustomerAnswer Of(CustomerJourney journey, TimelinePage timeline, GoldenRecord record) =>
        new(CustomerItem.Of(journey.Line, record), record.Phone, journey.Account, journey.Identifiers, record.Traits, record.Values, timeline.Events, timeline.Next);
}

/// <param name="Account">Only its members are listed; null for all customers.</param>
/// <param name="Eventless">How many more are known, by files of a CRM for example, of whom there is no event.</param>
public sealed record CustomersPageModel(CustomersListAnswer Answer, string Search, string? Account, int Skip, bool AnyCustomer, long Eventless = 0)
{
    /// <summary>In words, of whom the list is; null for all.</summary>
    public string? Filter { get; init; }

    /// <summary>The filter as the address has it.</summary>
    public IReadOnlyList<(string Name, string Value)> Said { get; init; } = [];

    /// <summary>Why the list cannot be filtered so.</summary>
    public string? Refused { get; init; }
}

/// <param name="Timeline">The first part of the events.</param>
/// <param name="Places">Where the customer was, for the choice of what is shown.</param>
/// <param name="Position">Where the customer stands.</param>
/// <param name="Joins">What holds the customer together, the latest first.</param>
/// <param name="History">The decisions about the customer's identifiers, the latest first.</param>
/// <param name="Error">Why a decision was not taken.</param>
public sealed record CustomerPageModel(
    CustomerAnswer Answer, TimelineModel Timeline, IReadOnlyList<CustomerPlace> Places, JourneyPosition Position, JoinsAnswer Joins, CustomerDecisionsAnswer History, string? Error = null)
{
    public const int JoinsOnAPage = 50;
    public const int DecisionsOnAPage = 20;
}

/// <summary>The page on which a customer is merged with another.</summary>
/// <param name="Others">Customers that fit the search, without this one.</param>
public sealed record MergeModel(CustomerItem Customer, CustomersListAnswer Others, MergeForm Form, string? Error = null);

/// <summary>The fields of the page on which a customer is merged with another.</summary>
public sealed class MergeForm
{
    /// <summary>Number of the customer to merge with.</summary>
    public int? Other { get; set; }

    public string? Reason { get; set; }

    /// <summary>What was searched, to show it again.</summary>
    public string? Search { get; set; }
}

/// <summary>The fields with which a join is taken back, identifiers are taken out, or a split is taken back.</summary>
public sealed class SplitForm
{
    /// <summary>Position of the join, or of the split that is taken back.</summary>
    public long? Join { get; set; }

    public string? Reason { get; set; }

    /// <summary>Identifiers that are somebody else.</summary>
    public string[]? Identifiers { get; set; }

    public bool Each { get; set; }
}

/// <param name="Json">The event as received, indented.</param>
public sealed record EventModel(long Position, string Json)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static EventModel Of(long position, ReadOnlyMemory<byte> json, Masking masking)
    {
        using var document = JsonDocument.Parse(masking.IsNone ? json : Encoding.UTF8.GetBytes(masking.Json(Encoding.UTF8.GetString(json.Span))));
        return new EventModel(position, JsonSerializer.Serialize(document.RootElement, Indented));
    }
}
