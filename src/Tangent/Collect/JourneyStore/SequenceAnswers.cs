using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    public Asked<VariantsAnswer> Ask(VariantsQuestion question)
    {
        if (question.Top is < 1 or > 10_000) return new Refusal("top", T("Collect.Refusal.Top"));
        if (ScopeOf(question.Filter, out var refusal) is not { } scope) return refusal!;
        var names = NamesOf(question, scope);
        var answer = Variants(question, scope, names).Ask(scope.View);
        var covered = 0L;
        return new VariantsAnswer(answer.Customers, answer.Total, [.. answer.Items.Select(v => new Variant(
            [.. v.Touchpoints.Select(names.Name)], v.Customers, Share(v.Customers, answer.Customers), v.MedianDurationMs / 1000, Share(covered += v.Customers, answer.Customers)))]);
    }

    public Asked<CustomersAnswer> Behind(VariantsQuestion question, VariantPick pick, Paging page)
    {
        if (ScopeOf(question.Filter, out var refusal) is not { } scope) return refusal!;
        var names = NamesOf(question, scope);
        var codes = new ushort[pick.Steps.Count];
        for (var i = 0; i < codes.Length; i++)
        {
            if (names.Find(pick.Steps[i]) is not { } code) return Unknown("step", pick.Steps[i]);
            codes[i] = code;
        }

        return Page(scope, Variants(question, scope, names).Customers(scope.View, codes), page);
    }

    public Asked<FlowsAnswer> Ask(FlowsQuestion question)
    {
        if (ScopeOf(question.Filter, out var refusal) is not { } scope) return refusal!;
        var answer = Flows(question, scope).Ask(scope.View);
        return new FlowsAnswer(answer.Edges.Length, [.. answer.Edges.Select(e => new Flow(
            scope.Touchpoints.Name(e.From), scope.Touchpoints.Name(e.To), e.Count, e.Customers, e.MedianSeconds, e.MeanSeconds))]);
    }

    public Asked<CustomersAnswer> Behind(FlowsQuestion question, FlowPick pick, Paging page)
    {
        if (ScopeOf(question.Filter, out var refusal) is not { } scope) return refusal!;
        if (scope.Touchpoints.Find(pick.From) is not { } from) return Unknown("before", pick.From);
        if (scope.Touchpoints.Find(pick.To) is not { } to) return Unknown("after", pick.To);
        return Page(scope, Flows(question, scope).Customers(scope.View, from, to), page);
    }

    private static NodeNames NamesOf(VariantsQuestion question, Scope scope) =>
        question.ByStage ? NodeNames.ByStage(scope.Touchpoints) : NodeNames.Of(scope.Touchpoints, [], out _)!;

    private static Engine.VariantsQuestion Variants(VariantsQuestion question, Scope scope, NodeNames names) => new()
    {
        TouchpointOfSignature = names.OfSignature,
        IsPassing = names.IsPassing,
        Filter = scope.Filter,
        CollapseRepeats = question.Collapse,
        Limit = question.Top,
        CountTotal = !question.OnlySequences,
        Durations = !question.OnlySequences,
    };

    private static Engine.FlowQuestion Flows(FlowsQuestion question, Scope scope) => new()
    {
        TouchpointOfSignature = scope.OfSignature,
        Filter = scope.Filter,
        CollapseRepeats = question.Collapse,
    };
}
