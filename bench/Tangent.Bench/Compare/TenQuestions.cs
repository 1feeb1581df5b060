using System.Text;
using Tangent.Engine;

namespace Tangent.Bench;

/// <summary>One of the ten questions as the engine is asked it.</summary>
/// <param name="Name">Q1 … Q8.</param>
/// <param name="Text">What is asked.</param>
/// <param name="BytesPerEvent">Bytes of an event's columns that the engine reads for it.</param>
/// <param name="Ask">Asks; null where the engine has no such question yet.</param>
/// <param name="TextOf">The answer as text.</param>
internal sealed record TenQuestion(string Name, string Text, int BytesPerEvent, Func<JourneyView, object>? Ask, Func<object, string> TextOf)
{
    /// <summary>Asks for all that the program's page shows of it; null where that is the same, or there is no such page.</summary>
    public Func<JourneyView, object>? AskAsPage { get; init; }
}

/// <summary>The ten questions of the comparison, asked of the engine through its public types.</summary>
internal static class TenQuestions
{
    public static readonly ushort[] Steps = [0, 1, 2, 3, Generator.Purchase];
    public const long WeekMs = 7 * Generator.DayMs;

    // Bytes of the columns of an event.
    private const int Touchpoint = 2;
    private const int Time = 8;
    private const int Hour = 2;

    private static readonly ushort[] Touchpoints = Generator.TouchpointOfSignature;
    private static readonly long[] DayBounds = [.. Enumerable.Range(0, (int)Generator.Days + 1).Select(day => Generator.StartMs + day * Generator.DayMs)];
    private static readonly long[] WeekBounds = [.. Enumerable.Range(0, (int)((Generator.Days + 6) / 7) + 1).Select(week => Generator.StartMs + week * WeekMs)];
    private static readonly FunnelQuestion Funnel = new() { TouchpointOfSignature = Touchpoints, Steps = [.. Steps.Select(step => new[] { step })], WindowMs = WeekMs, OnlyCustomers = true };

    private static readonly double[] Rates = [.. Enumerable.Repeat(1.0, 256)];

    // The page of funnels shows the times to each step, a trend by week and a histogram.
    private static readonly RuleFunnelQuestion FunnelOfPage = new()
    {
        TouchpointOfSignature = Touchpoints,
        Steps = [.. Steps.Select(step => (EventRule[])[EventRule.Of([.. Touchpoints.Select(touchpoint => touchpoint == step)])])],
        WindowMs = WeekMs,
        TrendBoundsMs = WeekBounds,
        Histogram = true,
    };

    // Whatever happened before a purchase counts, however long ago.
    private static readonly AttributionQuestion Credit = new()
    {
        TouchpointOfSignature = Touchpoints,
        ConversionOfSignature = [.. Touchpoints.Select(touchpoint => touchpoint == Generator.Purchase)],
        Models = AttributionModels.Last | AttributionModels.First | AttributionModels.Linear | AttributionModels.TimeDecay,
        LookbackMs = Generator.Days * Generator.DayMs,
        HalfLifeMs = WeekMs,
    };

