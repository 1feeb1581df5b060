namespace Tangent.Collect;

/// <summary>What follows each event of a kind. It is asked by other questions, not by people.</summary>
/// <param name="At">Events looked at, as a funnel's step is written.</param>
/// <param name="Then">Events that may follow, written likewise; any of them.</param>
/// <param name="Window">Within what time.</param>
/// <param name="Filter">Events and customers looked at.</param>
internal sealed record FollowUpsQuestion(string At, IReadOnlyList<string> Then, TimeSpan Window, JourneyFilter Filter);

/// <param name="Items">By rising customer, in the order of the journey.</param>
internal sealed record FollowUpsAnswer(IReadOnlyList<FollowUp> Items);

/// <param name="Customer">Number of the customer.</param>
/// <param name="AtMs">Time of the event, in milliseconds since 1970 UTC.</param>
/// <param name="DelayMs">Time until one of the events that may follow; −1 where none does within the window.</param>
/// <param name="Value">Value of all events within the window, in the reporting currency.</param>
/// <param name="IsOpen">The window is not over yet.</param>
internal readonly record struct FollowUp(int Customer, long AtMs, long DelayMs, double Value, bool IsOpen);

/// <summary>Of the customers who were at each touchpoint, how many reached a goal strictly later and within a window.</summary>
/// <param name="Goals">As a funnel's steps are written; any of them.</param>
/// <param name="Window">Within what time.</param>
/// <param name="Filter">Events and customers looked at.</param>
internal sealed record ConversionsQuestion(IReadOnlyList<string> Goals, TimeSpan Window, JourneyFilter Filter);

/// <summary>The customers behind a conversion.</summary>
/// <param name="Touchpoint">Where they were.</param>
/// <param name="State">What became of them.</param>
internal sealed record ConversionPick(string Touchpoint, Converting State);

/// <summary>What became of customers at a touchpoint.</summary>
internal enum Converting
{
    /// <summary>Their time is not over.</summary>
    NotYet,

    /// <summary>They reached no goal.</summary>
    NotConverted,

    /// <summary>They reached one.</summary>
    Converted,
}

/// <param name="Items">By name of the touchpoint.</param>
internal sealed record ConversionsAnswer(IReadOnlyDictionary<string, TouchpointConversion> Items);

/// <param name="Customers">Who was there and can be judged.</param>
/// <param name="Converted">Of them, who reached a goal.</param>
/// <param name="Open">Who was there and whose time is not over.</param>
internal readonly record struct TouchpointConversion(long Customers, long Converted, long Open);
