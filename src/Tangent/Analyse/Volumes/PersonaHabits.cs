using Tangent.Collect;
using Tangent.Map;

namespace Tangent.Analyse;

/// <param name="Name">A channel or a touchpoint.</param>
/// <param name="Share">Share of it with the persona's customers, 0 to 1.</param>
/// <param name="Everybody">The same with all customers.</param>
/// <param name="Href">Address of the customers behind it; null for none.</param>
public sealed record Habit(string Name, double Share, double Everybody, string? Href = null);

/// <summary>What the customers that a persona stands for really do, beside what everybody does.</summary>
/// <param name="Customers">Of so many customers.</param>
/// <param name="Channels">Share of the events in each channel, the largest first.</param>
/// <param name="Touchpoints">Share of the customers at each touchpoint, the largest first.</param>
public sealed record PersonaHabits(long Customers, IReadOnlyList<Habit> Channels, IReadOnlyList<Habit> Touchpoints)
{
    private const int Most = 8;

    internal static Asked<PersonaHabits> Of(JourneyStore journeys, TouchpointCatalogue catalogue, JourneyFilter filter)
    {
        var (asked, every) = (journeys.Ask(new TouchpointsQuestion(null, filter)), journeys.Ask(new TouchpointsQuestion(null, JourneyFilter.None)));
        if (asked.Refusal is { } refusal) return refusal;
        var channelOf = catalogue.Touchpoints.GroupBy(t => t.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.First().Channel, StringComparer.OrdinalIgnoreCase);
        Dictionary<string, long> Channels(TouchpointsAnswer answer) => answer.Items.GroupBy(i => channelOf.GetValueOrDefault(i.Name) ?? "").Where(g => g.Key.Length > 0).ToDictionary(g => g.Key, g => g.Sum(i => i.Events), StringComparer.Ordinal);

        var (theirs, all) = (asked.Answer!, every.Answer ?? new TouchpointsAnswer(0, 0, [], []));
        var (channels, reach) = (Channels(all), all.ByName());
        return new PersonaHabits(
            theirs.Customers,
            [.. Channels(theirs).OrderByDescending(c => c.Value).Take(Most).Select(c => new Habit(c.Key, (double)c.Value / theirs.Events, (double)channels.GetValueOrDefault(c.Key) / all.Events))],
            [.. theirs.Items.OrderByDescending(i => i.Customers).Take(Most).Select(i => new Habit(i.Name, i.Reach, reach.GetValueOrDefault(i.Name)?.Reach ?? 0, VolumesAddress.Behind(new TouchpointsQuestion(null, filter), new TouchpointPick(i.Name)).ToString()))]);
    }
}
