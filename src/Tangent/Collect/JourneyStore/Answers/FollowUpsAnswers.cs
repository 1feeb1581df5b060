using System.Collections;
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
        return new FollowUpsAnswer(new FollowUps(answer));
    }

    public Asked<ConversionsAnswer> Ask(ConversionsQuestion question)
    {
        if (Prepare(question, out var scope, out var refusal) is not { } engine) return refusal!;
        return new ConversionsAnswer(engine.Ask(scope.View).ToDictionary(c => scope.Touchpoints.Name(c.Touchpoint), c => new TouchpointConversion(c.Customers, c.Converted, c.Open), StringComparer.Ordinal));
    }

    public Asked<CustomersAnswer> Behind(ConversionsQuestion question, ConversionPick pick, Paging page)
    {
        if (Prepare(question, out var scope, out var refusal) is not { } engine) return refusal!;
        if (scope.Touchpoints.Find(pick.Touchpoint) is not { } touchpoint) return Unknown("at", pick.Touchpoint);
        var state = pick.State switch { Converting.Converted => Engine.ConversionState.Converted, Converting.NotConverted => Engine.ConversionState.NotConverted, _ => Engine.ConversionState.Open };
        return Page(scope, engine.Customers(scope.View, touchpoint, state), page);
    }

    private Engine.ConversionsQuestion? Prepare(ConversionsQuestion question, out Scope scope, out Refusal? refusal)
    {
        scope = default;
        refusal = Outside(question.Window) ? new Refusal("within", T("Collect.Refusal.Window")) : null;
        if (refusal is not null || ScopeOf(question.Filter, out refusal) is not { } found) return null;
        scope = found;
        var goals = All("goal", question.Goals, found, ref refusal);
        return refusal is not null ? null : new Engine.ConversionsQuestion
        {
            TouchpointOfSignature = found.OfSignature,
            Filter = found.Filter,
            Goals = goals,
            WindowMs = (long)question.Window.TotalMilliseconds,
            EndMs = EndOf(question.Filter, found),
        };
    }

    /// <summary>The engine's answer as it is: of a million events a copy would be half as much again.</summary>
    private sealed class FollowUps(Engine.FollowUp[] items) : IReadOnlyList<FollowUp>
    {
        public int Count => items.Length;

        public FollowUp this[int index] => Of(items[index]);

        public IEnumerator<FollowUp> GetEnumerator()
        {
            for (var i = 0; i < items.Length; i++) yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private static FollowUp Of(in Engine.FollowUp f) => new(f.Customer, f.AtMs, f.DelayMs, f.Value, f.IsOpen);
    }
}
