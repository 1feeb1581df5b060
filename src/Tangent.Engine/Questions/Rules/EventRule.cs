namespace Tangent.Engine;

/// <summary>Which events are meant: those whose signature is allowed and whose properties satisfy every condition. Several rules in a list mean: any of them.</summary>
/// <param name="Signatures">Allowed signatures by code; codes beyond its end are not allowed. Null: all.</param>
/// <param name="Properties">Each must hold.</param>
public sealed record EventRule(bool[]? Signatures, IReadOnlyList<PropertyCondition> Properties)
{
    /// <summary>Every event.</summary>
    public static EventRule Any { get; } = new(null, []);

    /// <summary>The events of these signatures.</summary>
    public static EventRule Of(bool[] signatures) => new(signatures, []);
}
