using Tangent.Collect;
using Tangent.Map;
using Tangent.Measure;

namespace Tangent.Analyse;

/// <summary>What the data say of the steps of a journey map.</summary>
/// <param name="Id">Number of the map.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">As-is or to-be.</param>
/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="JourneyCustomers">Of them, who were at any step of the map.</param>
/// <param name="Weeks">First day of each week of <see cref="StepFigures.Arrivals"/>.</param>
/// <param name="Steps">All steps, from left to right.</param>
/// <param name="NotMeasured">Steps that are bound to a touchpoint but not measured: their condition cannot be read.</param>
public sealed record LiveMapAnswer(
    int Id, string Name, MapState State, long Customers, long JourneyCustomers, IReadOnlyList<DateOnly> Weeks, IReadOnlyList<LiveStep> Steps, int NotMeasured);

/// <param name="Step">Id of the step.</param>
/// <param name="Stage">Name of its stage.</param>
/// <param name="Name">What happens.</param>
/// <param name="Touchpoint">Name of its touchpoint; null where it is bound to none.</param>
/// <param name="Condition">Which of the touchpoint's events belong to it; empty for all.</param>
/// <param name="Figures">What the data say; null where it is bound to no touchpoint, or not measured.</param>
public sealed record LiveStep(string Step, string Stage, string Name, string? Touchpoint, string Condition, StepFigures? Figures)
{
    /// <summary>What is wrong with its condition; null where it is measured, or bound to no touchpoint.</summary>
    public string? Wrong { get; init; }
}

/// <param name="Customers">Customers who were at the step.</param>
/// <param name="Before">The same in as many days before; null where there is nothing to compare with.</param>
/// <param name="Share">These as a share of the journey's customers, 0 to 1.</param>
/// <param name="Low">Lower end of its 95 % interval (Wilson).</param>
/// <param name="High">Upper end of it.</param>
/// <param name="WentOn">Of them, who were at a later step afterwards; null for the last step.</param>
/// <param name="DropOff">Share of them who were not, 0 to 1; null for the last step and where nobody came.</param>
/// <param name="MedianWaitSeconds">Median time from the first visit to the next step, of those who went on.</param>
/// <param name="Score">The score of the touchpoint with most answers; null where nobody was asked, and at a step that has only some of the touchpoint's events: answers are given for all of it.</param>
/// <param name="Arrivals">Customers by the week in which they came first.</param>
public sealed record StepFigures(
    long Customers, long? Before, double Share, double Low, double High, long? WentOn, double? DropOff, double? MedianWaitSeconds, LiveScore? Score, IReadOnlyList<long> Arrivals)
{
    /// <summary>Lower end of the 95 % interval of the drop-off (Wilson, n = customers).</summary>
    public double? DropOffLow { get; init; }

    /// <summary>Upper end of it.</summary>
    public double? DropOffHigh { get; init; }
}

/// <param name="Metric">nps, csat, ces, rating or review.</param>
/// <param name="Figure">The score with its interval.</param>
public sealed record LiveScore(string Metric, ScoreFigure Figure)
{
    /// <summary>The score on the scale of the emotion.</summary>
    public MeasuredEmotion Emotion
    {
        get
        {
            var (least, most) = ScoreTarget.Range(Metrics.Find(Metric)!.Value);
            double On(double value) => Math.Round(-2 + 4 * (value - least) / (most - least), 3);
            return new(On(Figure.Value), On(Figure.Low), On(Figure.High), Figure.N, Figure.TooFew);
        }
    }
}

/// <summary>A step that is measured, and where it stands in the question.</summary>
internal sealed record BoundStep(MapStep Step, string Touchpoint);

