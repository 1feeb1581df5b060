using System.Globalization;
using Tangent.Collect;
using Tangent.Map;

namespace Tangent.Measure;

/// <param name="Name">As the catalogue has it, else as it was said; null for the company.</param>
/// <param name="Id">Number in the catalogue.</param>
internal sealed record PlaceTouchpoint(string? Name, int? Id);

/// <summary>The touchpoints of the places at one moment.</summary>
/// <param name="OfPlace">Index of each place's touchpoint.</param>
/// <param name="ChannelOfPlace">The touchpoint's channel, else the one the answer came by.</param>
internal sealed record PlaceTable(IReadOnlyList<PlaceTouchpoint> Touchpoints, int[] OfPlace, string[] ChannelOfPlace);

/// <summary>Says of which touchpoint feedback is: by the name or number it gives, and of a review that gives none, by the rules for its event. A rule or a name that changes holds for all history at once.</summary>
internal sealed class PlaceNames(TouchpointCatalogue catalogue, TouchpointRules rules, SourceKeys sources)
{
    public PlaceTable Of(IReadOnlyList<FeedbackPlace> places)
    {
        var touchpoints = new List<PlaceTouchpoint> { new(null, null) };
        var codes = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var (ofPlace, channels) = (new int[places.Count], new string[places.Count]);
        for (var p = 0; p < places.Count; p++)
        {
            var found = Touchpoint(places[p]);
            var name = found?.Name ?? (places[p].Touchpoint.Length > 0 ? places[p].Touchpoint : places[p].IsReview ? places[p].Event : "");
            if (name.Length > 0 && !codes.TryGetValue(name, out ofPlace[p]))
            {
                codes.Add(name, ofPlace[p] = touchpoints.Count);
                touchpoints.Add(new PlaceTouchpoint(name, found?.Id));
            }

            channels[p] = found?.Channel is { Length: > 0 } channel ? channel : places[p].Channel;
        }

        return new PlaceTable(touchpoints, ofPlace, channels);
    }

    /// <summary>Names of the touchpoints that these places are of, in the alphabet's order.</summary>
    public IReadOnlyList<string> NamesOf(IReadOnlyList<FeedbackPlace> known) => [.. Of(known).Touchpoints.Select(t => t.Name).OfType<string>().Order(StringComparer.CurrentCultureIgnoreCase)];

    /// <summary>The channel of each of these places.</summary>
    public Dictionary<FeedbackPlace, string> ChannelsOf(IEnumerable<FeedbackPlace> places)
    {
        List<FeedbackPlace> distinct = [.. places.Distinct()];
        return distinct.Zip(Of(distinct).ChannelOfPlace).ToDictionary();
    }

    /// <summary>The touchpoint of the catalogue that a name, or number, means; null where there is none.</summary>
    public Touchpoint? Find(string said) => catalogue.Find(said);

    public bool IsKnown(string name) => Find(name) is not null;

    public string Source(int id) => sources.TryFind(id, out var source) ? source.Name : id.ToString(CultureInfo.InvariantCulture);

    private Touchpoint? Touchpoint(FeedbackPlace place)
    {
        if (place.Touchpoint.Length > 0) return Find(place.Touchpoint);
        if (!place.IsReview) return null;
        var number = rules.TouchpointOf(new Signature(place.Event, place.Channel, Source(place.SourceId), "", ""));
        return number is { } id ? catalogue.Find(id) : Find(place.Event);
    }
}
