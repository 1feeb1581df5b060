using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>
/// Finds the deepest attempt of each journey in one pass: for each step it keeps the latest start of an attempt that has come so far.
/// The latest start has the most of its window left, so no other start needs to be remembered.
/// Only events of steps are looked at; they are found many at a time. For funnels in which a touchpoint serves several steps.
/// </summary>
internal unsafe ref struct FunnelMatch
{
    /// <summary>Scratch numbers needed: two more than the most steps.</summary>
    public const int Places = FunnelQuestion.MaxSteps + 2;

    private readonly FunnelPlan plan;
    private readonly JourneyBatch batch;
    private readonly ulong* relevant;
    private readonly long* starts;
    private ulong word;
    private int wordAt;
    private int run = -1;

    /// <param name="scratch">Room for two times <see cref="Places"/> numbers.</param>
    /// <param name="bits">Room for a bit an event; kept from batch to batch.</param>
    public FunnelMatch(FunnelPlan plan, in JourneyBatch batch, long* scratch, ref ulong[] bits)
    {
        this.plan = plan;
        this.batch = batch;
        starts = scratch;
        SinceStart = scratch + Places;
        if (bits.Length < Selection.Words(batch.Events) + 1) bits = Pinned.New<ulong>(Selection.Words(batch.Events) * 2 + 1);
        relevant = Pinned.At(bits);
        Selection.Kept(relevant, batch);
        Selection.KeepListed(relevant, batch.Touchpoints, batch.Events, plan.Relevant, plan.IsRelevant);
        word = batch.Events > 0 ? relevant[0] : 0;
    }

    /// <summary>Milliseconds from the start to the first reaching of a step, by step number from 1, as far as the last journey came.</summary>
    public long* SinceStart { get; }

    public readonly int Run => run;

    /// <summary>Goes on to the next journey: the number of steps reached, or -1 where there is none.</summary>
    public int Next(ulong* steps) => ++run < batch.Runs ? Deepest(steps) : -1;

    private int Deepest(ulong* steps)
    {
        int deepest = 0, to = batch.Starts[run + 1];
        while (NextRelevant(to) is var i and >= 0)
        {
            // Only steps up to the one after the deepest; so starts[] is read for steps this journey has reached, and needs no clearing.
            var serves = steps[batch.Touchpoints[i]] & ((2UL << deepest) - 1);
            var time = batch.Times[i];
            while (serves != 0)
            {
                // From the last step down, so that one event serves one step of an attempt.
                var step = 64 - BitOperations.LeadingZeroCount(serves);
                serves &= ~(1UL << (step - 1));
                if (step > plan.Steps) continue;
                var start = step == 1 ? time : starts[step - 1];
                if (time - start > plan.WindowMs) continue;
                starts[step] = start;
                if (step <= deepest) continue;
                SinceStart[step] = time - start;
                deepest++;
            }
        }

        return deepest;
    }

    private int NextRelevant(int to)
    {
        while (true)
        {
            if (word != 0)
            {
                var i = wordAt + BitOperations.TrailingZeroCount(word);
                if (i >= to) return -1;
                word &= word - 1;
                return i;
            }

            if (wordAt + Selection.Word >= to) return -1;
            wordAt += Selection.Word;
            word = relevant[wordAt >> 6];
        }
    }
}
