using Tangent.Map;

namespace Tangent.Collect;

/// <summary>Which events and customers a question looks at, and whose journeys are counted; shared by every question.
/// Several values of one field widen it (any of them), different fields narrow each other. Days are days of the company's time zone.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day, included.</param>
public sealed record JourneyFilter(DateOnly? From = null, DateOnly? To = null)
{
    public static JourneyFilter None { get; } = new();

    /// <summary>Only events of these channels.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>Only events of these sources.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Only events at these touchpoints.</summary>
    public IReadOnlyList<string> Touchpoints { get; init; } = [];

    /// <summary>Only events whose declared properties have these values.</summary>
    public IReadOnlyList<NamedValue> Properties { get; init; } = [];

    /// <summary>Only customers with these identifiers (user id or anonymous id).</summary>
    public IReadOnlyList<string> Customers { get; init; } = [];

    /// <summary>Only customers with these traits, as the question names them; whoever asks puts the customers they stand for into <see cref="Within"/>.</summary>
    public IReadOnlyList<NamedValue> Traits { get; init; } = [];

    /// <summary>Only customers of these segments, by name; found before the question is asked, as <see cref="Traits"/> are.</summary>
    public IReadOnlyList<string> Segments { get; init; } = [];

    /// <summary>Only customers that these personas stand for; found before the question is asked, as <see cref="Traits"/> are.</summary>
    public IReadOnlyList<PersonaMark> Personas { get; init; } = [];

    /// <summary>Only customers of this set: what <see cref="Traits"/>, <see cref="Segments"/> and <see cref="Personas"/> stand for. Null: all.</summary>
    public CustomerSet? Within { get; init; }

    /// <summary>Nothing is left out by it.</summary>
    public bool IsOpen => From is null && To is null && Within is null && Channels.Count + Sources.Count + Touchpoints.Count + Properties.Count + Customers.Count + Traits.Count + Segments.Count + Personas.Count == 0;

    /// <summary>Whose journeys are counted.</summary>
    public JourneyUnit Unit { get; init; }
}

/// <summary>A property or trait and its value.</summary>
public sealed record NamedValue(string Name, string Value);

/// <summary>Customers by number. A number that was merged away since stands for the customer it is part of now.</summary>
public sealed record CustomerSet(IReadOnlyCollection<int> Numbers);

/// <summary>The unit of analysis: whose journeys are counted.</summary>
public enum JourneyUnit
{
    /// <summary>A person's.</summary>
    Person,

    /// <summary>An account's: the events of all its members, sorted by time. Customers of no account are left out.</summary>
    Account,
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

/// <summary>Exactly the customers (or accounts) behind a number, by number; a list of all customers: the most recently active first.</summary>
/// <param name="Total">How many there are.</param>
/// <param name="Items">The requested page of them.</param>
/// <param name="Unit">What they are.</param>
public sealed record CustomersAnswer(long Total, IReadOnlyList<CustomerLine> Items, JourneyUnit Unit = JourneyUnit.Person)
{
    /// <summary>What the next page comes after; null where there is none.</summary>
    public string? Next { get; init; }
}

/// <param name="Customer">Number of the customer; after a merge the older number stays. Of an account, its own number.</param>
/// <param name="Id">The identifier people know the customer by: user id, else anonymous id. Of an account, the group id.</param>
/// <param name="Events">Events in the whole journey.</param>
/// <param name="First">First event, UTC.</param>
/// <param name="Last">Last event, UTC.</param>
/// <param name="Members">Members of an account; 1 for a person.</param>
public sealed record CustomerLine(int Customer, string Id, long Events, DateTime First, DateTime Last, int Members = 1);

/// <summary>A page of a list: items from <paramref name="Skip"/> on, at most <paramref name="Take"/> (1 to 1,000).</summary>
/// <param name="Skip">Items left out at the beginning.</param>
/// <param name="Take">Most items.</param>
/// <param name="After">The last item that was given before, as the list writes it in its answer; null at the beginning.</param>
public sealed record Paging(int Skip = 0, int Take = 50, string? After = null)
{
    /// <summary>The most that one answer lists: a file of a whole table.</summary>
    public const int Most = 100_000;
}
