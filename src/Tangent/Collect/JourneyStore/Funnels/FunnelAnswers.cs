using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    private const int MostGroups = 100;

    /// <summary>A funnel made ready for the engine.</summary>
    /// <param name="Names">The steps as they are shown.</param>
    /// <param name="Groups">Null without a breakdown.</param>
    /// <param name="Entries">Null without a trend, or where there is no event.</param>
    private sealed record FunnelPlan(Scope Scope, Engine.RuleFunnelQuestion Engine, IReadOnlyList<string> Names, FunnelGroups? Groups, Periods? Entries);

    public Asked<FunnelAnswer> Ask(FunnelQuestion question)
    {
        if (Prepare(question, out var refusal) is not { } plan) return refusal!;
        var answer = plan.Engine.Ask(plan.Scope.View);
        var steps = answer.Steps.Select((s, i) => new FunnelStep(
            plan.Names[i], s.Customers, s.Conversion, s.FromPrevious,
            Seconds(s.SinceStart, s.SinceStart.MedianMs), Seconds(s.SinceStart, s.SinceStart.LowerQuartileMs), Seconds(s.SinceStart, s.SinceStart.UpperQuartileMs)));
        var groups = answer.Groups.Where(g => !plan.Groups!.LeavesOut(g.Group)).Select(g => Group(g, plan))
            .OrderByDescending(g => g.Steps[0].Customers).ThenBy(g => g.Name, StringComparer.Ordinal).ToList();
        return new FunnelAnswer(
            answer.Customers, [.. steps], [.. groups.Take(MostGroups)], Math.Max(0, groups.Count - MostGroups),
            question.Trend is null ? null : plan.Entries is null ? [] : [.. answer.Trend.Select((reached, i) => Entry(reached, plan.Entries, i, question.Window))],
            answer.Histogram is null ? null : new FunnelHistogram(answer.Histogram.WidthMs / 1000.0, answer.Histogram.Customers, answer.Histogram.LastIsOpen));
    }

    public Asked<CustomersAnswer> Behind(FunnelQuestion question, FunnelPick pick, Paging page)
    {
        // The bins depend on the times, so they are asked for again; the trend is needed for its bounds only.
        if (Prepare(question with { Histogram = pick.Bin is not null, Trend = pick.Entered is null ? null : question.Trend ?? "week" }, out var refusal) is not { } plan) return refusal!;
        if (pick.Step < 1 || pick.Step > question.Steps.Count) return new Refusal("step", T("Collect.Refusal.Step", question.Steps.Count));
        var outcome = pick.Dropped ? Engine.FunnelOutcome.Dropped : Engine.FunnelOutcome.Reached;
        var wanted = new Engine.RuleFunnelPick(pick.Step - 1, outcome);
        if (pick.Group is not null)
        {
            if (plan.Groups?.Find(pick.Group) is not { } group) return new Refusal("group", T("Collect.Refusal.Group", pick.Group));
            wanted = wanted with { Group = group };
        }

        if (pick.Entered is { } entered)
        {
            var bucket = plan.Entries?.Days.IndexOf(entered) ?? -1;
            if (bucket < 0) return new Refusal("entered", T("Collect.Refusal.Entered", entered));
            wanted = wanted with { Bucket = bucket };
        }

        if (pick.Bin is { } bin)
        {
            var (width, bins, open) = plan.Engine.Ask(plan.Scope.View).Histogram ?? new Engine.FunnelHistogram(1, [], false);
            wanted = wanted with { FromMs = bin * width, ToMs = open && bin == bins.Length - 1 ? null : (bin + 1) * width };
        }

        return Page(plan.Scope, plan.Engine.Customers(plan.Scope.View, wanted), page);
    }

    private FunnelPlan? Prepare(FunnelQuestion question, out Refusal? refusal)
    {
        refusal = Limits(question);
        if (refusal is not null || ScopeOf(question.Filter, out refusal) is not { } scope) return null;
        var steps = new List<StepRule>();
        foreach (var text in question.Steps)
            if (RuleOf("step", text, scope.Touchpoints, out refusal, !question.IsKept) is { } rule) steps.Add(rule);
            else return null;

        var ignored = new List<Engine.EventRule>();
        foreach (var text in question.Ignored)
            if (RuleOf("ignore", text, scope.Touchpoints, out refusal) is { } rule) ignored.AddRange(rule.Rules);
            else return null;

        if (Exclusions(question, scope.Touchpoints, out refusal) is not { } exclusions) return null;
        var groups = GroupsOf(question, scope, out refusal);
        if (refusal is not null) return null;
        var entries = question.Trend is null ? null : PeriodsOf(question.Trend, question.Filter, scope, out refusal);
        if (refusal is not null) return null;
        var engine = new Engine.RuleFunnelQuestion
        {
            TouchpointOfSignature = scope.OfSignature,
            Filter = scope.Filter,
            Steps = [.. steps.Select(s => s.Rules)],
            Order = (Engine.FunnelOrder)question.Order,
            WindowMs = (long)question.Window.TotalMilliseconds,
            Exclusions = exclusions,
            Ignored = ignored,
            Breakdown = groups?.Breakdown,
            TrendBoundsMs = entries is { Days.Count: > 0 } ? entries.Bounds : null,
            Histogram = question.Histogram,
        };
        return new FunnelPlan(scope, engine, [.. steps.Select(s => s.Name)], groups, entries is { Days.Count: > 0 } ? entries : null);
    }

    private static Refusal? Limits(FunnelQuestion question)
    {
        if (question.Steps.Count is 0 or > 20) return new Refusal("step", T("Collect.Refusal.Steps"));
        if (question.Window <= TimeSpan.Zero || question.Window > TimeSpan.FromDays(3660)) return new Refusal("window", T("Collect.Refusal.Window"));
        if (question.Exclusions.Count > 20) return new Refusal("exclude", T("Collect.Refusal.Exclusions"));
        if (question.Ignored.Count > 20) return new Refusal("ignore", T("Collect.Refusal.Exclusions"));
        if (question.Breakdown is { } breakdown && breakdown is not ("channel" or "source" or "campaign" or "touchpoint")
            && !breakdown.StartsWith(PropertyGroups, StringComparison.Ordinal) && !breakdown.StartsWith(TraitGroups, StringComparison.Ordinal))
            return new Refusal("breakdown", T("Collect.Refusal.Breakdown"));
        return question.Trend is null or "day" or "week" or "month" ? null : new Refusal("trend", T("Collect.Refusal.Bucket"));
    }

    private List<Engine.FunnelExclusion>? Exclusions(FunnelQuestion question, TouchpointTable table, out Refusal? refusal)
    {
        refusal = null;
        var exclusions = new List<Engine.FunnelExclusion>();
        foreach (var exclusion in question.Exclusions)
        {
            var (after, before) = (exclusion.After ?? 1, exclusion.Before ?? question.Steps.Count);
            if (RuleOf("exclude", exclusion.Event, table, out refusal) is not { } rule) return null;
            if (after < 1 || before <= after || before > question.Steps.Count)
            {
                refusal = new Refusal("exclude", T("Collect.Refusal.Between", after, before, question.Steps.Count));
                return null;
            }

            if (question.Order == FunnelOrder.Any && (after > 1 || before < question.Steps.Count))
            {
                refusal = new Refusal("exclude", T("Collect.Refusal.AnyOrder"));
                return null;
            }

            exclusions.Add(new Engine.FunnelExclusion(rule.Rules, after - 1, before - 1));
        }

        return exclusions;
    }

    private static FunnelGroup Group(Engine.FunnelGroup group, FunnelPlan plan)
    {
        var steps = group.Reached.Select((n, i) => new FunnelStep(
            plan.Names[i], n, Share(n, group.Reached[0]), Share(n, group.Reached[Math.Max(0, i - 1)]), null, null, null));
        return new FunnelGroup(plan.Groups!.Name(group.Group), [.. steps]);
    }

    private static FunnelEntry Entry(long[] reached, Periods entries, int index, TimeSpan window) => new(
        entries.Days[index], reached[0], reached[^1], Share(reached[^1], reached[0]), reached,
        entries.IsOpen(index, (long)window.TotalMilliseconds));

    private static double? Seconds(Engine.Durations durations, double ms) => durations.Count == 0 ? null : ms / 1000;

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;

    private static Refusal Unknown(string field, string touchpoint) =>
        new(field, T("Collect.Refusal.Touchpoint", touchpoint));
}
