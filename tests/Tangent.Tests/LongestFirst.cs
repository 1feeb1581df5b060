using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Tangent.Tests.LongestFirst", "Tangent.Tests")]

namespace Tangent.Tests;

/// <summary>What takes minutes begins first, so that no processor waits at the end for one that began late. What is not named here follows in any order.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] First =
    [
        "every page", "browser", "Analyse.DriversTests", "Collect.KillTests", "Measure.AskingKillTests", "Operate.StopTests", "Operate.TransportTests", "Analyse.PageTests",
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(Place);

    private static int Place(ITestCollection collection)
    {
        var place = Array.FindIndex(First, name => collection.DisplayName.EndsWith(name, StringComparison.Ordinal));
        return place < 0 ? First.Length : place;
    }
}
