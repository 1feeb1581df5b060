using Tangent.Collect;
using Tangent.Map;

namespace Tangent.Measure;

/// <summary>What the demo company wants to reach: one target that it has, and two that it has not.</summary>
internal sealed class TargetDemo(TargetQueries targets, TouchpointCatalogue catalogue)
{
    private static readonly (string Touchpoint, Metric Metric, double Value)[] Wanted = [("Answer by e-mail", Metric.Csat, 0.6), ("Shop visit", Metric.Csat, 0.75), ("Checkout", Metric.Ces, 5.5)];

    public Task SetAsync(DateOnly by, CancellationToken ct) => targets.KeepAsync(
        [.. Wanted.Where(w => catalogue.Find(w.Touchpoint) is not null).Select(w => new ScoreTarget
        {
            TouchpointId = catalogue.Find(w.Touchpoint)!.Id, Metric = w.Metric, Value = w.Value, By = by, SetBy = DemoCatalogue.Company, ChangedUtc = DateTime.UtcNow,
        })], ct);
}
