namespace Tangent.Collect;

/// <summary>Which events and customers a question looks at; shared by every question. Days are days of the company's time zone.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day, included.</param>
/// <param name="Channel">Only events of this channel.</param>
/// <param name="Source">Only events of this source.</param>
/// <param name="Properties">Only events whose declared property has this value.</param>
public sealed record JourneyFilter(
    DateOnly? From = null, DateOnly? To = null, string? Channel = null, string? Source = null, IReadOnlyDictionary<string, string>? Properties = null)
{
    public static JourneyFilter None { get; } = new();
}

/// <summary>Why a question cannot be answered: the field that is wrong and what to do.</summary>
public sealed record Refusal(string Field, string Detail);

/// <summary>An answer, or the reason why there is none.</summary>
public sealed record Asked<TAnswer>(TAnswer? Answer, Refusal? Refusal)
    where TAnswer : class
{
    public static implicit operator Asked<TAnswer>(TAnswer answer) => new(answer, null);

    public static implicit operator Asked<TAnswer>(Refusal refusal) => new(null, refusal);
}

/// <summary>Exactly the customers behind a number, by customer number; a list of all customers: the most recently active first.</summary>
/// <param name="Total">How many there are.</param>
/// <param name="Items">The requested page of them.</param>
public sealed record CustomersAnswer(long Total, IReadOnlyList<CustomerLine> Items);

/// <param name="Customer">Number of the customer; after a merge the older number stays.</param>
/// <param name="Id">The identifier people know the customer by: user id, else anonymous id.</param>
/// <param name="Events">Events in the whole journey.</param>
/// <param name="First">First event, UTC.</param>
/// <param name="Last">Last event, UTC.</param>
public sealed record CustomerLine(int Customer, string Id, long Events, DateTime First, DateTime Last);

/// <summary>A page of a list: items from <paramref name="Skip"/> on, at most <paramref name="Take"/> (1 to 1,000).</summary>
public sealed record Paging(int Skip = 0, int Take = 50);
