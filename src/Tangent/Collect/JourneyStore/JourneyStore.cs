using System.Globalization;
using Microsoft.Extensions.Options;
using Tangent.Data;
using Tangent.Map;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

/// <summary>Answers every question about journeys. It follows the event log; an event is visible here within one second of its acknowledgement.</summary>
internal sealed partial class JourneyStore(
    JourneyFeed feed, TouchpointRules rules, TouchpointCatalogue catalogue, SourceKeys sources, IOptions<CompanyOptions> company)
{
    private readonly TimeZoneInfo _zone = company.Value.Zone();
    private readonly Lock _building = new();
    private volatile Labels _labels = new(null!, 0, -1, -1);

    private sealed record Labels(TouchpointTable Table, int Signatures, int Rules, int Catalogue);

    /// <summary>One state of everything: a question and the customers behind its numbers see the same journeys and the same touchpoints.</summary>
    private readonly record struct Scope(Engine.JourneyView View, TouchpointTable Touchpoints, Engine.JourneyFilter Filter)
    {
        public ushort[] OfSignature => Touchpoints.OfSignature;
    }

    /// <summary>Log position (exclusive) up to which events are visible in answers.</summary>
    public long Visible => feed.Now.Position;

    /// <summary>Completes when every event before <paramref name="position"/> is visible in answers.</summary>
    public Task WaitUntilVisibleAsync(long position, CancellationToken ct) => feed.WaitUntilVisibleAsync(position, ct);

    /// <summary>Names that filters can use.</summary>
    public IReadOnlyList<string> Channels() =>
        [.. TableOf(feed.Now).Channels.Where(c => c.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.CurrentCulture)];

    /// <summary>Touchpoints that questions can name, those with events first, by volume.</summary>
    public IReadOnlyList<string> TouchpointNames()
    {
        var scope = All();
        var volumes = new Engine.TouchpointsQuestion { TouchpointOfSignature = scope.OfSignature }.Ask(scope.View).Touchpoints.ToDictionary(v => v.Number, v => v.Events);
        return [.. Enumerable.Range(0, scope.Touchpoints.Count).Select(c => (ushort)c)
            .Where(c => volumes.ContainsKey(c) || scope.Touchpoints.CatalogueId(c) is not null)
            .OrderByDescending(c => volumes.GetValueOrDefault(c)).ThenBy(scope.Touchpoints.Name, StringComparer.CurrentCulture).Select(scope.Touchpoints.Name)];
    }

    private Scope All()
    {
        var now = feed.Now;
        return new Scope(now.View, TableOf(now), Engine.JourneyFilter.Everything);
    }

    private Scope? ScopeOf(JourneyFilter filter, out Refusal? refusal)
    {
        var now = feed.Now;
        var table = TableOf(now);
        refusal = null;
        if (filter is { From: { } first, To: { } last } && last < first) refusal = new Refusal("to", T("Collect.Refusal.To"));
        var allowed = SignaturesOf(filter, table);
        var conditions = new List<Engine.PropertyCondition>();
        foreach (var (name, value) in filter.Properties ?? new Dictionary<string, string>())
        {
            var column = Column(name);
            if (column < 0) refusal = new Refusal("property." + name, T("Collect.Refusal.Property", name, string.Join(", ", feed.Journeys.Codes.Properties)));
            else conditions.Add(new Engine.PropertyCondition(column, CodeOf(column, value)));
        }

        if (refusal is not null) return null;
        return new Scope(now.View, table, new Engine.JourneyFilter
        {
            FromMs = filter.From is { } from ? StartOf(from) : long.MinValue,
            ToMs = filter.To is { } to ? StartOf(to.AddDays(1)) : long.MaxValue,
            Signatures = allowed,
            Properties = conditions,
        });
    }

    private static bool[]? SignaturesOf(JourneyFilter filter, TouchpointTable table)
    {
        if (filter.Channel is null && filter.Source is null) return null;
        var allowed = new bool[table.Signatures.Count];
        for (var s = 0; s < allowed.Length; s++)
        {
            allowed[s] = (filter.Channel is null || string.Equals(table.Channels[s], filter.Channel, StringComparison.OrdinalIgnoreCase))
                && (filter.Source is null || string.Equals(table.Signatures[s].Source, filter.Source, StringComparison.OrdinalIgnoreCase));
        }

        return allowed;
    }

    private int Column(string property)
    {
        var names = feed.Journeys.Codes.Properties;
        for (var i = 0; i < names.Count; i++)
            if (string.Equals(names[i], property, StringComparison.OrdinalIgnoreCase)) return i;
        return -1;
    }

    private bool[] CodeOf(int column, string value)
    {
        int code;
        lock (feed.Journeys.Gate) code = feed.Journeys.Codes.FindValue(column, value);
        if (code < 0) return [];
        var allowed = new bool[code + 1];
        allowed[code] = true;
        return allowed;
    }

    /// <summary>Beginning of a day of the company's time zone, in milliseconds since 1970 UTC.</summary>
    private long StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        // Some zones change their clocks at midnight: the day then begins an hour later.
        while (_zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(30);
        return new DateTimeOffset(midnight, _zone.GetUtcOffset(midnight)).ToUnixTimeMilliseconds();
    }

    private DateOnly DayOf(long ms) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(ms), _zone).DateTime);

    private static DateTime Utc(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime;

    /// <summary>The touchpoint of every signature, made anew only when a rule or the catalogue changed or a signature came in.</summary>
    private TouchpointTable TableOf(JourneySnapshot now)
    {
        var labels = _labels;
        if (IsCurrent(labels, now)) return labels.Table;
        lock (_building)
        {
            labels = _labels;
            if (IsCurrent(labels, now)) return labels.Table;
            var (rulesVersion, catalogueVersion) = (rules.Version, catalogue.Version);
            var signatures = new Signature[now.Signatures];
            lock (feed.Journeys.Gate)
            {
                for (var s = 0; s < signatures.Length; s++) signatures[s] = feed.Journeys.Codes.Decode(s);
            }

            for (var s = 0; s < signatures.Length; s++) signatures[s] = signatures[s] with { Source = SourceName(signatures[s].Source) };
            _labels = new Labels(new TouchpointTable(signatures, catalogue.Touchpoints, rules), now.Signatures, rulesVersion, catalogueVersion);
            return _labels.Table;
        }
    }

    private bool IsCurrent(Labels labels, JourneySnapshot now) =>
        labels.Signatures >= now.Signatures && labels.Rules == rules.Version && labels.Catalogue == catalogue.Version;

    /// <summary>Signatures carry the number of their source.</summary>
    private string SourceName(string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && sources.TryFind(id, out var source) ? source.Name : number;
}
