using Tangent.Unify;

namespace Tangent.Tests.Unify;

/// <summary>Of the pairs of a value that many share only each so many is compared, however many there are.</summary>
public sealed class PairsOfManyTests
{
    [Fact]
    public void Each_so_many_of_all_pairs_is_taken()
    {
        for (var count = 2; count < 30; count++)
            for (var every = 1; every < 60; every++)
            {
                var all = Enumerable.Range(0, count).SelectMany(i => Enumerable.Range(i + 1, count - i - 1).Select(j => (i, j)));
                PeopleCounts.EachOf(count, every).ShouldBe(all.Where((_, at) => at % every == 0), $"{count} {every}");
            }
    }

    [Fact]
    public void More_pairs_than_a_number_counts_are_few()
    {
        const int count = 100_000;
        const long all = (long)count * (count - 1) / 2;

        var taken = PeopleCounts.EachOf(count, all / 20).ToList();

        taken.Count.ShouldBe(20);
        taken.ShouldAllBe(p => p.I >= 0 && p.I < p.J && p.J < count);
        taken.ShouldBe(taken.OrderBy(p => p.I).ThenBy(p => p.J));
    }
}
