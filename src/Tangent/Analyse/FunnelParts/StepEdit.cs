using System.Globalization;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>A change of the list of steps that works without a script: a submit button <c>edit</c> of <c>up-2</c>, <c>down-2</c> or <c>remove-2</c>, positions from 1.</summary>
internal sealed record StepEdit(string Verb, int Position)
{
    /// <returns>Null where the text is no such change.</returns>
    public static StepEdit? Read(string? text) =>
        text?.Split('-') is [("up" or "down" or "remove") and var verb, var position] && int.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new StepEdit(verb, number)
            : null;

    /// <summary>The steps after the change; unchanged where there is no such step or no place to go.</summary>
    public IReadOnlyList<string> ApplyTo(IReadOnlyList<string> steps)
    {
        List<string> changed = [.. steps];
        var at = Position - 1;
        var to = Verb == "up" ? at - 1 : at + 1;
        if (at < 0 || at >= changed.Count) return steps;
        if (Verb == "remove") changed.RemoveAt(at);
        else if (to >= 0 && to < changed.Count) (changed[at], changed[to]) = (changed[to], changed[at]);
        return changed;
    }
}
