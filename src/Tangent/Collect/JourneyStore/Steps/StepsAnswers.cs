using System.Globalization;
using System.Text.Json;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    /// <summary>Only what everybody asks is remembered: a set of customers is another one with each request, and large. Accounts have more than one moment: who belongs to one is not in the snapshot.</summary>
    public Asked<StepsAnswer> Ask(StepsQuestion question)
    {
        if (question.Filter.Unit != JourneyUnit.Person || question.Filter.Within is not null) return Count(question);
        var (now, filter) = (feed.Now, question.Filter);
        // Refusals are in the reader's language.
        var text = CultureInfo.CurrentUICulture.Name + JsonSerializer.Serialize(question with { Filter = filter with { Within = null } });
        return Steps.Ask(now, TableOf(now), Zone.Id, (text, filter.Within), () => Count(question));
    }

    /// <summary>What was counted for journey maps.</summary>
    internal StepsMemory Steps { get; } = new();

    /// <summary>What is wrong with a condition that is to narrow a step; null where events can be told by it.</summary>
    public string? Wrong(string condition) => RuleOf("condition", condition, TableOf(feed.Now), out var refusal, isOwn: false) is null ? refusal!.Detail : null;

    private Asked<StepsAnswer> Count(StepsQuestion question)
    {
        if (ScopeOf(question.Filter, out var refusal) is not { } scope) return refusal!;
        var periods = question.Bucket is { } bucket ? PeriodsOf(bucket, question.Filter, scope, out refusal) : null;
        if (refusal is not null) return refusal;
        var bounds = periods is { Days.Count: > 0 } ? periods.Bounds : null;
        var (visits, rules, first) = (new StepVisits[question.Steps.Count], RulesOf(question, scope), default(Engine.StepsAnswer));
        foreach (var pass in StepsPass.Of(question.Steps))
        {
            var answer = (Prepare(question, pass, rules, scope) with { BucketBoundsMs = bounds }).Ask(scope.View);
            first ??= answer;
            foreach (var (place, s) in pass.Own.Zip(answer.Steps)) visits[place] = new StepVisits(s.Customers, s.WentOn, s.WentOn == 0 ? null : s.MedianWaitMs / 1000, s.Arrivals) { Wrong = rules[place].Wrong };
        }

        return new StepsAnswer(first!.Customers, first.AtAny, periods?.Days ?? [], visits);
    }

    public Asked<CustomersAnswer> Behind(StepsQuestion question, StepPick pick, Paging page)
    {
        if (ScopeOf(question.Filter, out var refusal) is not { } scope) return refusal!;
        var rules = RulesOf(question, scope);
        if (rules[pick.Step].Wrong is { } wrong) return new Refusal("step", wrong);
        var pass = StepsPass.Of(question.Steps).First(p => p.Own.Contains(pick.Step));
        return Page(scope, Prepare(question, pass, rules, scope).Customers(scope.View, pass.Own.ToList().IndexOf(pick.Step), pick.Stayed), page);
    }

    public Asked<FirstsAnswer> Ask(FirstsQuestion question)
    {
        if (question.Touchpoints.Count > FirstsQuestion.MostTouchpoints) return new Refusal("touchpoint", T("Collect.Refusal.Firsts", FirstsQuestion.MostTouchpoints));
        if (ScopeOf(question.Filter, out var refusal) is not { } scope) return refusal!;
        List<ushort> codes = [];
        foreach (var name in question.Touchpoints)
        {
            if (scope.Touchpoints.Find(name) is not { } code) return Unknown("touchpoint", name);
            codes.Add(code);
        }

        var distinct = codes.Distinct().ToList();
        var answer = new Engine.FirstsQuestion
        {
            TouchpointOfSignature = scope.OfSignature,
            Filter = scope.Filter,
            Touchpoints = distinct,
            Anchors = codes.Take(question.Anchors).Distinct().Count(),
        }.Ask(scope.View);
        var places = codes.ConvertAll(code => distinct.IndexOf(code));
        return new FirstsAnswer(answer.Customers, [.. places.Select((place, i) => new FirstVisits(
            scope.Touchpoints.Name(codes[i]), answer.At[place], [.. places.Select(other => answer.Before[place, other])], [.. places.Select(other => answer.Before[other, place])]))]);
    }

    /// <summary>The events of every step; one whose condition cannot be read has none, and the others are asked all the same.</summary>
    private List<(IReadOnlyList<Engine.EventRule> Rules, string? Wrong)> RulesOf(StepsQuestion question, Scope scope) =>
        [.. question.Steps.Select(step => (step.Condition.Length > 0 ? Wrong(step.Condition) : null) is { } wrong ? ([], wrong)
            : RuleOf("step", step.Text, scope.Touchpoints, out var refusal, isOwn: false) is { } rule ? (rule.Rules, (string?)null) : ([], refusal!.Detail))];

    private static Engine.StepsQuestion Prepare(StepsQuestion question, StepsPass pass, List<(IReadOnlyList<Engine.EventRule> Rules, string? Wrong)> rules, Scope scope)
    {
        IReadOnlyList<IReadOnlyList<int>> places = [.. pass.Own.Select(place => new[] { place }), .. pass.Others];
        return new Engine.StepsQuestion
        {
            TouchpointOfSignature = scope.OfSignature,
            Filter = scope.Filter,
            Steps = [.. places.Select(together => (IReadOnlyList<Engine.EventRule>)[.. together.SelectMany(place => rules[place].Rules)])],
            Following = [.. places.Select((_, from) => from < pass.Own.Count ? Mask(places, question.Steps[pass.Own[from]].Following) : 0UL)],
        };
    }

    private static ulong Mask(IReadOnlyList<IReadOnlyList<int>> places, IReadOnlyList<int> following)
    {
        var (mask, set) = (0UL, following.ToHashSet());
        for (var bit = 0; bit < places.Count; bit++)
            if (set.Contains(places[bit][0])) mask |= 1UL << bit;
        return mask;
    }
}
