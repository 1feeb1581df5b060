namespace Tangent.Collect;

/// <summary>Which events are meant by a step, an exclusion, a bad contact: a tree of conditions, read by <see cref="StepText"/>.</summary>
internal abstract record StepCondition
{
    /// <summary>Every part holds.</summary>
    public sealed record All(IReadOnlyList<StepCondition> Parts) : StepCondition;

    /// <summary>A part holds.</summary>
    public sealed record Either(IReadOnlyList<StepCondition> Parts) : StepCondition;

    /// <param name="Field">touchpoint, event, channel, source, path, campaign or the name of a declared property.</param>
    /// <param name="Operator">= or !=; for a property also &lt;, &lt;=, &gt;, &gt;=, which compare numbers.</param>
    /// <param name="Value">Compared with; empty for an event without the property.</param>
    public sealed record Test(string Field, string Operator, string Value) : StepCondition;
}