    public static IReadOnlyList<TenQuestion> All { get; } =
    [
        Of("Q1", "ordered funnel, 5 steps, 7 days", Touchpoint + Time, Funnel.Ask, Levels) with { AskAsPage = view => FunnelOfPage.Ask(view) },
        Of("Q1b", "the same by first channel", Touchpoint + Time, (Funnel with { GroupOfSignature = Generator.ChannelOfSignature }).Ask, LevelsByChannel) with { AskAsPage = view => (FunnelOfPage with { Breakdown = new FunnelBreakdown(Generator.ChannelOfSignature) }).Ask(view) },
        Of("Q2", "the 50 most frequent transitions at positions 1–6, repeats collapsed", Touchpoint, new PathsQuestion { TouchpointOfSignature = Touchpoints, Steps = 7 }.Ask,
            answer => Lines(answer.Edges.Select(edge => Answer.Line(edge.Position, edge.From, edge.To, edge.Customers)))),
        Of("Q3", "directly-follows graph with exact median gaps", Touchpoint + Time, new FlowQuestion { TouchpointOfSignature = Touchpoints, CustomersAndMeans = false }.Ask,
            // Medians are whole or half milliseconds.
            answer => Lines(answer.Edges.OrderBy(edge => edge.From).ThenBy(edge => edge.To).Select(edge => Answer.Line(edge.From, edge.To, edge.Count, Math.Round(edge.MedianSeconds * 2000) / 2)))) with { AskAsPage = view => new FlowQuestion { TouchpointOfSignature = Touchpoints }.Ask(view) },
        Of("Q4", "weekly retention", Hour, new RetentionQuestion { TouchpointOfSignature = Touchpoints, BoundsMs = WeekBounds }.Ask,
            answer => Lines(answer.Returned.SelectMany((row, week) => row.Select((customers, later) => (Week: week, Later: later, Customers: customers)).Where(cell => cell.Customers > 0)
                .Select(cell => Answer.Line(cell.Week, cell.Later, cell.Customers))))),
        Of("Q5a", "credit for purchases: last, first, linear, time decay", Touchpoint + Time, Credit.Ask, Credits) with { AskAsPage = view => (Credit with { Models = AttributionModels.All, Rates = Rates }).Ask(view) },
        Of("Q5b", "transition counts of a Markov attribution", Touchpoint, Credit.Transitions, Transitions),
        Of("Q6", "unique customers by touchpoint and day", Touchpoint + Hour, new TouchpointsQuestion { TouchpointOfSignature = Touchpoints, BucketBoundsMs = DayBounds, OnlyCustomers = true }.Ask, CustomersByDay) with
        {
            AskAsPage = view => (new TouchpointsQuestion { TouchpointOfSignature = Touchpoints, BucketBoundsMs = DayBounds }.Ask(view), new ValuesQuestion { TouchpointOfSignature = Touchpoints, Rates = Rates }.Ask(view)),
        },
        Of("Q7", "the 20 most frequent variants, repeats collapsed", Touchpoint, new VariantsQuestion { TouchpointOfSignature = Touchpoints, CollapseRepeats = true, Limit = 20, CountTotal = false, Durations = false }.Ask,
            answer => Lines(answer.Items.Select(item => Answer.Line(string.Join(',', item.Touchpoints), item.Customers)))) with
        {
            AskAsPage = view => new VariantsQuestion { TouchpointOfSignature = Touchpoints, CollapseRepeats = true, Limit = 20 }.Ask(view),
        },
        // Few events have a value; their bytes are not counted.
        Of("Q8", "control without sequences: events and revenue by channel and day", Touchpoint + Hour,
            new TotalsQuestion { TouchpointOfSignature = Generator.ChannelOfSignature, BucketBoundsMs = DayBounds, Rates = Rates }.Ask,
            answer => Lines(answer.Events.SelectMany((row, channel) => row.Select((events, day) => (Events: events, Day: day)).Where(cell => cell.Events > 0)
                .Select(cell => Answer.Line(channel, cell.Day, cell.Events, answer.Values[channel][cell.Day]))))),
    ];

    private static TenQuestion Of<TAnswer>(string name, string text, int bytes, Func<JourneyView, CancellationToken, TAnswer> ask, Func<TAnswer, string> textOf)
        where TAnswer : notnull => new(name, text, bytes, view => ask(view, default), answer => textOf((TAnswer)answer));

    private static string Levels(FunnelAnswer answer) => Lines(Deepest([.. answer.Steps.Select(step => step.Customers)]).Select(level => Answer.Line(level.Level, level.Customers)));

    private static string LevelsByChannel(FunnelAnswer answer) =>
        Lines(answer.Groups.SelectMany(group => Deepest(group.Reached).Select(level => Answer.Line(group.Group, level.Level, level.Customers))));

    // Customers by the deepest step, where there are any.
    private static IEnumerable<(int Level, long Customers)> Deepest(long[] reached) => reached
        .Select((customers, step) => (Level: step + 1, Customers: customers - (step + 1 < reached.Length ? reached[step + 1] : 0)))
        .Where(level => level.Customers > 0);

    // Purchases without a touchpoint before them are left out.
    private static string Credits(AttributionAnswer answer)
    {
        double[][] models = [.. new[] { AttributionModels.Last, AttributionModels.First, AttributionModels.Linear, AttributionModels.TimeDecay }.Select(model => answer.Models[model].Conversions)];
        return Lines(Enumerable.Range(0, answer.Direct).Where(touchpoint => models[2][touchpoint] > 0)
            .Select(touchpoint => Answer.Line(touchpoint, models[0][touchpoint], models[1][touchpoint], models[2][touchpoint], models[3][touchpoint])));
    }

    // 40 is the start of a path, 41 its end without a purchase.
    private static string Transitions(PathTransition[] transitions)
    {
        // Purchases are no touchpoints of paths, so "direct", the code above the last of these, is theirs.
        const int Start = Generator.Touchpoints, Lost = Start + 1, Direct = Generator.Purchase;
        return Lines(transitions.Where(item => item.From is not [Direct])
            .Select(item => (From: item.From is [var from] ? from : Start, To: item.To switch { PathTransition.Converted => Generator.Purchase, PathTransition.Lost => Lost, var to => to }, item.Count))
            .OrderBy(item => item.From).ThenBy(item => item.To).Select(item => Answer.Line(item.From, item.To, item.Count)));
    }

    private static string CustomersByDay(TouchpointsAnswer answer)
    {
        var customers = answer.Series!.Customers;
        return Lines(Enumerable.Range(0, customers.Length).SelectMany(touchpoint => Enumerable.Range(0, customers[touchpoint].Length)
            .Where(day => customers[touchpoint][day] > 0).Select(day => Answer.Line(touchpoint, day, customers[touchpoint][day]))));
    }

    private static string Lines(IEnumerable<string> lines) => lines.Aggregate(new StringBuilder(), (text, line) => text.Append(line)).ToString();
}
