using Tangent.Map;

namespace Tangent.Collect;

/// <summary>Events of one name and channel that no touchpoint claims yet.</summary>
/// <param name="Signatures">How many combinations of source, path and campaign they come in.</param>
/// <param name="Examples">Paths or campaigns of the most frequent.</param>
/// <param name="Suggestion">Name of the touchpoint that probably fits, or a name for a new one.</param>
/// <param name="Exists">The suggested touchpoint is in the catalogue.</param>
public sealed record UnmappedEvents(
    string Event, string Channel, IReadOnlyList<string> Sources, int Signatures, IReadOnlyList<string> Examples, long Events, string Suggestion, bool Exists)
{
    /// <summary>The suggestion joins nothing with anything else, so that it can be taken unseen: a new touchpoint, or one of just this name.</summary>
    public bool IsPlain => !Exists || string.Equals(Event, Suggestion, StringComparison.OrdinalIgnoreCase);
}

/// <param name="Events">Events that this rule decides: those an earlier rule takes are not among them.</param>
public sealed record RuleLine(int Id, IReadOnlyList<(string Field, string Pattern)> Conditions, int TouchpointId, string Touchpoint, string Channel, long Events);

/// <param name="Unmapped">The most frequent first.</param>
/// <param name="Touchpoints">Names of the catalogue, for the field.</param>
/// <param name="Message">What was just done, or why not.</param>
public sealed record MappingModel(
    long Events, long MappedEvents, IReadOnlyList<UnmappedEvents> Unmapped, IReadOnlyList<RuleLine> Rules, IReadOnlyList<string> Touchpoints,
    string? Message = null, bool Refused = false)
{
    private const int MostAtOnce = 50;
    private const int MostExamples = 3;

    /// <summary>The suggestions that are taken unseen, all at once.</summary>
    public IReadOnlyList<UnmappedEvents> Plain { get; } = [.. Unmapped.Where(u => u.IsPlain).Take(MostAtOnce)];

    internal static MappingModel Of(IReadOnlyList<SignatureVolume> signatures, IReadOnlyList<TouchpointRule> rules, IReadOnlyList<Touchpoint> catalogue)
    {
        var unmapped = signatures.Where(s => !s.Mapped).GroupBy(s => (s.Signature.Event, s.Signature.Channel)).OrderByDescending(g => g.Sum(s => s.Events)).ToList();
        var suggestion = new TouchpointSuggestion(catalogue);
        var byId = catalogue.ToDictionary(t => t.Id);
        return new MappingModel(
            signatures.Sum(s => s.Events),
            signatures.Where(s => s.Mapped).Sum(s => s.Events),
            [.. unmapped.Select(g => Line(g.Key.Event, g.Key.Channel, [.. g], suggestion))],
            [.. Lines(signatures, rules, byId)],
            [.. catalogue.Where(t => t.RetiredUtc is null).Select(t => t.Name)]);
    }

    private static UnmappedEvents Line(string name, string channel, List<SignatureVolume> signatures, TouchpointSuggestion suggestion)
    {
        var known = suggestion.For(name, channel);
        return new UnmappedEvents(
            name, channel, [.. signatures.Select(s => s.Signature.Source).Distinct()], signatures.Count,
            [.. signatures.Select(s => s.Signature.Path.Length > 0 ? s.Signature.Path : s.Signature.Campaign).Where(e => e.Length > 0 && e != name).Distinct().Take(MostExamples)],
            signatures.Sum(s => s.Events), known?.Name ?? TouchpointSuggestion.Name(name), known is not null);
    }

    private static IEnumerable<RuleLine> Lines(IReadOnlyList<SignatureVolume> signatures, IReadOnlyList<TouchpointRule> rules, Dictionary<int, Touchpoint> catalogue)
    {
        var decided = new long[rules.Count];
        foreach (var signature in signatures)
        {
            var first = rules.Index().FirstOrDefault(r => r.Item.Fits(signature.Signature), (-1, null!)).Index;
            if (first >= 0) decided[first] += signature.Events;
        }

        foreach (var (i, rule) in rules.Index())
        {
            var touchpoint = catalogue.GetValueOrDefault(rule.TouchpointId);
            (string Field, string Pattern)[] conditions = [("Event", rule.Event), ("Channel", rule.Channel), ("Source", rule.Source), ("Path", rule.Path), ("Campaign", rule.Campaign)];
            yield return new RuleLine(rule.Id, [.. conditions.Where(c => c.Pattern.Length > 0)], rule.TouchpointId, touchpoint?.Name ?? "?", touchpoint?.Channel ?? "", decided[i]);
        }
    }
}

/// <summary>The fields with which events are mapped: which events, and the touchpoint by name (a new one where the catalogue has none of this name).</summary>
public sealed class MappingForm
{
    public string? Touchpoint { get; set; }

    public string? Event { get; set; }

    public string? Channel { get; set; }

    public string? Source { get; set; }

    public string? Path { get; set; }

    public string? Campaign { get; set; }
}
