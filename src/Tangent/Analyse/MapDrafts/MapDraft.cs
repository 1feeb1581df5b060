using Tangent.Collect;
using Tangent.Map;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>Which touchpoints a drafted map is made of.</summary>
/// <param name="Least">Least share of the customers who were at a touchpoint, in percent.</param>
/// <param name="Most">Most steps, those with most customers.</param>
/// <param name="Filter">Events and customers whose journeys are drafted.</param>
public sealed record MapDraftQuestion(int Least, int Most, JourneyFilter Filter)
{
    public const int UsualLeast = 3, UsualMost = 12, MostSteps = 40;
}

/// <summary>A journey map drafted from what customers did.</summary>
/// <param name="Customers">Customers whose journeys it is made from.</param>
/// <param name="Stages">Its stages, each with its steps.</param>
public sealed record MapDraftAnswer(long Customers, IReadOnlyList<DraftedStage> Stages);

/// <param name="Name">Name of the stage of the life cycle.</param>
/// <param name="Steps">Its steps in the usual order.</param>
public sealed record DraftedStage(string Name, IReadOnlyList<DraftedStep> Steps);

/// <param name="Touchpoint">The touchpoint, or the name of events that no touchpoint claims.</param>
/// <param name="InCatalogue">False where the touchpoint is added with the map.</param>
/// <param name="Customers">How many customers were there.</param>
/// <param name="Share">Their share of all, 0 to 1.</param>
/// <param name="Next">Touchpoints that often come right after it, where that is not the next step alone.</param>
public sealed record DraftedStep(string Touchpoint, bool InCatalogue, long Customers, double Share, IReadOnlyList<string> Next);

/// <summary>Drafts journey maps from the journeys of customers.</summary>
internal sealed class MapDrafts(JourneyStore journeys, TouchpointCatalogue catalogue)
{
    /// <summary>What comes right after a step in so many of ten cases is a branch of its own.</summary>
    private const double LeastOfBranch = 0.2;

    /// <summary>
    /// The steps are the touchpoints with most customers, in the order in which customers usually come to them first (three passes: volumes, first visits, what follows what).
    /// Stages are those of the catalogue, in the order of the life cycle; a touchpoint that the catalogue does not have is in the stage of the one before it.
    /// </summary>
    public Asked<MapDraftAnswer> Ask(MapDraftQuestion question)
    {
        var volumes = journeys.Ask(new TouchpointsQuestion(null, question.Filter));
        if (volumes.Refusal is { } refusal) return refusal;
        var all = volumes.Answer!;
        List<TouchpointVolume> main = [.. all.Items.Where(t => t.Reach * 100 >= question.Least && JourneyMap.IsName(t.Name)).OrderByDescending(t => t.Customers).Take(question.Most)];
        var firsts = journeys.Ask(new FirstsQuestion([.. main.Select(t => t.Name)], 0, question.Filter));
        if (firsts.Refusal is { } refused) return refused;
        var order = firsts.Answer!.InOrder();
        var stages = StagesOf(order);
        var ranks = order.Select((visits, rank) => (visits.Name, rank)).ToDictionary(v => v.Name, v => v.rank, StringComparer.Ordinal);
        List<string> columns = [.. stages.SelectMany(s => s.Value.OrderBy(n => ranks[n]))];
        var next = Branches(columns, journeys.Ask(new FlowsQuestion(true, question.Filter)).Answer?.Items ?? []);
        var of = main.ToDictionary(t => t.Name, StringComparer.Ordinal);
        return new MapDraftAnswer(all.Customers, [.. stages.Select(s => new DraftedStage(T("Map.Stage." + s.Key), [.. s.Value.OrderBy(n => ranks[n])
            .Select(n => new DraftedStep(n, of[n].Id is not null, of[n].Customers, of[n].Reach, next.GetValueOrDefault(n) ?? []))]))]);
    }

    /// <summary>The draft as a file, as if somebody had written it: what takes files in takes it in.</summary>
    public static MapFile File(string name, string description, MapDraftAnswer draft)
    {
        var (file, steps) = (new MapFileBuilder(), new Dictionary<string, MapStep>(StringComparer.Ordinal));
        foreach (var stage in draft.Stages)
        {
            file.AddStage(stage.Name);
            foreach (var step in stage.Steps) steps[step.Touchpoint] = file.AddStep(new MapStep("", "", step.Touchpoint), step.Touchpoint);
        }

        foreach (var step in draft.Stages.SelectMany(s => s.Steps).Where(s => s.Next.Count > 0)) file.SetNext(steps[step.Touchpoint], [.. step.Next.Select(n => steps[n].Id)]);
        return file.Build(name, MapState.AsIs, description, "", []);
    }

    private List<KeyValuePair<LifeCycleStage, List<string>>> StagesOf(IReadOnlyList<FirstVisits> order)
    {
        var known = catalogue.Touchpoints.ToDictionary(t => t.Name, t => t.Stage, StringComparer.Ordinal);
        var stages = new Dictionary<LifeCycleStage, List<string>>();
        var current = order.Where(v => known.ContainsKey(v.Name)).Select(v => known[v.Name]).FirstOrDefault();
        foreach (var visits in order)
        {
            if (known.TryGetValue(visits.Name, out var stage)) current = stage;
            if (!stages.TryGetValue(current, out var names)) stages.Add(current, names = []);
            names.Add(visits.Name);
        }

        return [.. stages.OrderBy(s => s.Key)];
    }

    private static Dictionary<string, IReadOnlyList<string>> Branches(List<string> columns, IReadOnlyList<Flow> flows)
    {
        var places = columns.Select((name, place) => (name, place)).ToDictionary(c => c.name, c => c.place, StringComparer.Ordinal);
        var branches = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var from in flows.Where(f => f.From != f.To && places.ContainsKey(f.From) && places.ContainsKey(f.To)).GroupBy(f => f.From, StringComparer.Ordinal))
        {
            var total = from.Sum(f => f.Count);
            List<string> often = [.. from.Where(f => f.Count >= LeastOfBranch * total).Select(f => f.To).OrderBy(n => places[n])];
            var isJustTheNext = often.Count == 1 && places[often[0]] == places[from.Key] + 1;
            if (often.Count > 0 && !isJustTheNext) branches[from.Key] = often;
        }

        return branches;
    }
}
