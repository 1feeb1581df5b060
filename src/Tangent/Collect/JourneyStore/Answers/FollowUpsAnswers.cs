using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    public Asked<FollowUpsAnswer> Ask(FollowUpsQuestion question)
    {
        if (Outside(question.Window)) return new Refusal("within", T("Collect.Refusal.Window"));
        if (ScopeOf(question.Filter, out var refusal) is not { } scope) return refusal!;
        var (at, then) = (All("at", [question.At], scope, ref refusal), All("goal", question.Then, scope, ref refusal));
        if (refusal is not null) return refusal;
        var answer = new Engine.FollowUpsQuestion
        {
            TouchpointOfSignature = scope.OfSignature,
            Filter = scope.Filter,
            At = at,
            Then = then,
            WindowMs = (long)question.Window.TotalMilliseconds,
            EndMs = EndOf(question.Filter, scope),
            Rates = Rates(),
        }.Ask(scope.View);
        return new FollowUpsAnswer([.. answer.Select(f => new FollowUp(f.Customer, f.AtMs, f.DelayMs, f.Value, f.IsOpen))]);
    }

    public Asked<ConversionsAnswer> Ask(ConversionsQuestion question)
    {
        if (Outside(question.Window)) return new Refusal("within", T("Collect.Refusal.Window"));
        if (ScopeOf(question.Filter, out var refusal) is not { } scope) return refusal!;
        var goals = All("goal", question.Goals, scope, ref refusal);
        if (refusal is not null) return refusal;
        var answer = new Engine.ConversionsQuestion
        {
            TouchpointOfSignature = scope.OfSignature,
            Filter = scope.Filter,
            Goals = goals,
            WindowMs = (long)question.Window.TotalMilliseconds,
            EndMs = EndOf(question.Filter, scope),
        }.Ask(scope.View);
        return new ConversionsAnswer(answer.ToDictionary(c => scope.Touchpoints.Name(c.Touchpoint), c => new TouchpointConversion(c.Customers, c.Converted, c.Open), StringComparer.Ordinal));
    }
}
