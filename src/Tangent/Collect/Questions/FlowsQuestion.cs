namespace Tangent.Collect;

/// <summary>The directly-follows graph: what comes right after what, how often and how much later.</summary>
/// <param name="Collapse">Immediate repeats count once; kept by default.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record FlowsQuestion(bool Collapse, JourneyFilter Filter);

/// <param name="Total">Different edges.</param>
/// <param name="Items">The most frequent first.</param>
public sealed record FlowsAnswer(long Total, IReadOnlyList<Flow> Items);

/// <param name="From">Touchpoint before.</param>
/// <param name="To">Touchpoint right after.</param>
/// <param name="Count">How often.</param>
/// <param name="Customers">How many customers.</param>
/// <param name="MedianSeconds">Median time between the two, exact.</param>
/// <param name="MeanSeconds">Mean time between the two.</param>
public sealed record Flow(string From, string To, long Count, long Customers, double MedianSeconds, double MeanSeconds);

/// <summary>The customers who have this transition at least once.</summary>
public sealed record FlowPick(string From, string To);
