using System.Globalization;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>Which customers of a step are wanted.</summary>
internal sealed record LivePick(string Step, bool Stayed, JourneyFilter Filter, Paging Page);

/// <summary>The figures of a map as an address, both ways.</summary>
internal static class LiveMapAddress
{
    public const string Path = "/analyse/live-maps";

    public static IReadOnlyList<QuestionParameter> Picks { get; } =
    [
        new("step", "Id of the step, as the map has it."),
        new("stayed", "true: only those who were at no later step afterwards; false unless said."),
    ];

    public static Asked<JourneyFilter> ReadFilter(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(reader.Filter());
    }

    public static Asked<LivePick> ReadPick(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(new LivePick(reader.Needed("step"), reader.Flag("stayed", false), reader.Filter(), reader.Page()));
    }

    public static Address Of(int map, JourneyFilter filter) => new Address($"{Path}/{map.ToString(CultureInfo.InvariantCulture)}").With(filter);

    public static Address Behind(int map, string step, bool stayed, JourneyFilter filter) => Of(map, filter).Customers().With("step", step).With("stayed", stayed ? true : null);

    /// <summary>The customers behind a figure of a map, and what they are.</summary>
    public static Asked<Listed> List(this LiveMaps live, JourneyMap map, LivePick pick)
    {
        var content = MapContent.Read(map.Content);
        if (content.Steps.FirstOrDefault(s => s.Id == pick.Step) is not { } step || live.Behind(content, pick.Step, pick.Stayed, pick.Filter, pick.Page) is not { } asked)
            return new Refusal("step", T("Analyse.LiveMap.NoStep", pick.Step));
        return asked.Map(customers => new Listed(
            T(pick.Stayed ? "Analyse.LiveMap.StayedWords" : "Analyse.LiveMap.ReachedWords", step.Name), Of(map.Id, pick.Filter),
            Behind(map.Id, pick.Step, pick.Stayed, pick.Filter), pick.Filter, pick.Page, customers)
        { Parent = map.Name });
    }
}
