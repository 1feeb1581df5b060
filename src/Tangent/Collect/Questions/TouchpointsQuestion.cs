namespace Tangent.Collect;

/// <summary>Volume of every touchpoint, in all and over time.</summary>
/// <param name="Bucket"><c>day</c>, <c>week</c> (ISO, from Monday) or <c>month</c> of the company's time zone for the series; null for none.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record TouchpointsQuestion(string? Bucket, JourneyFilter Filter);

/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="Events">Events in the filter.</param>
/// <param name="Buckets">First day of each bucket of the series.</param>
/// <param name="Items">The most frequent first.</param>
public sealed record TouchpointsAnswer(long Customers, long Events, IReadOnlyList<DateOnly> Buckets, IReadOnlyList<TouchpointVolume> Items)
{
    /// <summary>By name, however it is written; of names that differ in upper and lower case alone, that with most customers stands for all.</summary>
    internal Dictionary<string, TouchpointVolume> ByName() => Items.GroupBy(v => v.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.MaxBy(v => v.Customers)!, StringComparer.OrdinalIgnoreCase);
}

/// <param name="Name">The touchpoint: of the catalogue, or an event name that no rule maps.</param>
/// <param name="Id">Number in the catalogue; null where no rule maps it.</param>
/// <param name="Events">How often.</param>
/// <param name="Customers">How many customers.</param>
/// <param name="Reach">These as a share of all customers in the filter, 0 to 1.</param>
/// <param name="ReachLow">Lower end of its 95 % interval (Wilson).</param>
/// <param name="ReachHigh">Upper end of it.</param>
/// <param name="Value">Sum of the events' values in the reporting currency.</param>
/// <param name="First">First event, UTC.</param>
/// <param name="Last">Last event, UTC.</param>
/// <param name="EventSeries">Events per bucket.</param>
/// <param name="CustomerSeries">Customers per bucket.</param>
public sealed record TouchpointVolume(
    string Name, int? Id, long Events, long Customers, double Reach, double ReachLow, double ReachHigh, double Value, DateTime First, DateTime Last,
    IReadOnlyList<long> EventSeries, IReadOnlyList<long> CustomerSeries);

/// <summary>The customers who were at the touchpoint.</summary>
public sealed record TouchpointPick(string Name);

/// <summary>One signature: the combination of what is known of an event before any rule.</summary>
/// <param name="Event">Event name.</param>
/// <param name="Channel">Channel, or empty.</param>
/// <param name="Source">Name of the source.</param>
/// <param name="Path">Page path without query and ids, or empty.</param>
/// <param name="Campaign">Campaign, or empty.</param>
public sealed record Signature(string Event, string Channel, string Source, string Path, string Campaign);

/// <param name="Signature">The signature.</param>
/// <param name="Touchpoint">Touchpoint its events count for now.</param>
/// <param name="Mapped">True where a rule says so; false where the event name stands in.</param>
/// <param name="Events">How often.</param>
/// <param name="Customers">How many customers.</param>
public sealed record SignatureVolume(Signature Signature, string Touchpoint, bool Mapped, long Events, long Customers);

/// <param name="Items">The most frequent first.</param>
/// <param name="Next">Cursor of the next page; null where this is the last.</param>
public sealed record SignaturesAnswer(IReadOnlyList<SignatureVolume> Items, string? Next = null);

/// <summary>One event of a customer's timeline.</summary>
/// <param name="Position">Position in the event log, where the event as received can be read.</param>
/// <param name="At">When it happened, UTC.</param>
/// <param name="Touchpoint">Touchpoint it counts for now.</param>
/// <param name="Signature">What is known of it.</param>
/// <param name="Value">Value in its own currency; 0 where there is none.</param>
/// <param name="Currency">ISO code, or empty.</param>
/// <param name="Identity">Identifier the event came under (user id or anonymous id).</param>
public sealed record TimelineEvent(long Position, DateTime At, string Touchpoint, Signature Signature, double Value, string Currency, string Identity);

/// <summary>All that the journeys know of one customer.</summary>
/// <param name="Line">Number, identifier and totals.</param>
/// <param name="Identifiers">All identifiers joined in this customer, the oldest first: <c>user:…</c> or <c>anonymous:…</c>.</param>
/// <param name="Account">Account (group) the customer belongs to, or null.</param>
/// <param name="Events">The requested page of events, the latest first.</param>
public sealed record CustomerJourney(CustomerLine Line, IReadOnlyList<string> Identifiers, string? Account, IReadOnlyList<TimelineEvent> Events)
{
    /// <summary>What the next page of events comes after; null where there is none.</summary>
    public string? Next { get; init; }
}

/// <summary>Where a customer was.</summary>
/// <param name="Touchpoint">The touchpoint.</param>
/// <param name="Channel">The channel, or empty.</param>
/// <param name="Events">How often.</param>
/// <param name="First">First time, UTC.</param>
/// <param name="Last">Last time, UTC.</param>
public sealed record CustomerPlace(string Touchpoint, string Channel, int Events, DateTime First, DateTime Last);
