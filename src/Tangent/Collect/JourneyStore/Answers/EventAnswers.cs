namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    public Asked<EventsAnswer> Ask(EventsQuestion question)
    {
        if (ScopeOf(question.Filter, out var refusal) is not { } scope) return refusal!;
        var answer = Chosen(question, scope).Ask(scope.View);
        return new EventsAnswer(answer.Customers, answer.Events);
    }

    public Asked<CustomersAnswer> Behind(EventsQuestion question, Paging page)
    {
        if (ScopeOf(question.Filter, out var refusal) is not { } scope) return refusal!;
        return Page(scope, Chosen(question, scope).Customers(scope.View, 0), page);
    }

    /// <summary>All signatures of the events in the filter with their volume, the most frequent first.</summary>
    public Asked<SignaturesAnswer> Signatures(JourneyFilter filter)
    {
        if (ScopeOf(filter, out var refusal) is not { } scope) return refusal!;
        var answer = new Engine.SignaturesQuestion { Filter = scope.Filter }.Ask(scope.View);
        return new SignaturesAnswer([.. answer.Signatures.OrderByDescending(v => v.Events).Select(v => new SignatureVolume(
            scope.Touchpoints.Signatures[v.Number], scope.Touchpoints.Name(scope.OfSignature[v.Number]), scope.Touchpoints.IsMapped[v.Number], v.Events, v.Customers))]);
    }

    /// <summary>The events as if they were one touchpoint, which has the code 0.</summary>
    private Engine.TouchpointsQuestion Chosen(EventsQuestion question, Scope scope)
    {
        var table = scope.Touchpoints;
        var chosen = new bool[table.Signatures.Count];
        for (var s = 0; s < chosen.Length; s++)
        {
            var signature = table.Signatures[s];
            chosen[s] = scope.Filter.Signatures is not { } allowed || (s < allowed.Length && allowed[s]);
            chosen[s] = chosen[s] && Fits(question.Event, signature.Event) && Fits(question.Channel, signature.Channel) && Fits(question.Path, signature.Path)
                && Fits(question.Campaign, signature.Campaign) && !(question.Unmapped && table.IsMapped[s]) && (question.Rule is not { } rule || rules.RuleOf(signature) == rule);
        }

        return new Engine.TouchpointsQuestion { TouchpointOfSignature = new ushort[chosen.Length], Filter = scope.Filter with { Signatures = chosen } };
    }

    private static bool Fits(string? wanted, string part) => wanted is null || string.Equals(wanted, part, StringComparison.Ordinal);
}
