using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>The lane of figures on a map's board.</summary>
/// <param name="Content">The map, whose columns the lane has.</param>
/// <param name="Answer">Null where it was refused.</param>
/// <param name="Filter">Which events and customers the figures are of.</param>
/// <param name="Refused">Why there are no figures.</param>
public sealed record LiveLaneModel(int Map, MapContent Content, LiveMapAnswer? Answer, JourneyFilter Filter, string? Refused = null)
{
    internal string Href => LiveMapAddress.Of(Map, Filter).ToString();

    internal string Words => PageParts.InWords(Filter);

    internal string Behind(string step, bool stayed) => LiveMapAddress.Behind(Map, step, stayed, Filter).ToString();
}

/// <summary>The page of a map's figures.</summary>
/// <param name="Around">What stands around every answer.</param>
/// <param name="Map">The map.</param>
/// <param name="Filter">Which events and customers.</param>
/// <param name="Answer">Null where it was refused.</param>
/// <param name="Gaps">What map and data do not have in common; null where there is no answer.</param>
/// <param name="Rules">How well customers keep to the map; null for an as-is map and where nothing can be asked.</param>
/// <param name="Twin">The map of the same journey in the other state.</param>
/// <param name="Error">Why a button did nothing.</param>
public sealed record LiveMapModel(
    Around Around, JourneyMapLine Map, JourneyFilter Filter, LiveMapAnswer? Answer, MapGapsAnswer? Gaps, MapRulesReport? Rules, JourneyMapLine? Twin, string? Error = null)
{
    internal string Behind(string step, bool stayed) => LiveMapAddress.Behind(Map.Id, step, stayed, Filter).ToString();

    /// <summary>Address of the map's board with the same period and customers.</summary>
    internal string Board => new Address($"/map/journey-maps/{Map.Id}").With(Filter).ToString();

    /// <summary>Where a button posts to, with the same period and customers.</summary>
    internal string Post(string resource) => (LiveMapAddress.Of(Map.Id, Filter) is var address ? address with { Path = $"{address.Path}/{resource}" } : address).ToString();
}
