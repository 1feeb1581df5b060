using System.Globalization;
using System.Text.RegularExpressions;
using Tangent.Collect;
using Tangent.Unify;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>A funnel question as the query of an address, both ways.</summary>
internal static partial class FunnelAddress
{
    public const int MostSteps = 20;
    private const int MostExclusions = 20;

    /// <summary>The question; without a step where none is named, which <see cref="WithSteps"/> refuses and the page answers with a proposal.</summary>
    public static Asked<FunnelQuestion> Read(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(Read(reader));
    }

    public static Asked<FunnelQuestion> WithSteps(FunnelQuestion question) =>
        question.Steps.Count > 0 ? question : new Refusal("step", T("Analyse.Refused.NoStep", MostSteps));

    public static Asked<Behind<FunnelQuestion, FunnelPick>> ReadBehind(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        var bin = reader.Text("bin") is null ? (int?)null : reader.Number("bin", 0, 0, 1000);
        var pick = new FunnelPick(reader.Number("at", 1, 1, MostSteps), reader.Flag("dropped", false), reader.TextOrEmpty("group"), reader.Day("entered"), bin);
        return reader.Give(Read(reader)).Then(WithSteps)
            .Then(question => pick.Step <= question.Steps.Count ? question : (Asked<FunnelQuestion>)new Refusal("at", T("Analyse.Refused.At", question.Steps.Count)))
            .Then(question => reader.Give(new Behind<FunnelQuestion, FunnelPick>(question, pick, reader.Page())));
    }

    public static Address Of(FunnelQuestion question) => new Address("/analyse/funnels").With("step", question.Steps).With("window", question.Window)
        .With("order", question.Order == FunnelOrder.Ordered ? null : Write(question.Order))
        .With("exclude", [.. question.Exclusions.Select(Write)]).With("ignore", question.Ignored)
        .With("breakdown", question.Breakdown).With("touch", question.Touch)
        .With("trend", question.Trend).With("histogram", question.Histogram ? true : null).With(question.Filter);

    public static Address Behind(FunnelQuestion question, FunnelPick pick) => Of(question).Customers()
        .With("at", pick.Step).With("dropped", pick.Dropped ? true : null).With("group", pick.Group).With("entered", pick.Entered).With("bin", pick.Bin);

    /// <summary>As an address and the command line have it: <c>2-3:Cancelled</c>, or only the event where it counts between the first and the last step.</summary>
    public static string Write(FunnelExclusion exclusion) => exclusion is { After: { } after, Before: { } before }
        ? string.Create(CultureInfo.InvariantCulture, $"{after}-{before}:{exclusion.Event}")
        : exclusion.Event;

    public static string Write(FunnelOrder order) => order switch { FunnelOrder.Strict => "strict", FunnelOrder.Any => "any", _ => "ordered" };

    private static FunnelQuestion Read(QueryReader reader) => new(
        reader.Texts("step", MostSteps), reader.Window("window", FunnelQuestion.DefaultWindow), reader.Text("breakdown"), reader.Filter())
    {
        Order = reader.OneOf("order", "ordered", "strict", "any") switch { "strict" => FunnelOrder.Strict, "any" => FunnelOrder.Any, _ => FunnelOrder.Ordered },
        Exclusions = [.. reader.Texts("exclude", MostExclusions).Select(Exclusion)],
        Ignored = reader.Texts("ignore", MostExclusions),
        Touch = reader.Text("touch"),
        Trend = reader.OneOf("trend", "day", "week", "month"),
        Histogram = reader.Flag("histogram", false),
        Groups = reader.Groups,
    };

    private static FunnelExclusion Exclusion(string text) => Between().Match(text) is { Success: true } match
        ? new FunnelExclusion(match.Groups[3].Value, Number(match.Groups[1]), Number(match.Groups[2]))
        : new FunnelExclusion(text);

    private static int Number(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*(\d{1,2})-(\d{1,2})\s*:\s*(.+)$", RegexOptions.Singleline)]
    private static partial Regex Between();
}
