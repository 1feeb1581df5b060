using System.Numerics;

namespace Tangent.Engine;

/// <summary>
/// Reads a journey once with all rules side by side: rule r is bit r of every state word, so that one event moves all rules with a few
/// operations. Only rules with numbers, sets or times look at their bits one by one, and only at the touchpoints they name.
/// </summary>
internal unsafe ref struct ConformanceMatch
{
    private readonly ConformancePlan plan;
    private readonly ushort* places;
    private readonly ulong* firsts;
    private readonly ulong* seconds;

    // By rule: how many there were, or which sets were seen.
    private readonly int* counts;

    // By rule: until when the oldest unanswered A of a within waits.
    private readonly long* deadlines;

    private ulong waiting;
    private long nearest;

    public ConformanceMatch(ConformancePlan plan, ushort* places, ulong* firsts, ulong* seconds, int* counts, long* deadlines)
    {
        this.plan = plan;
        this.places = places;
        this.firsts = firsts;
        this.seconds = seconds;
        this.counts = counts;
        this.deadlines = deadlines;
    }

    public ConformanceVerdict Read(ushort* touchpoints, long* times, int from, int to)
    {
        for (var rules = plan.Counting; rules != 0; rules &= rules - 1) counts[BitOperations.TrailingZeroCount(rules)] = 0;
        (waiting, nearest) = (0, long.MaxValue);
        ulong seenFirst = 0, seenSecond = 0, open = 0, broken = 0;
        int firstRule = 0, firstAt = -1;
        var now = plan.Starts & ~firsts[places[touchpoints[from]]];
        for (var at = from; at < to; at++)
        {
            var place = places[touchpoints[at]];
            if (place == 0 && times[at] <= nearest && now == 0) continue;
            if (times[at] > nearest) now |= RunOut(times[at]);
            ulong first = firsts[place], second = seconds[place];
            now |= (first & plan.Absent) | (second & plan.NeedsBefore & ~seenFirst);
            seenFirst |= first;
            seenSecond |= second;
            open = (open | first) & ~second;
            if ((first & plan.Counting) != 0) now |= Count(first & plan.Counting, place);
            if (((first | second) & plan.Within) != 0) Time(first & plan.Within & ~broken, second & plan.Within, times[at]);
            now &= ~broken;
            if (now == 0) continue;
            if (broken == 0) (firstRule, firstAt) = (BitOperations.TrailingZeroCount(now), at);
            broken |= now;
            now = 0;
        }

        var end = (plan.Ends & ~firsts[places[touchpoints[to - 1]]]) | (plan.Contains & ~seenFirst) | (plan.NeedsAfter & open)
            | (plan.Responded & seenFirst & ~seenSecond) | waiting | Short();
        end &= ~broken;
        if (broken == 0 && end != 0) firstRule = BitOperations.TrailingZeroCount(end);
        var applicable = plan.Always | (plan.OnFirst & seenFirst) | (plan.NeedsBefore & seenSecond);
        return new ConformanceVerdict(applicable, broken | end, firstRule, firstAt);
    }

    // The rules whose oldest A has waited too long by this time.
    private ulong RunOut(long time)
    {
        var late = 0UL;
        for (var rules = waiting; rules != 0; rules &= rules - 1)
        {
            var rule = BitOperations.TrailingZeroCount(rules);
            if (time > deadlines[rule]) late |= 1UL << rule;
        }

        waiting &= ~late;
        FindNearest();
        return late;
    }

    // A B answers every A before it; the oldest is the one that binds.
    private void Time(ulong asked, ulong answered, long time)
    {
        for (var rules = asked & ~waiting; rules != 0; rules &= rules - 1)
        {
            var rule = BitOperations.TrailingZeroCount(rules);
            deadlines[rule] = time + plan.WithinMs[rule];
            nearest = Math.Min(nearest, deadlines[rule]);
        }

        waiting |= asked;
        if ((waiting & answered) == 0) return;
        waiting &= ~answered;
        FindNearest();
    }

    private void FindNearest()
    {
        nearest = long.MaxValue;
        for (var rules = waiting; rules != 0; rules &= rules - 1) nearest = Math.Min(nearest, deadlines[BitOperations.TrailingZeroCount(rules)]);
    }

    private readonly ulong Count(ulong rules, int place)
    {
        var now = 0UL;
        for (; rules != 0; rules &= rules - 1)
        {
            var rule = BitOperations.TrailingZeroCount(rules);
            var bit = 1UL << rule;
            if ((plan.Between & bit) != 0)
            {
                if (++counts[rule] > plan.Most[rule]) now |= bit;
            }
            else
            {
                counts[rule] |= plan.Sets[place * ConformanceQuestion.MaxRules + rule];
                if ((plan.Xor & bit) != 0 && !BitOperations.IsPow2(counts[rule])) now |= bit;
            }
        }

        return now;
    }

    // Rules that have too few at the end.
    private readonly ulong Short()
    {
        var missing = 0UL;
        for (var rules = plan.Counting; rules != 0; rules &= rules - 1)
        {
            var rule = BitOperations.TrailingZeroCount(rules);
            var bit = 1UL << rule;
            var lacks = (plan.Between & bit) != 0 ? counts[rule] < plan.Least[rule]
                : (plan.And & bit) != 0 ? counts[rule] != 0 && counts[rule] != plan.All[rule]
                : counts[rule] == 0;
            if (lacks) missing |= bit;
        }

        return missing;
    }
}
