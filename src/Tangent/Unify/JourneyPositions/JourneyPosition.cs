using Tangent.Collect;
using Tangent.Map;

namespace Tangent.Unify;

/// <param name="Stage">Stage of the customer life cycle.</param>
/// <param name="Events">Events at its touchpoints.</param>
/// <param name="First">The first of them, UTC; null where there is none.</param>
/// <param name="Last">The last of them, UTC; null where there is none.</param>
public sealed record StagePosition(LifeCycleStage Stage, int Events, DateTime? First, DateTime? Last);

/// <param name="Touchpoint">Where customers go on to.</param>
/// <param name="Share">Part of all visits to the present touchpoint after which it comes next, 0 to 1.</param>
public sealed record UsualNext(string Touchpoint, double Share);

/// <summary>Where a customer stands.</summary>
/// <param name="Stages">All stages in their order.</param>
/// <param name="Stage">Stage of the latest event that lies at a touchpoint of the catalogue; null where none does.</param>
/// <param name="Touchpoint">Where the latest event was; null without events.</param>
/// <param name="Since">When that was, UTC.</param>
/// <param name="Next">What usually comes next there, the most frequent first.</param>
/// <param name="UsualSeconds">Nine of ten who go on from there do so within this time; null where nobody ever did.</param>
/// <param name="Waits">The customer has waited longer than that.</param>
public sealed record JourneyPosition(
    IReadOnlyList<StagePosition> Stages, LifeCycleStage? Stage, string? Touchpoint, DateTime? Since, IReadOnlyList<UsualNext> Next, double? UsualSeconds, bool Waits);

/// <summary>Finds out where a customer stands in the life cycle and what usually comes next there.</summary>
internal sealed class JourneyPositions(JourneyStore journeys, TouchpointCatalogue catalogue, TimeProvider time)
{
    private const int MostNext = 3;
    private static readonly JourneyFilter Everything = new();

    /// <param name="customer">Number of the customer.</param>
    /// <param name="withNext">Also what usually comes next, which asks all journeys.</param>
    public JourneyPosition Of(int customer, bool withNext)
    {
        var places = journeys.Places(customer);
        var stageOf = catalogue.Touchpoints.ToDictionary(t => t.Name, t => t.Stage, StringComparer.OrdinalIgnoreCase);
        var staged = places.Where(p => stageOf.ContainsKey(p.Touchpoint)).ToLookup(p => stageOf[p.Touchpoint]);
        StagePosition[] stages = [.. Enum.GetValues<LifeCycleStage>().Select(s => new StagePosition(
            s, staged[s].Sum(p => p.Events), staged[s].Min(p => (DateTime?)p.First), staged[s].Max(p => (DateTime?)p.Last)))];
        var latest = places.MaxBy(p => p.Last);
        var stage = stages.Where(s => s.Last is not null).OrderBy(s => s.Last).LastOrDefault()?.Stage;
        var position = new JourneyPosition(stages, stage, latest?.Touchpoint, latest?.Last, [], null, false);
        return withNext && latest is not null ? WithNext(position, latest) : position;
    }

    private JourneyPosition WithNext(JourneyPosition position, CustomerPlace latest)
    {
        var next = journeys.Ask(new NeighboursQuestion(latest.Touchpoint, 1, Everything)).Answer;
        var usual = journeys.Ask(new StalledQuestion(StalledQuestion.UsualPercentile, null, [], Everything)).Answer?.Items.FirstOrDefault(t => t.Name == latest.Touchpoint)?.UsualSeconds;
        return position with
        {
            Next = [.. (next?.After ?? []).Take(MostNext).Select(n => new UsualNext(n.Name, n.Share))],
            UsualSeconds = usual,
            Waits = usual is { } seconds && (time.GetUtcNow().UtcDateTime - latest.Last).TotalSeconds > seconds,
        };
    }
}
