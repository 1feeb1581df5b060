using System.Threading.Channels;
using Tangent.Access;

namespace Tangent.Map;

/// <summary>What those who look at a map are told of. What was changed they fetch themselves, so that nobody gets more than the page shows.</summary>
/// <param name="Version">Version of the map.</param>
/// <param name="Pulse">Counts what changed beside the map itself: comments and observations.</param>
/// <param name="Here">Who else looks at it.</param>
public sealed record MapNews(int Version, int Pulse, IReadOnlyList<string> Here);

/// <summary>Who looks at which map just now. An edit never waits for anybody: it wakes the watchers, who look for themselves.</summary>
internal sealed class MapWatchers
{
    public const int MostWatchers = 1000;

    /// <summary>Of one person or key: more tabs in front than anybody has, and few enough that nobody shuts the others out.</summary>
    public const int MostOfOne = 40;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, (int Version, int Pulse)> _state = [];
    private volatile Watcher[] _watchers = [];

    internal sealed class Watcher(int mapId, Actor who)
    {
        // One wake-up is enough for any number of changes.
        private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

        public int MapId => mapId;

        public Actor Who => who;

        public ChannelReader<bool> Wakes => _wake.Reader;

        public void Wake() => _wake.Writer.TryWrite(true);
    }

    public int Watchers => _watchers.Length;

    /// <summary>The maps that somebody looks at.</summary>
    public IEnumerable<int> Watched() => _watchers.Select(w => w.MapId).Distinct();

    /// <returns>Null where too many look on already, or this one does so often enough.</returns>
    public Watcher? TryJoin(int mapId, Actor who)
    {
        var watcher = new Watcher(mapId, who);
        lock (_gate)
        {
            if (_watchers.Length >= MostWatchers || (who.Kind != ActorKind.Nobody && _watchers.Count(w => w.Who.Kind == who.Kind && w.Who.Id == who.Id) >= MostOfOne)) return null;
            _watchers = [.. _watchers, watcher];
        }

        Wake(mapId);
        return watcher;
    }

    public void Leave(Watcher watcher)
    {
        lock (_gate)
        {
            _watchers = [.. _watchers.Where(w => w != watcher)];
            if (_watchers.All(w => w.MapId != watcher.MapId)) _state.Remove(watcher.MapId);
        }

        Wake(watcher.MapId);
    }

    /// <summary>The map has a new version.</summary>
    public void Changed(int mapId, int version) => Tell(mapId, state => (Math.Max(state.Version, version), state.Pulse));

    /// <summary>Something that is shown beside the map has changed.</summary>
    public void Pulsed(int mapId) => Tell(mapId, state => (state.Version, state.Pulse + 1));

    /// <summary>As this watcher sees it.</summary>
    public MapNews News(Watcher watcher)
    {
        lock (_gate)
        {
            var (version, pulse) = _state.GetValueOrDefault(watcher.MapId);
            return new MapNews(version, pulse, [.. _watchers.Where(w => w.MapId == watcher.MapId && w != watcher).Select(w => w.Who.Name).Distinct().Order(StringComparer.Ordinal)]);
        }
    }

    private void Tell(int mapId, Func<(int Version, int Pulse), (int Version, int Pulse)> next)
    {
        lock (_gate)
        {
            if (_watchers.All(w => w.MapId != mapId)) return;
            _state[mapId] = next(_state.GetValueOrDefault(mapId));
        }

        Wake(mapId);
    }

    private void Wake(int mapId)
    {
        foreach (var watcher in _watchers)
            if (watcher.MapId == mapId) watcher.Wake();
    }
}
