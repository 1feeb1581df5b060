using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    public Asked<FunnelAnswer> Ask(FunnelQuestion question)
    {
        if (Prepare(question, out var scope, out var groups) is { } refusal) return refusal;
        var engine = Funnel(question, scope, groups);
        var answer = engine.Ask(scope.View);
        var steps = answer.Steps.Select((s, i) => new FunnelStep(
            scope.Touchpoints.Name(engine.Steps[i][0]), s.Customers, s.Conversion, s.FromPrevious,
            Seconds(s.SinceStart, s.SinceStart.MedianMs), Seconds(s.SinceStart, s.SinceStart.LowerQuartileMs), Seconds(s.SinceStart, s.SinceStart.UpperQuartileMs)));
        return new FunnelAnswer(answer.Customers, [.. steps], groups is null ? [] : [.. answer.Groups.Select(g => Group(g, groups, engine, scope)).OrderByDescending(g => g.Steps[0].Customers).ThenBy(g => g.Name, StringComparer.Ordinal)]);
    }

    public Asked<CustomersAnswer> Behind(FunnelQuestion question, FunnelPick pick, Paging page)
    {
        if (Prepare(question, out var scope, out var groups) is { } refusal) return refusal;
        if (pick.Step < 1 || pick.Step > question.Steps.Count) return new Refusal("step", T("Collect.Refusal.Step", question.Steps.Count));
        ushort? group = null;
        if (pick.Group is not null)
        {
            var index = groups is null ? -1 : groups.Names.FindIndex(n => string.Equals(n, pick.Group, StringComparison.OrdinalIgnoreCase));
            if (index < 0) return new Refusal("group", T("Collect.Refusal.Group", pick.Group));
            group = (ushort)index;
        }

        var outcome = pick.Dropped ? Engine.FunnelOutcome.Dropped : Engine.FunnelOutcome.Reached;
        return Page(scope, Funnel(question, scope, groups).Customers(scope.View, pick.Step - 1, outcome, group), page);
    }

    /// <summary>Names of the groups by code, and the group of every signature.</summary>
    private sealed record Groups(List<string> Names, ushort[] OfSignature);

    private Refusal? Prepare(FunnelQuestion question, out Scope scope, out Groups? groups)
    {
        scope = default;
        groups = null;
        if (question.Steps.Count is 0 or > 20) return new Refusal("step", T("Collect.Refusal.Steps"));
        if (question.Window <= TimeSpan.Zero || question.Window > TimeSpan.FromDays(3660)) return new Refusal("window", T("Collect.Refusal.Window"));
        if (ScopeOf(question.Filter, out var refusal) is not { } found) return refusal;
        scope = found;
        foreach (var step in question.Steps)
            if (found.Touchpoints.Find(step) is null) return Unknown("step", step);
        if (question.Breakdown is null) return null;
        if (question.Breakdown != "channel") return new Refusal("breakdown", T("Collect.Refusal.Breakdown"));
        var names = found.Touchpoints.Channels.Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        groups = new Groups(names, [.. found.Touchpoints.Channels.Select(c => (ushort)names.FindIndex(n => string.Equals(n, c, StringComparison.OrdinalIgnoreCase)))]);
        return null;
    }

    private static Engine.FunnelQuestion Funnel(FunnelQuestion question, Scope scope, Groups? groups) => new()
    {
        TouchpointOfSignature = scope.OfSignature,
        Filter = scope.Filter,
        Steps = [.. question.Steps.Select(s => new[] { scope.Touchpoints.Find(s)!.Value })],
        WindowMs = (long)question.Window.TotalMilliseconds,
        GroupOfSignature = groups?.OfSignature,
    };

    private static FunnelGroup Group(Engine.FunnelGroup group, Groups groups, Engine.FunnelQuestion engine, Scope scope)
    {
        var steps = group.Reached.Select((n, i) => new FunnelStep(
            scope.Touchpoints.Name(engine.Steps[i][0]), n, Share(n, group.Reached[0]), Share(n, group.Reached[Math.Max(0, i - 1)]), null, null, null));
        return new FunnelGroup(group.Group == Engine.Code.None ? "" : groups.Names[group.Group], [.. steps]);
    }

    private static double? Seconds(Engine.Durations durations, double ms) => durations.Count == 0 ? null : ms / 1000;

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;

    private static Refusal Unknown(string field, string touchpoint) =>
        new(field, T("Collect.Refusal.Touchpoint", touchpoint));
}
