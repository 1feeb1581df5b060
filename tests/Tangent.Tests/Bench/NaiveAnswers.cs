using Tangent.Bench;
using Tangent.Engine;

namespace Tangent.Tests.Bench;

/// <summary>The ten questions answered in the plainest way, for data small enough. Journeys are in order of time and have no equal times.</summary>
internal sealed class NaiveAnswers(List<JourneyEvent[]> journeys)
{
    private const int Start = Generator.Touchpoints, Lost = Start + 1;

    public string To(string question) => question switch
    {
        "Q1" => Rows(Funnels().GroupBy(f => f.Level).OrderBy(g => g.Key).Select(g => Answer.Line(g.Key, g.Count()))),
        "Q1b" => Rows(Funnels().GroupBy(f => (f.Channel, f.Level)).OrderBy(g => g.Key).Select(g => Answer.Line(g.Key.Channel, g.Key.Level, g.Count()))),
        "Q2" => Rows(journeys.SelectMany(Transitions).GroupBy(t => t).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Take(50).Select(g => Answer.Line(g.Key.Position, g.Key.From, g.Key.To, g.Count()))),
        "Q3" => Rows(journeys.SelectMany(j => j.Zip(j.Skip(1))).GroupBy(p => (From: Touchpoint(p.First), To: Touchpoint(p.Second))).OrderBy(g => g.Key)
            .Select(g => Answer.Line(g.Key.From, g.Key.To, g.Count(), Median([.. g.Select(p => p.Second.TimestampMs - p.First.TimestampMs).Order()])))),
        "Q4" => Rows(journeys.SelectMany(j => j.Select(e => Since(e, TenQuestions.WeekMs)).Distinct().Select(week => (First: Since(j[0], TenQuestions.WeekMs), Later: week - Since(j[0], TenQuestions.WeekMs))))
            .GroupBy(w => w).OrderBy(g => g.Key).Select(g => Answer.Line(g.Key.First, g.Key.Later, g.Count()))),
        "Q5a" => Credits(),
        "Q5b" => Rows(journeys.SelectMany(Steps).GroupBy(t => t).OrderBy(g => g.Key).Select(g => Answer.Line(g.Key.From, g.Key.To, g.Count()))),
        "Q6" => Rows(journeys.SelectMany(j => j.Select(e => (Touchpoint: Touchpoint(e), Day: Since(e, Generator.DayMs))).Distinct()).GroupBy(d => d).OrderBy(g => g.Key).Select(g => Answer.Line(g.Key.Touchpoint, g.Key.Day, g.Count()))),
        "Q7" => Rows(journeys.Select(j => Collapsed(j).ToArray()).GroupBy(way => string.Join(',', way)).OrderByDescending(g => g.Count()).ThenBy(g => g.First(), Comparer<int[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))
            .Take(20).Select(g => Answer.Line(g.Key, g.Count()))),
        "Q8" => Rows(journeys.SelectMany(j => j).GroupBy(e => (Channel: Generator.ChannelOfSignature[e.Signature], Day: Since(e, Generator.DayMs))).OrderBy(g => g.Key)
            .Select(g => Answer.Line(g.Key.Channel, g.Key.Day, g.Count(), g.Sum(e => e.Value)))),
        _ => throw new ArgumentException(question),
    };

    // From every first step, the next event of each further step as long as the week lasts; the deepest counts.
    private IEnumerable<(int Channel, int Level)> Funnels()
    {
        foreach (var journey in journeys)
        {
            var deepest = 0;
            for (var start = 0; start < journey.Length; start++)
            {
                if (Touchpoint(journey[start]) != TenQuestions.Steps[0]) continue;
                var level = 1;
                for (var at = start + 1; at < journey.Length && level < TenQuestions.Steps.Length && journey[at].TimestampMs - journey[start].TimestampMs <= TenQuestions.WeekMs; at++)
                    if (Touchpoint(journey[at]) == TenQuestions.Steps[level]) level++;
                deepest = Math.Max(deepest, level);
            }

            if (deepest > 0) yield return (Generator.ChannelOfSignature[journey[0].Signature], deepest);
        }
    }

    private static IEnumerable<(int Position, int From, int To)> Transitions(JourneyEvent[] journey)
    {
        var way = Collapsed(journey).Take(7).ToArray();
        return Enumerable.Range(1, way.Length - 1).Select(position => (position, way[position - 1], way[position]));
    }

    private static IEnumerable<(int From, int To)> Steps(JourneyEvent[] journey)
    {
        var from = Start;
        foreach (var to in journey.Select(Touchpoint))
        {
            yield return (from, to);
            from = to == Generator.Purchase ? Start : to;
        }

        if (from != Start) yield return (from, Lost);
    }

    private string Credits()
    {
        var credits = new double[Generator.Touchpoints, 4];
        foreach (var journey in journeys)
        {
            var path = new List<JourneyEvent>();
            foreach (var e in journey)
            {
                if (Touchpoint(e) != Generator.Purchase)
                {
                    path.Add(e);
                    continue;
                }

                double Weight(JourneyEvent before) => Math.Pow(2, (before.TimestampMs - e.TimestampMs) / (double)TenQuestions.WeekMs);
                var total = path.Sum(Weight);
                for (var i = 0; i < path.Count; i++)
                {
                    var touchpoint = Touchpoint(path[i]);
                    if (i == path.Count - 1) credits[touchpoint, 0]++;
                    if (i == 0) credits[touchpoint, 1]++;
                    credits[touchpoint, 2] += 1.0 / path.Count;
                    credits[touchpoint, 3] += Weight(path[i]) / total;
                }

                path.Clear();
            }
        }

        return Rows(Enumerable.Range(0, Generator.Touchpoints).Where(t => credits[t, 2] > 0).Select(t => Answer.Line(t, credits[t, 0], credits[t, 1], credits[t, 2], credits[t, 3])));
    }

    private static IEnumerable<int> Collapsed(JourneyEvent[] journey) => journey.Select(Touchpoint).Where((touchpoint, i) => i == 0 || touchpoint != Touchpoint(journey[i - 1]));

    private static double Median(long[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2.0;

    private static int Touchpoint(JourneyEvent e) => Generator.TouchpointOfSignature[e.Signature];

    private static int Since(JourneyEvent e, long unitMs) => (int)((e.TimestampMs - Generator.StartMs) / unitMs);

    private static string Rows(IEnumerable<string> lines) => string.Concat(lines);
}
