using System.Globalization;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Data;
using Tangent.Map;

namespace Tangent.Collect;

/// <summary>Answers every question about journeys. It follows the event log; an event is visible here within one second of its acknowledgement.</summary>
internal sealed partial class JourneyStore(
    JourneyFeed feed, TouchpointRules rules, TouchpointCatalogue catalogue, SourceKeys sources, IOptionsMonitor<CompanyOptions> company, Sensitivity sensitivity)
{
    private readonly Lock _building = new();
    private volatile Labels _labels = new(null!, 0, -1, -1, -1, -1);

    private sealed record Labels(TouchpointTable Table, int Signatures, int Changes, int Rules, int Catalogue, int Sources);

    /// <summary>Read anew for each question: an owner may change it while the server runs, and every day is labelled anew.</summary>
    private TimeZoneInfo Zone => company.CurrentValue.Zone();

    /// <summary>Log position (exclusive) up to which events are visible in answers.</summary>
    public long Visible => feed.Now.Position;

    /// <summary>Completes when every event before <paramref name="position"/> is visible in answers.</summary>
    public Task WaitUntilVisibleAsync(long position, CancellationToken ct) => feed.WaitUntilVisibleAsync(position, ct);

    /// <summary>Names that filters can use.</summary>
    public IReadOnlyList<string> Channels() =>
        [.. TableOf(feed.Now).Channels.Where(c => c.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.CurrentCulture)];

    /// <summary>Names of the declared properties.</summary>
    public IReadOnlyList<string> Properties => feed.Journeys.Codes.Properties;

    /// <summary>All touchpoints that questions can name, in alphabetical order.</summary>
    public IReadOnlyList<string> AllTouchpoints()
    {
        var table = TableOf(feed.Now);
        return [.. Enumerable.Range(0, table.Count).Select(c => table.Name((ushort)c)).Order(StringComparer.CurrentCulture)];
    }

    /// <summary>Touchpoints that questions can name, those with events first, by volume.</summary>
    public IReadOnlyList<string> TouchpointNames()
    {
        var scope = All();
        var volumes = new Engine.TouchpointsQuestion { TouchpointOfSignature = scope.OfSignature }.Ask(scope.View).Touchpoints.ToDictionary(v => v.Number, v => v.Events);
        return [.. Enumerable.Range(0, scope.Touchpoints.Count).Select(c => (ushort)c)
            .Where(c => volumes.ContainsKey(c) || scope.Touchpoints.CatalogueId(c) is not null)
            .OrderByDescending(c => volumes.GetValueOrDefault(c)).ThenBy(scope.Touchpoints.Name, StringComparer.CurrentCulture).Select(scope.Touchpoints.Name)];
    }

    /// <summary>Day of the earliest event; null before there is one.</summary>
    public DateOnly? FirstDay()
    {
        var scope = All();
        return new Engine.SpanQuestion { TouchpointOfSignature = scope.OfSignature }.Ask(scope.View) is { } span ? DayOf(span.FirstMs) : null;
    }

    /// <summary>Beginning of a day of the company's time zone, in milliseconds since 1970 UTC.</summary>
    private long StartOf(DateOnly day) => Zone.StartMsOf(day);

    private DateOnly DayOf(long ms) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(ms), Zone).DateTime);

    private static DateTime Utc(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime;

    /// <summary>The touchpoint of every signature, made anew only when a rule, the catalogue or a source's name changed, a signature came in or an erasure changed one.</summary>
    private TouchpointTable TableOf(JourneySnapshot now)
    {
        var labels = _labels;
        if (IsCurrent(labels, now)) return labels.Table;
        lock (_building)
        {
            labels = _labels;
            if (IsCurrent(labels, now)) return labels.Table;
            var (rulesVersion, catalogueVersion, sourcesVersion) = (rules.Version, catalogue.Version, sources.Version);
            var signatures = new Signature[now.Signatures];
            int changes;
            lock (feed.Journeys.Gate)
            {
                changes = feed.Journeys.Codes.Changes;
                for (var s = 0; s < signatures.Length; s++) signatures[s] = feed.Journeys.Codes.Decode(s);
            }

            for (var s = 0; s < signatures.Length; s++) signatures[s] = signatures[s] with { Source = SourceName(signatures[s].Source) };
            _labels = new Labels(new TouchpointTable(signatures, catalogue.Touchpoints, rules), now.Signatures, changes, rulesVersion, catalogueVersion, sourcesVersion);
            return _labels.Table;
        }
    }

    private bool IsCurrent(Labels labels, JourneySnapshot now) =>
        labels.Signatures >= now.Signatures && labels.Changes == feed.Journeys.Codes.Changes && labels.Rules == rules.Version && labels.Catalogue == catalogue.Version && labels.Sources == sources.Version;

    /// <summary>Signatures carry the number of their source.</summary>
    private string SourceName(string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && sources.TryFind(id, out var source) ? source.Name : number;
}
