using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Map;
using Tangent.Measure;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>A question for priorities.</summary>
/// <param name="Drivers">What the derived importance is found from; its goals and its time say what a point is worth.</param>
/// <param name="By">derived or stated; null: derived where there are drivers, else stated.</param>
/// <param name="Said">Which of goal, at and score whoever asks has named; what does not exist is then refused.</param>
internal sealed record PrioritiesQuestion(DriversQuestion Drivers, string? By, IReadOnlyList<string> Said);

/// <summary>Brings together what the data says, what people think, how touchpoints are doing, and what that is worth.</summary>
internal sealed class Priorities(JourneyStore journeys, Drivers drivers, Scores scores, VoteQueries votes, TargetBook targets, TouchpointCatalogue catalogue, PointWorths points, IOptionsMonitor<CompanyOptions> company)
{
    public const string Derived = "derived", Stated = "stated";
    private static readonly string[] Order = ["fixNow", "keep", "maintain", "watch", "notAsked", "notKnown"];

    public JourneyStore Journeys => journeys;

    public TouchpointCatalogue Catalogue => catalogue;

    public IReadOnlyList<string> Answered => drivers.Answered();

    public Asked<PrioritiesAnswer> Ask(PrioritiesQuestion question)
    {
        var filter = question.Drivers.Filter;
        // People vote on what persons go through; of accounts nothing is known that could stand beside it.
        if (filter.Unit == JourneyUnit.Account) return new Refusal("unit", T("Measure.Refused.Unit"));
        var asked = scores.Ask(new ScoresQuestion(null, null, null, null, null, filter));
        if (asked.Refusal is { } refusal) return refusal;
        var volumes = journeys.Ask(new TouchpointsQuestion(null, filter));
        if (volumes.Refusal is { } none) return none;
        var reached = volumes.Answer!.ByName();
        // Of a million answers each of both takes most of the time, and much of it on one processor.
        var explaining = Task.Run(() => drivers.Ask(question.Drivers));
        var worths = points.Of(question.Drivers.Goals, question.Drivers.Within, filter, reached.ToDictionary(r => r.Key, r => r.Value.Customers, StringComparer.OrdinalIgnoreCase));
        var asking = explaining.GetAwaiter().GetResult();
        // Answers that journeys do not keep explain nothing; everything else can still be said.
        if (asking.Refusal is { } wrong && (question.Said.Contains(wrong.Field) || wrong.Field is not ("score" or "at" or "goal"))) return wrong;
        var explained = asking.Answer;

        var said = votes.All().Where(v => v.Voters > 0).GroupBy(v => v.Touchpoint, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.MaxBy(v => v.Voters)!, StringComparer.OrdinalIgnoreCase);
        var performances = asked.Answer!.Items.Where(s => s.Touchpoint is not null).GroupBy(s => s.Touchpoint!, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.MaxBy(s => s.Figure.N)!, StringComparer.OrdinalIgnoreCase);
        if (worths.Refusal is { } unknown && question.Said.Contains(unknown.Field)) return unknown;
        var worth = worths.Answer ?? [];
        var importances = Importances(explained);
        var retired = catalogue.Touchpoints.Where(t => t.RetiredUtc is not null).Select(t => t.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var names = reached.Keys.Concat(performances.Keys).Concat(said.Keys).Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(n => !retired.Contains(n) && (catalogue.Find(n) is not null || performances.ContainsKey(n)));
        List<Priority> items = [.. names.Select(n => One(n, reached.GetValueOrDefault(n), importances.GetValueOrDefault(n), said.GetValueOrDefault(n), performances.GetValueOrDefault(n), worth, volumes.Answer.Customers))];
        var by = question.By ?? (importances.Values.Any(i => i.Importance > 0) || said.Count == 0 ? Derived : Stated);
        var (important, weak) = Cuts(items, by);
        items = [.. items.Select(i => Placed(i, by, important, weak))];
        items = [.. Guessed(items).OrderBy(i => Array.IndexOf(Order, i.Quadrant)).ThenByDescending(i => ImportanceOf(i, by) ?? -1).ThenByDescending(i => i.Reached).ThenBy(i => i.Touchpoint, StringComparer.CurrentCulture)];
        return new PrioritiesAnswer(
            volumes.Answer.Customers, by, important, weak, explained?.Outcomes ?? 0, explained?.TooFew ?? true, question.Drivers.Goals, question.Drivers.Within.TotalSeconds, company.CurrentValue.ReportingCurrency, items)
        {
            Metric = explained?.Metric,
            About = explained?.About,
        };
    }

    public static double? ImportanceOf(Priority item, string by) => by == Stated ? item.Stated?.Importance : item.Derived?.Importance;

    /// <summary>The importance of each touchpoint that could be tested: its drivers' part of what all drivers explain.</summary>
    private static Dictionary<string, DerivedImportance> Importances(DriversAnswer? drivers)
    {
        var found = new Dictionary<string, DerivedImportance>(StringComparer.OrdinalIgnoreCase);
        if (drivers is null || drivers.TooFew) return found;
        var whole = drivers.RSquaredOfDrivers;
        foreach (var group in drivers.Items.Where(d => d.Experience.Touchpoint is not null).GroupBy(d => d.Experience.Touchpoint!, StringComparer.OrdinalIgnoreCase))
        {
            List<Driver> named = [.. group.Where(d => d.IsDriver)];
            double Part(Func<Driver, double?> of) => whole <= 0 ? 0 : Math.Clamp(named.Sum(d => of(d) ?? 0) / whole, 0, 1);
            found[group.Key] = new DerivedImportance(Part(d => d.Weight), Part(d => d.WeightLow), Part(d => d.WeightHigh), named.Sum(d => Math.Abs(d.Effect)), group.Max(d => d.With), [.. named.Select(d => d.Key)]);
        }

        return found;
    }

    private Priority One(string name, TouchpointVolume? volume, DerivedImportance? derived, TouchpointVotes? said, Score? score, Dictionary<(string, Metric), PointWorth> worth, long customers)
    {
        var id = volume?.Id ?? score?.TouchpointId ?? said?.TouchpointId;
        var metric = score is null ? Metric.None : Metrics.Find(score.Metric)!.Value;
        var performance = score is null ? null : Performance(metric, score);
        double? target = id is { } number && metric != Metric.None && targets.Find(number, metric) is { } set ? Points(metric, set.Value) : null;
        double? gap = performance is null ? null : target is null ? 100 - performance.Value : Math.Max(0, target.Value - Points(metric, score!.Figure.Value));
        var reach = volume is null ? Interval.Wilson(0, customers) : new Interval(volume.ReachLow, volume.ReachHigh);
        var stated = said is null ? null : new StatedImportance(said.Median, said.N, said.Share, said.Low, said.High, said.Voters);
        // Where nobody was asked, all may be missing: a driver is not forgotten for want of a score.
        double? moment = derived is null || volume is null ? null : derived.Effect * volume.Reach * (gap ?? 100) / 100;
        return new Priority(
            name, id, volume?.Customers ?? 0, volume?.Reach ?? 0, reach.Low, reach.High, derived, stated, performance, "notKnown", false, null, gap, target, moment, worth.GetValueOrDefault((name, metric)));
    }

    private static PerformanceFigure Performance(Metric metric, Score score)
    {
        var (least, most) = Metrics.Scale(metric);
        var (n, sum, squares) = (0L, 0.0, 0.0);
        for (var mark = least; mark <= most; mark++)
        {
            var x = (double)(mark - least) / (most - least);
            n += score.Counts[mark];
            sum += score.Counts[mark] * x;
            squares += score.Counts[mark] * x * x;
        }

        var mean = sum / n;
        var interval = Interval.OfMean(mean, n > 1 ? Math.Max(0, (squares - (n * mean * mean)) / (n - 1)) : 0, n);
        return new PerformanceFigure(score.Metric, 100 * mean, 100 * interval.Low, 100 * interval.High, n);
    }

    /// <summary>A score, or its target, from 0 to 100: NPS from −100 to 100, CSAT as the share it is, means on their scale.</summary>
    private static double Points(Metric metric, double score)
    {
        var (least, most) = ScoreTarget.Range(metric);
        return 100 * (score - least) / (most - least);
    }

    private static (double? Importance, double? Performance) Cuts(List<Priority> items, string by)
    {
        var placed = items.FindAll(i => i.Performance is not null && ImportanceOf(i, by) is not null);
        if (placed.Count == 0) return (null, null);
        // Where all drivers lie at touchpoints without a score, those with one are less important than these.
        var among = placed.Exists(i => ImportanceOf(i, by) > 0) ? placed : items.FindAll(i => ImportanceOf(i, by) is not null);
        return (among.Average(i => ImportanceOf(i, by)!.Value), placed.Average(i => i.Performance!.Value));
    }

    private static Priority Placed(Priority item, string by, double? important, double? weak)
    {
        if (ImportanceOf(item, by) is not { } importance) return item with { Quadrant = "notKnown" };
        if (item.Performance is not { } performance || important is null || weak is null) return item with { Quadrant = "notAsked" };
        var quadrant = (importance > 0 && importance >= important, performance.Value >= weak) switch { (true, false) => "fixNow", (true, true) => "keep", (false, true) => "maintain", _ => "watch" };
        var mayBeElse = by == Derived && item.Derived is { } derived && derived.Low < important && derived.High >= important;
        return item with { Quadrant = quadrant, Unsure = performance.TooFew || (performance.Low < weak && performance.High >= weak) || mayBeElse };
    }

    /// <summary>Where people think otherwise than the data says: important is what lies above the mean of all.</summary>
    private static IEnumerable<Priority> Guessed(List<Priority> items)
    {
        var both = items.Where(i => i.Derived is not null && i.Stated?.Importance is not null).ToList();
        if (both.Count == 0) return items;
        var (derived, stated) = (both.Average(i => i.Derived!.Importance), both.Average(i => i.Stated!.Importance!.Value));
        return items.Select(i => i.Derived is null || i.Stated?.Importance is not { } vote ? i : i with
        {
            Guess = (vote >= stated) == (i.Derived.Importance >= derived && i.Derived.Importance > 0) ? "agrees" : vote >= stated ? "guessedHigher" : "guessedLower",
        });
    }
}
