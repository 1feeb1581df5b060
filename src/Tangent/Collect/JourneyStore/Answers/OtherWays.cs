namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    /// <summary>Who is at a touchpoint of a path and goes on from there, but no way that is among those listed.</summary>
    private static Engine.CustomersBehind OtherWays(Engine.PathsQuestion paths, Scope scope, int position, ushort from)
    {
        var here = paths.Customers(scope.View, position, from);
        var others = here.Customers.ToHashSet();
        // Read backwards, fates are about where paths come from: everybody goes on.
        var isBackwards = paths.Start is null && paths.End is not null;
        foreach (var fate in isBackwards ? [] : (Engine.PathFate[])[Engine.PathFate.Ended, Engine.PathFate.Open, Engine.PathFate.Continues])
            others.ExceptWith(paths.Customers(scope.View, position, from, fate).Customers);
        foreach (var edge in paths.Ask(scope.View).Edges.Where(e => e.Position == position && e.From == from))
            others.ExceptWith(paths.Customers(scope.View, position, from, Engine.PathFate.WentOn, edge.To).Customers);
        return here with { Total = others.Count, Customers = [.. here.Customers.Where(others.Contains)] };
    }
}
