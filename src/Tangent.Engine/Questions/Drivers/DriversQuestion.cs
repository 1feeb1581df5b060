namespace Tangent.Engine;

/// <summary>
/// What customers lived through before an outcome: for each event that an outcome is taken at, the outcome and the experiences of the time before, as a sparse row of a design matrix.
/// <para>
/// The outcome is the number in a property of the event (a score), or whether a goal event follows within some time; who cannot be judged yet, because that time reaches past
/// <see cref="EndMs"/>, gives no row. Experiences are looked for in the events from <see cref="WindowMs"/> before the event up to it; where the outcome is a goal, the event itself is one of them.
/// </para>
/// <para>
/// An experience is that a customer was at a touchpoint, was there more than once, was there after a long wait, or was there with a certain value of a property. A wait is counted from the
/// touchpoint that came before nearly always (in 95 % of the cases, within 30 days), of several the nearest; it is long beyond Tukey's fence, the upper quartile plus one and a half times the distance of the
/// quartiles, which is known before any outcome is looked at. A property that nearly every event has says something of the customer, not of a contact: its values are experiences without a touchpoint.
/// </para>
/// Cost: two passes over at most some millions of events to know the experiences, and one pass over all; for each row 16 bytes and 2 for each of its experiences.
/// </summary>
public sealed record DriversQuestion : JourneyQuestion
{
    /// <summary>More rows than this are not kept: of every so many customers one is looked at.</summary>
    public const int MostRows = 500_000;

    /// <summary>Events at which the outcome is taken.</summary>
    public required IReadOnlyList<EventRule> At { get; init; }

    /// <summary>Events that are no experiences, such as the answers that tell the outcome.</summary>
    public IReadOnlyList<EventRule> Apart { get; init; } = [];

    /// <summary>The outcome is a number in this property column; else null.</summary>
    public ScoreColumn? Score { get; init; }

    /// <summary>The outcome is whether one of these follows, where there is no score.</summary>
    public IReadOnlyList<EventRule> Goals { get; init; } = [];

    /// <summary>Within what time a goal must follow, in milliseconds.</summary>
    public long GoalMs { get; init; } = 120L * 24 * 60 * 60 * 1000;

    /// <summary>How far back experiences count, in milliseconds; 90 days by default.</summary>
    public long WindowMs { get; init; } = 90L * 24 * 60 * 60 * 1000;

    /// <summary>Up to when events are known, in milliseconds since 1970 UTC.</summary>
    public required long EndMs { get; init; }

    /// <summary>Columns whose values make experiences, with the number of their values.</summary>
    public IReadOnlyList<ValueColumn> Columns { get; init; } = [];

    /// <summary>Asks.</summary>
    /// <exception cref="ArgumentException">A time is not positive, or there is neither score nor goal.</exception>
    public DriversAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        var plan = DriversPlan.Of(this, view, ct);
        var kernels = Scan.Run(view, plan.Lens, () => new DriversKernel(plan), ct);
        int[] counts = [.. kernels.Select(kernel => kernel.Rows.Count)];
        var rows = counts.Sum();
        var (customers, times, outcomes, starts) = (new int[rows], new long[rows], new double[rows], new int[rows + 1]);
        var experiences = new ushort[kernels.Sum(kernel => kernel.Experiences.Count)];
        var (i, end) = (0, 0);
        foreach (var (kernel, from, to) in RisingRuns.InOrder(counts, (kernel, at) => kernels[kernel].Rows.Items[at].Customer))
            foreach (var row in kernels[kernel].Rows.Items[from..to])
            {
                (customers[i], times[i], outcomes[i]) = (row.Customer, row.AtMs, row.Outcome);
                kernels[kernel].Experiences.Items.Slice(row.First, row.Count).CopyTo(experiences.AsSpan(end));
                starts[++i] = end += row.Count;
            }

        return new DriversAnswer(kernels.Sum(kernel => kernel.Customers), plan.OneOf, kernels.Sum(kernel => kernel.Open), plan.Experiences, customers, times, outcomes, starts, experiences);
    }

    /// <summary>The customers behind an experience: who have a row with it, or without it.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="experience">The experience, as an answer lists it: its kind, touchpoint, column and value; null: all who have a row.</param>
    /// <param name="had">With it or without it.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public CustomersBehind Customers(JourneyView view, Experience? experience, bool had, int limit = int.MaxValue, CancellationToken ct = default)
    {
        var plan = DriversPlan.Of(this, view, ct);
        var wanted = experience is not { } e ? -1 : Array.FindIndex(plan.Experiences, x => (x.Kind, x.Touchpoint, x.Column, x.Value) == (e.Kind, e.Touchpoint, e.Column, e.Value));
        if (experience is not null && wanted < 0) return new CustomersBehind([], 0);
        return CustomersKernel.Ask(view, plan.Lens, () => new DriversCustomersKernel(plan, wanted, had), limit, ct);
    }
}

/// <summary>Where a score stands.</summary>
/// <param name="Column">Property column.</param>
/// <param name="OfCode">The number that each code means; not a number where it means none, as for codes beyond its end.</param>
public sealed record ScoreColumn(int Column, double[] OfCode);

/// <summary>A property column and the number of its values.</summary>
/// <param name="Column">Property column.</param>
/// <param name="First">Its first code that says something.</param>
/// <param name="Values">Codes are below this.</param>
public sealed record ValueColumn(int Column, int First, int Values);

/// <summary>What an experience is.</summary>
public enum ExperienceKind
{
    /// <summary>Was at a touchpoint.</summary>
    Reached,

    /// <summary>Was there more than once.</summary>
    Again,

    /// <summary>Was there after a long wait.</summary>
    Late,

    /// <summary>Was there with a value of a property, or, without a touchpoint, anywhere.</summary>
    With,
}

/// <summary>Something that a customer may have lived through.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Touchpoint">Where; none for a property that nearly every event has.</param>
/// <param name="Column">Property column; -1 without.</param>
/// <param name="Value">Code of the property's value; -1 without.</param>
/// <param name="Since">Where a wait is counted from; none without.</param>
/// <param name="BeyondMs">A wait is long beyond this.</param>
/// <param name="Usual">The value that is left out because most have it: the others are compared with it; -1 without.</param>
public readonly record struct Experience(ExperienceKind Kind, ushort Touchpoint, int Column, int Value, ushort Since, long BeyondMs, int Usual);

/// <summary>Outcomes and the experiences before them.</summary>
/// <param name="CustomersSeen">Customers with any event in the filtered journeys.</param>
/// <param name="OneOf">One of so many customers was looked at; 1 for all.</param>
/// <param name="Open">Outcomes that cannot be judged yet.</param>
/// <param name="Experiences">What there is to have lived through.</param>
/// <param name="Customers">Whose each row is, rising.</param>
/// <param name="AtMs">When each outcome's event was, in milliseconds since 1970 UTC.</param>
/// <param name="Outcomes">The outcome of each row: the score, or 1 for a goal and 0 for none.</param>
/// <param name="Starts">Where each row begins in <paramref name="Lived"/>, and the end of the last.</param>
/// <param name="Lived">What was lived through, as places in <paramref name="Experiences"/>.</param>
public sealed record DriversAnswer(long CustomersSeen, int OneOf, long Open, Experience[] Experiences, int[] Customers, long[] AtMs, double[] Outcomes, int[] Starts, ushort[] Lived);
