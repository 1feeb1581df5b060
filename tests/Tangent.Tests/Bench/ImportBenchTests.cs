using Tangent.Bench;

namespace Tangent.Tests.Bench;

/// <summary>The benchmarks of the running program come to their end whatever number of rows they import.</summary>
public sealed class ImportBenchTests
{
    [Fact]
    public async Task Persons_are_imported_searched_and_asked_by_their_traits()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        (await ProfilesBench.RunAsync(2_000, json: true, patience.Token)).ShouldBe(0);
    }

    [Fact]
    public async Task It_does_not_wait_for_rows_that_are_too_few_to_be_written_to_the_base()
    {
        // The base is written when 20,000 rows are there, and not again for the 5,000 that follow.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        (await ImportBench.RunAsync(25_000, 2_000, json: true, patience.Token, ("Journeys:CompactAtEvents", "20000"))).ShouldBe(0);
    }
}
