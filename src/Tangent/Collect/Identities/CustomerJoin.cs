namespace Tangent.Collect;

/// <summary>What ties identifiers together.</summary>
public enum JoinKind
{
    /// <summary>One event carried both.</summary>
    SeenTogether,

    /// <summary>A source said so with an alias call.</summary>
    Alias,

    /// <summary>A person said so.</summary>
    Merge,

    /// <summary>A rule found them equal.</summary>
    Rule,
}

/// <summary>One join that holds a customer together; it can be taken back by its position.</summary>
/// <param name="Position">Log position of the event or decision that made it.</param>
/// <param name="Identifiers">What it ties: <c>user:…</c> or <c>anonymous:…</c>.</param>
/// <param name="Kind">What made it.</param>
/// <param name="At">When it happened or was decided, UTC.</param>
/// <param name="Source">Source that sent the event; empty for a person's decision.</param>
/// <param name="By">User who decided or had a rule decide, or the rule that did by itself; empty for an event.</param>
/// <param name="Reason">Why, in the words of who decided; empty for an event.</param>
/// <param name="Rule">The rule that decided; empty where none did.</param>
public sealed record CustomerJoin(long Position, IReadOnlyList<string> Identifiers, JoinKind Kind, DateTime At, string Source, string By, string Reason, string Rule = "");

/// <summary>What a decision did.</summary>
public enum DecisionKind
{
    /// <summary>Made customers one.</summary>
    Merge,

    /// <summary>Took a join or identifiers apart.</summary>
    Split,

    /// <summary>Said that customers are and stay different.</summary>
    KeptApart,

    /// <summary>Took a split back.</summary>
    Restore,
}

/// <summary>A decision that concerned a customer.</summary>
/// <param name="Position">Log position of the decision.</param>
/// <param name="Kind">What it did.</param>
/// <param name="Identifiers">The identifiers it named; none where it took a join or a split back.</param>
/// <param name="Of">The join or the split it took back, by position; null where it named identifiers.</param>
/// <param name="At">When, UTC.</param>
/// <param name="By">User who decided or had a rule decide; empty where a rule did by itself.</param>
/// <param name="Rule">The rule that decided; empty where a person did.</param>
/// <param name="Reason">Why, in the words of who decided.</param>
/// <param name="CanRestore">It is a split, or says who is kept apart, and can be taken back.</param>
public sealed record CustomerDecision(long Position, DecisionKind Kind, IReadOnlyList<string> Identifiers, long? Of, DateTime At, string By, string Rule, string Reason, bool CanRestore);

/// <param name="Customer">The customer.</param>
/// <param name="Total">Decisions in all.</param>
/// <param name="Items">The requested page of them, the latest first.</param>
/// <param name="Next">The cursor of the next page; null where this is the last.</param>
public sealed record CustomerDecisionsAnswer(CustomerIdentity Customer, int Total, IReadOnlyList<CustomerDecision> Items, string? Next = null);

/// <summary>Who a customer is.</summary>
/// <param name="Customer">Number of the customer.</param>
/// <param name="Id">The identifier people know the customer by.</param>
/// <param name="Identifiers">All identifiers joined in this customer, the oldest first.</param>
public sealed record CustomerIdentity(int Customer, string Id, IReadOnlyList<string> Identifiers);

/// <param name="Customer">The customer.</param>
/// <param name="Total">Joins in all.</param>
/// <param name="Items">The requested page of them, the latest first.</param>
/// <param name="Next">What the next page comes after; in JSON the cursor of that page. Null where this is the last.</param>
public sealed record JoinsAnswer(CustomerIdentity Customer, int Total, IReadOnlyList<CustomerJoin> Items, string? Next = null);

/// <param name="Customers">Two or more customers that are one: an identifier (<c>user:…</c>, <c>anonymous:…</c>, or the id alone), or <c>number:…</c>.</param>
/// <param name="Reason">Why, for those who look at it later.</param>
public sealed record MergeRequest(IReadOnlyList<string>? Customers, string? Reason);

/// <param name="Customer">The customer to split, named like those of a merge.</param>
/// <param name="Join">Position of the join to take back; or identifiers.</param>
/// <param name="Reason">Why, for those who look at it later.</param>
/// <param name="Identifiers">Identifiers of the customer (<c>user:…</c>, <c>anonymous:…</c>) that are somebody else.</param>
/// <param name="Each">Each of them is a customer of its own, instead of all together; without identifiers: every identifier of the customer is.</param>
public sealed record SplitRequest(string? Customer, long? Join, string? Reason, IReadOnlyList<string>? Identifiers = null, bool Each = false);

/// <param name="Customer">The customer whose split is taken back, named like those of a merge.</param>
/// <param name="Split">Position of the split.</param>
/// <param name="Reason">Why, for those who look at it later.</param>
public sealed record RestoreRequest(string? Customer, long? Split, string? Reason);

/// <summary>What became of the customers; visible in every answer when this is given.</summary>
/// <param name="Position">Log position of the decision.</param>
/// <param name="Customers">The customers that were decided about, as they are now.</param>
public sealed record DecisionAnswer(long Position, IReadOnlyList<CustomerIdentity> Customers);

/// <param name="NotNow">Why nothing can be decided at the moment.</param>
internal sealed record Decided(DecisionAnswer? Answer, Refusal? Refusal = null, string? NotNow = null);

/// <summary>A customer as somebody named it.</summary>
/// <param name="Identifier">The identifier under which it was found; of a number, the one people know the customer by.</param>
internal sealed record NamedCustomer(int Customer, string Identifier);

/// <summary>The joins made at one log position.</summary>
/// <param name="IsStated">A source or a person said so; else the identifiers came in one event.</param>
internal sealed record IdentityJoin(long Position, IReadOnlyList<string> Identifiers, bool IsStated);
