using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <summary>What is wrong with a map.</summary>
/// <param name="Detail">In words.</param>
/// <param name="Part">Id of the stage, step, lane or card at which it is wrong; null where it is not at one alone.</param>
internal sealed record MapFault(string Detail, string? Part = null);

/// <summary>What is wrong with the condition of a step; null where events can be told by it. Events are a later stage's, which answers.</summary>
internal delegate string? StepConditions(string condition);

/// <summary>Holds what somebody enters to what it claims. What a map has already may stay, so that nobody is kept from working on it.</summary>
internal sealed class MapClaims(StepConditions conditions, TimeProvider time)
{
    /// <param name="before">The map as it was; an empty one where it is new.</param>
    /// <param name="now">As it is to be.</param>
    /// <returns>Null where all is as it should be.</returns>
    public MapFault? Fault(MapContent before, MapContent now)
    {
        var (steps, cards) = (before.Steps.ToDictionary(s => s.Id, s => s.Condition, StringComparer.Ordinal), before.Cards.ToDictionary(c => c.Id, c => c.Evidence, StringComparer.Ordinal));
        foreach (var step in now.Steps.Where(s => s.Condition.Length > 0 && s.Condition != steps.GetValueOrDefault(s.Id)))
            if (conditions(step.Condition) is { } wrong) return new(T("Map.Fault.Condition", step.Name, wrong), step.Id);
        // The latest day that it is anywhere.
        var latest = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime.AddHours(14));
        return now.Cards.Where(c => c.Evidence != cards.GetValueOrDefault(c.Id)).Select(c => Unproven(c, latest)).FirstOrDefault(f => f is not null);
    }

    private static MapFault? Unproven(MapCard card, DateOnly latest) => card.Evidence switch
    {
        { Date: { } day } when day > latest => new(T("Map.Fault.Future", MapContent.Short(card.Text), Figures.Date(day)), card.Id),
        { Kind: EvidenceKind.Heard, Times: null } => new(T("Map.Fault.Times", MapContent.Short(card.Text)), card.Id),
        { Kind: EvidenceKind.Measured } e when e is { Times: null } or { Low: null } or { High: null } or { Date: null } => new(T("Map.Fault.Measured", MapContent.Short(card.Text)), card.Id),
        _ => null,
    };
}
