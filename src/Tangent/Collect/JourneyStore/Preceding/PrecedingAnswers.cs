using System.Numerics;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    // How many contacts there were is told in so many steps, each four times as many.
    private const int ContactSteps = 5;

    public Asked<PrecedingAnswer> Ask(PrecedingQuestion question)
    {
        if (Prepare(question, out var scope, out var refusal) is not { } engine) return refusal!;
        var answer = engine.Ask(scope.View);
        var items = answer.Touchpoints.Select(t => Preceding.Of(scope.Touchpoints.Name(t.Touchpoint), t.Cases, t.Others, answer.Cases, answer.Others));
        var oneOf = (int)(1 + ((answer.Cases + answer.Others) / Engine.DriversQuestion.MostRows));
        return new PrecedingAnswer(
            answer.Customers, answer.Did, answer.Cases, answer.Others,
            [.. items.OrderByDescending(p => p.Low).ThenByDescending(p => p.Cases + p.Others).ThenBy(p => p.Name, StringComparer.Ordinal)],
            RowsOf(answer, engine.Rows(scope.View, oneOf), oneOf, scope.Touchpoints));
    }

    public Asked<CustomersAnswer> Behind(PrecedingQuestion question, PrecedingPick pick, Paging page)
    {
        if (Prepare(question, out var scope, out var refusal) is not { } engine) return refusal!;
        var at = pick.Name is null ? null : scope.Touchpoints.Find(pick.Name);
        if (pick.Name is not null && at is null) return Unknown("before", pick.Name);
        return Page(scope, engine.Customers(scope.View, pick.Case, at), page);
    }

    private Engine.PrecedingQuestion? Prepare(PrecedingQuestion question, out Scope scope, out Refusal? refusal)
    {
        scope = default;
        refusal = question.Cases.Count is 0 or > 20 ? new Refusal("recommends", T("Collect.Refusal.Recommends"))
            : Outside(question.Window) ? new Refusal("window", T("Collect.Refusal.Window")) : null;
        if (refusal is not null || ScopeOf(question.Filter, out refusal) is not { } found) return null;
        scope = found;
        var cases = All("recommends", question.Cases, found, ref refusal);
        return refusal is not null ? null : new Engine.PrecedingQuestion
        {
            TouchpointOfSignature = found.OfSignature,
            Filter = found.Filter,
            Cases = cases,
            WindowMs = (long)question.Window.TotalMilliseconds,
        };
    }

    /// <summary>Who did it as the outcome of each customer; as experiences the touchpoints, how many contacts there were in that time, and how many earlier.</summary>
    private static LivedRows RowsOf(Engine.PrecedingAnswer answer, Engine.PrecedingRows rows, int oneOf, TouchpointTable table)
    {
        List<LivedExperience> experiences = [.. answer.Touchpoints.Select(t => new LivedExperience("reached", table.Name(t.Touchpoint), null, null, null, null, null))];
        var place = answer.Touchpoints.Select((t, i) => (t.Touchpoint, Place: i)).ToDictionary(t => t.Touchpoint, t => t.Place);
        var (contacts, earlier) = (experiences.Count, experiences.Count + ContactSteps);
        foreach (var kind in new[] { Preceding.Contacts, Preceding.Earlier })
            for (var step = 0; step < ContactSteps; step++) experiences.Add(new LivedExperience(kind, null, null, $"{1 << (2 * step)}", null, null, null));
        var (starts, lived) = (new int[rows.Customers.Length + 1], new List<ushort>(rows.Lived.Length + (2 * rows.Customers.Length)));
        for (var row = 0; row < rows.Customers.Length; row++)
        {
            foreach (var touchpoint in rows.Lived.AsSpan(rows.Starts[row], rows.Starts[row + 1] - rows.Starts[row])) lived.Add((ushort)place[touchpoint]);
            // The first step of contacts is everybody's: there is nobody without one.
            if (StepOf(rows.Customers[row].Contacts) is > 0 and var had) lived.Add((ushort)(contacts + had));
            if (StepOf(rows.Customers[row].Earlier) is >= 0 and var before) lived.Add((ushort)(earlier + before));
            starts[row + 1] = lived.Count;
        }

        return new LivedRows(
            answer.Customers, oneOf, 0, experiences, Array.ConvertAll(rows.Customers, r => r.Customer), new long[rows.Customers.Length], Array.ConvertAll(rows.Customers, r => r.IsCase ? 1.0 : 0), starts, [.. lived]);
    }

    /// <summary>1 to 3, 4 to 15, 16 to 63, and so on; −1 for none.</summary>
    private static int StepOf(int events) => events == 0 ? -1 : Math.Min(ContactSteps - 1, BitOperations.Log2((uint)events) / 2);
}
