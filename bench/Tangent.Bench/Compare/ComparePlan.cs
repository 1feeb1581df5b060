namespace Tangent.Bench;

/// <summary>What is compared.</summary>
/// <param name="Events">Events generated.</param>
/// <param name="Seed">Seed of the generator.</param>
/// <param name="Runs">Timed runs of everyone for each question.</param>
/// <param name="Only">Names of the questions asked; empty: all.</param>
/// <param name="Nested">Whether ClickHouse is also asked over one row a customer.</param>
/// <param name="Peers">Names of the peers asked; empty: the engine alone, which says what it costs and holds at a size that is too large for the others.</param>
/// <param name="Patience">How long the comparison may wait for a quiet machine in all.</param>
internal sealed record ComparePlan(long Events, int Seed, int Runs, string[] Only, bool Nested, string[] Peers, TimeSpan Patience);
