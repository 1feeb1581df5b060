using System.Numerics;

namespace Tangent.Engine;

/// <summary>Finds the deepest attempt of a journey; memory of one thread. Steps are numbered from 1 here, so that 0 is "none reached".</summary>
internal sealed unsafe class RuleFunnelMatch(RuleFunnelPlan plan)
{
    // So long ago that no window reaches it, and subtracting it does not overflow.
    private const long Never = -(1L << 60);

    private readonly long[] starts = new long[plan.Steps + 1];
    private readonly long[] sinceStart = new long[plan.Steps + 1];
    private readonly int[] reachedAt = new int[plan.Steps + 1];
    private readonly ulong[] assigned = new ulong[plan.Steps];

    // The events of the journey that matter, with their marks and where they are in the batch.
    private long[] times = new long[256];
    private ulong[] marks = new ulong[256];
    private int[] places = new int[256];
    private int count;

    /// <summary>Time from the start of the attempt that first reached a step.</summary>
    public long SinceStart(int step) => sinceStart[step];

    /// <summary>Index in the batch of the event that first reached a step.</summary>
    public int At(int step) => reachedAt[step];

    /// <summary>When the attempt began that first reached a step.</summary>
    public long EnteredMs(in JourneyBatch batch, int step) => batch.Times[reachedAt[step]] - sinceStart[step];

    /// <summary>Number of steps reached.</summary>
    public int Deepest(in JourneyBatch batch, int run)
    {
        List(batch, batch.Starts[run], batch.Starts[run + 1]);
        return plan.Order switch
        {
            FunnelOrder.Strict => Strict(),
            FunnelOrder.Any => AnyOrder(),
            _ => Ordered(),
        };
    }

    private void List(in JourneyBatch batch, int from, int to)
    {
        if (times.Length < to - from)
        {
            var capacity = Math.Max(to - from, times.Length * 2);
            (times, marks, places) = (new long[capacity], new ulong[capacity], new int[capacity]);
        }

        // Where steps must follow each other directly, an event of no step counts too: it lies between.
        var keepsAll = plan.Order == FunnelOrder.Strict;
        count = 0;
        for (var at = from; at < to; at++)
        {
            var mark = plan.Marks.Of(batch, at);
            if ((mark & plan.IgnoredBit) != 0 || (mark == 0 && !keepsAll)) continue;
            (times[count], marks[count], places[count]) = (batch.Times[at], mark, at);
            count++;
        }
    }

    // For each step the latest start of an attempt that has come so far: it has the most of its window left, so no other needs to be remembered.
    private int Ordered()
    {
        var deepest = 0;
        Array.Fill(starts, Never);
        for (var e = 0; e < count; e++)
        {
            var (time, mark) = (times[e], marks[e]);
            // What an excluded event ends, and where even an attempt that it carries on cannot go further than this step.
            var (ended, closed) = (mark & plan.ExclusionBits) == 0 ? (0UL, 0UL) : (plan.OfExclusions(mark, plan.Covered), plan.OfExclusions(mark, plan.Inner));
            // From the last step down, so that one event serves one step of an attempt.
            for (var touched = ((mark & plan.StepBits) | ended) & ((2UL << deepest) - 1); touched != 0;)
            {
                var step = 64 - BitOperations.LeadingZeroCount(touched);
                var bit = 1UL << (step - 1);
                touched &= ~bit;
                var start = step == 1 ? time : starts[step - 1];
                var moves = (mark & bit) != 0 && time - start <= plan.WindowMs;
                if (moves && step > deepest)
                {
                    Reach(step, time - start, e);
                    deepest = step;
                    if (deepest == plan.Steps) return deepest;
                }

                if (moves && (closed & bit) == 0) starts[step] = start;
                else if ((ended & bit) != 0) starts[step] = Never;
            }
        }

        return deepest;
    }

    // Bit k − 1 is set where the last k events serve steps 1 to k.
    private int Strict()
    {
        var (deepest, alive) = (0, 0UL);
        for (var e = 0; e < count; e++)
        {
            var (time, mark) = (times[e], marks[e]);
            alive = ((alive << 1) | 1) & mark & plan.StepBits;
            // Longer attempts began earlier: only the longest can be out of their window.
            while (alive != 0)
            {
                var step = 64 - BitOperations.LeadingZeroCount(alive);
                var since = time - times[e - step + 1];
                if (since > plan.WindowMs)
                {
                    alive &= ~(1UL << (step - 1));
                    continue;
                }

                if (step > deepest)
                {
                    Reach(step, since, e);
                    deepest = step;
                    if (deepest == plan.Steps) return deepest;
                }

                break;
            }

            if ((mark & plan.ExclusionBits) != 0) alive &= ~plan.OfExclusions(mark, plan.Inner);
        }

        return deepest;
    }

    // One event more can take an attempt one step further at most; so from each event back, only that one step more is looked for.
    private int AnyOrder()
    {
        var deepest = 0;
        for (var e = 0; e < count; e++)
        {
            if ((marks[e] & plan.StepBits) == 0) continue;
            var start = StartOf(deepest + 1, e);
            if (start < 0) continue;
            Reach(++deepest, times[e] - times[start], e);
            if (deepest == plan.Steps) break;
        }

        return deepest;
    }

    /// <summary>The latest event from which on, up to <paramref name="last"/>, so many steps can be served by different events; -1 where there is none.</summary>
    private int StartOf(int wanted, int last)
    {
        Array.Clear(assigned);
        // Steps that are full for good: every event that could serve them does.
        var full = 0UL;
        for (var e = last; e >= 0 && times[last] - times[e] <= plan.WindowMs; e--)
        {
            var serves = marks[e] & plan.StepBits;
            if ((serves & ~full) != 0)
            {
                var tried = 0UL;
                if (!Assign(serves, ref tried)) full |= tried;
                else if (--wanted == 0) return e;
            }

            // An excluded event may be the first or the last, but not between.
            if (e < last && (marks[e] & plan.ExclusionBits) != 0) break;
        }

        return -1;
    }

    // An augmenting path of the bipartite matching of events and steps (Kuhn).
    private bool Assign(ulong serves, ref ulong tried)
    {
        while ((serves & ~tried) is > 0 and var open)
        {
            var step = BitOperations.TrailingZeroCount(open);
            tried |= 1UL << step;
            if (assigned[step] != 0 && !Assign(assigned[step], ref tried)) continue;
            assigned[step] = serves;
            return true;
        }

        return false;
    }

    private void Reach(int step, long since, int e) => (sinceStart[step], reachedAt[step]) = (since, places[e]);
}
