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

    private Asked<StepsAnswer> Count(StepsQuestion question)
    {
        if (Prepare(question, out var scope, out var refusal) is not { } engine) return refusal!;
        var periods = question.Bucket is { } bucket ? PeriodsOf(bucket, question.Filter, scope, out refusal) : null;
        if (refusal is not null) return refusal;
        var answer = (engine with { BucketBoundsMs = periods is { Days.Count: > 0 } ? periods.Bounds : null }).Ask(scope.View);
        return new StepsAnswer(answer.Customers, answer.AtAny, periods?.Days ?? [],
            [.. answer.Steps.Select(s => new StepVisits(s.Customers, s.WentOn, s.WentOn == 0 ? null : s.MedianWaitMs / 1000, s.Arrivals))]);
    }

    public Asked<CustomersAnswer> Behind(StepsQuestion question, StepPick pick, Paging page) =>
        Prepare(question, out var scope, out var refusal) is { } engine ? Page(scope, engine.Customers(scope.View, pick.Step, pick.Stayed), page) : refusal!;

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

    /// <returns>Null where it is refused.</returns>
    private Engine.StepsQuestion? Prepare(StepsQuestion question, out Scope scope, out Refusal? refusal)
    {
        scope = default;
        refusal = question.Steps.Count > StepsQuestion.MostSteps ? new Refusal("steps", T("Collect.Refusal.MappedSteps", StepsQuestion.MostSteps)) : null;
        if (refusal is not null || ScopeOf(question.Filter, out refusal) is not { } found) return null;
        scope = found;
        List<IReadOnlyList<Engine.EventRule>> rules = [];
        foreach (var step in question.Steps)
        {
            if (RuleOf("step", step.Text, found.Touchpoints, out refusal) is not { } rule) return null;
            rules.Add(rule.Rules);
        }

        return new Engine.StepsQuestion
        {
            TouchpointOfSignature = found.OfSignature,
            Filter = found.Filter,
            Steps = rules,
            Following = [.. question.Steps.Select(s => s.Following.Aggregate(0UL, (mask, place) => mask | 1UL << place))],
        };
    }
}
