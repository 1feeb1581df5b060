namespace Tangent.Collect;

/// <summary>How customers come to the steps of a journey map and go on from them, each step by itself.</summary>
/// <param name="Steps">The steps; however many, each pass over the journeys tells sixty-four apart.</param>
/// <param name="Bucket"><c>day</c>, <c>week</c> or <c>month</c> in which arrivals are counted; null for none.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record StepsQuestion(IReadOnlyList<MappedStep> Steps, string? Bucket, JourneyFilter Filter);

/// <param name="Touchpoint">Name of the touchpoint.</param>
/// <param name="Condition">Which of its events, as <see cref="StepText"/> reads it; empty for all.</param>
/// <param name="Following">Places, from 0, of the steps that may follow.</param>
public sealed record MappedStep(string Touchpoint, string Condition, IReadOnlyList<int> Following)
{
    /// <summary>The step as people write it.</summary>
    public string Text => Condition.Length == 0 ? Touchpoint : $"{StepText.Quote(Touchpoint)} & ({Condition})";
}

/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="AtAny">Of them, who were at any of the steps: the journey's customers.</param>
/// <param name="Buckets">First day of each bucket.</param>
/// <param name="Steps">The steps, in order.</param>
public sealed record StepsAnswer(long Customers, long AtAny, IReadOnlyList<DateOnly> Buckets, IReadOnlyList<StepVisits> Steps);

/// <param name="Customers">Customers who were at the step.</param>
/// <param name="WentOn">Of them, who went on to a step that may follow.</param>
/// <param name="MedianWaitSeconds">Median time until they did, to 0.4 %; null where nobody did.</param>
/// <param name="Arrivals">Customers by the bucket in which they came first.</param>
public sealed record StepVisits(long Customers, long WentOn, double? MedianWaitSeconds, IReadOnlyList<long> Arrivals)
{
    /// <summary>What is wrong with the step's condition: nothing was counted; null where it was.</summary>
    public string? Wrong { get; init; }
}

/// <summary>The customers who were at a step.</summary>
/// <param name="Step">The step, from 0.</param>
/// <param name="Stayed">Only those who have not gone on.</param>
public sealed record StepPick(int Step, bool Stayed);