/// <summary>Asks the journeys and the scores for what stands on a map.</summary>
internal sealed class LiveMaps(JourneyStore journeys, Scores scores, TouchpointCatalogue catalogue)
{
    /// <summary>All figures of a map: one pass over the journeys for every sixty-four steps. A step whose condition cannot be read has none and says why.</summary>
    public Asked<LiveMapAnswer> Ask(JourneyMap map, JourneyFilter filter)
    {
        var content = MapContent.Read(map.Content);
        var bound = Bound(content);
        var question = QuestionOf(content, bound, "week", filter);
        var asked = journeys.Ask(question);
        if (asked.Refusal is { } refusal) return refusal;
        var answer = asked.Answer!;
        var before = journeys.Before(filter, f => journeys.Ask(question with { Filter = f, Bucket = null }));
        var (figures, wrong) = (new Dictionary<string, StepFigures>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        var scored = ScoresOf(filter);
        for (var i = 0; i < bound.Count; i++)
        {
            if (answer.Steps[i].Wrong is { } fault) wrong[bound[i].Step.Id] = fault;
            else figures[bound[i].Step.Id] = Figures(answer.Steps[i], question.Steps[i].Following.Count > 0, before?.Steps[i].Customers, answer.AtAny, IsWhole(bound[i]) ? scored.GetValueOrDefault(bound[i].Touchpoint) : null);
        }

        var stages = content.Stages.ToDictionary(s => s.Id, s => s.Name, StringComparer.Ordinal);
        return new LiveMapAnswer(map.Id, map.Name, map.State, answer.Customers, answer.AtAny, answer.Buckets,
            [.. content.StepsInOrder().Select(s => new LiveStep(s.Id, stages[s.Stage], s.Name, Name(s), s.Condition, figures.GetValueOrDefault(s.Id)) { Wrong = wrong.GetValueOrDefault(s.Id) })], wrong.Count);
    }

    /// <summary>The scores of all time at the steps of a map, on the scale of the emotion; by id of the step.</summary>
    public IReadOnlyDictionary<string, MeasuredEmotion> Emotions(MapContent content)
    {
        var scored = ScoresOf(JourneyFilter.None);
        return Bound(content).Where(b => IsWhole(b) && scored.ContainsKey(b.Touchpoint)).ToDictionary(b => b.Step.Id, b => scored[b.Touchpoint].Emotion, StringComparer.Ordinal);
    }

    /// <summary>The bound steps that nobody was at.</summary>
    public Asked<List<BoundStep>> Unseen(MapContent content, JourneyFilter filter)
    {
        var bound = Bound(content);
        var asked = journeys.Ask(QuestionOf(content, bound, "week", filter));
        return asked.Answer is { } answer ? bound.Where((_, i) => answer.Steps[i] is { Customers: 0, Wrong: null }).ToList() : asked.Refusal!;
    }

    /// <summary>The customers who were at a step, or who did not go on from it.</summary>
    /// <returns>Null where the step is bound to no touchpoint.</returns>
    public Asked<CustomersAnswer>? Behind(MapContent content, string step, bool stayed, JourneyFilter filter, Paging page)
    {
        var bound = Bound(content);
        var question = QuestionOf(content, bound, null, filter);
        var place = bound.FindIndex(b => b.Step.Id == step);
        return place < 0 ? null : journeys.Behind(question, new StepPick(place, stayed), page);
    }

    /// <summary>The steps that are bound to a touchpoint, from left to right.</summary>
    public List<BoundStep> Bound(MapContent content) => [.. content.StepsInOrder().Where(s => Name(s) is not null).Select(s => new BoundStep(s, Name(s)!))];

    private string? Name(MapStep step) => step.Touchpoint is { } id ? catalogue.Touchpoints.FirstOrDefault(t => t.Id == id)?.Name : null;

    /// <summary>After a step come all to the right of it, and those that the map names as next.</summary>
    private static StepsQuestion QuestionOf(MapContent content, List<BoundStep> bound, string? bucket, JourneyFilter filter)
    {
        var order = content.StepsInOrder().Select((s, i) => (s.Id, i)).ToDictionary(s => s.Id, s => s.i, StringComparer.Ordinal);
        bool Follows(BoundStep from, BoundStep to) => order[to.Step.Id] > order[from.Step.Id] || (from.Step.Next?.Contains(to.Step.Id) == true && from != to);
        return new StepsQuestion(
            [.. bound.Select(from => new MappedStep(from.Touchpoint, from.Step.Condition, [.. Enumerable.Range(0, bound.Count).Where(to => Follows(from, bound[to]))]))], bucket, filter);
    }

    /// <summary>All events of the touchpoint belong to the step.</summary>
    private static bool IsWhole(BoundStep bound) => bound.Step.Condition.Length == 0;

    private static StepFigures Figures(StepVisits visits, bool goesOn, long? before, long all, LiveScore? score)
    {
        var interval = Web.Interval.Wilson(visits.Customers, all);
        Web.Interval? lost = goesOn && visits.Customers > 0 ? Web.Interval.Wilson(visits.Customers - visits.WentOn, visits.Customers) : null;
        return new StepFigures(
            visits.Customers, before, all == 0 ? 0 : (double)visits.Customers / all, interval.Low, interval.High, goesOn ? visits.WentOn : null,
            goesOn && visits.Customers > 0 ? 1 - (double)visits.WentOn / visits.Customers : null, visits.MedianWaitSeconds, score, visits.Arrivals)
        { DropOffLow = lost?.Low, DropOffHigh = lost?.High };
    }

    /// <summary>By touchpoint the score with most answers. Where the filter is one that scores cannot be asked by, there are none.</summary>
    private Dictionary<string, LiveScore> ScoresOf(JourneyFilter filter) =>
        scores.Ask(new ScoresQuestion(null, null, null, null, null, filter) { WithoutVolumes = true }).Answer?.Items.Where(s => s.Touchpoint is not null)
            .GroupBy(s => s.Touchpoint!, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.MaxBy(s => s.Figure.N)!, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(s => s.Key, s => new LiveScore(s.Value.Metric, s.Value.Figure), StringComparer.OrdinalIgnoreCase) ?? [];
}
