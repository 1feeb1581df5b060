using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>The rules that are shown before anybody wrote one: each step of the proposed funnel only after the one before, and whoever begins gets to the end.</summary>
internal static class ProposedRules
{
    /// <returns>Null where there are no events.</returns>
    public static ConformanceQuestion? Propose(JourneyStore journeys, TouchpointCatalogue catalogue, JourneyFilter filter)
    {
        if (DefaultFunnel.Propose(journeys, catalogue, filter) is not { } funnel) return null;
        List<string> steps = [.. funnel.Steps.Distinct()];
        List<ConformanceRule> rules = [.. steps.Zip(steps.Skip(1), (before, after) => new ConformanceRule(RuleKind.Precedence, [[before], [after]]))];
        rules.Add(steps.Count > 1 ? new ConformanceRule(RuleKind.Response, [[steps[0]], [steps[^1]]]) : new ConformanceRule(RuleKind.Contains, [[steps[0]]]));
        return new ConformanceQuestion(rules, filter);
    }
}
