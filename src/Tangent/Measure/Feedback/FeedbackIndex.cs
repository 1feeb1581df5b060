using Tangent.Collect;

namespace Tangent.Measure;

/// <summary>What was asked about, and how the answer came: what decides of which touchpoint it is.</summary>
/// <param name="Touchpoint">As it was said.</param>
/// <param name="IsReview">Without a touchpoint it is of its own event's, not of the company.</param>
internal readonly record struct FeedbackPlace(string Touchpoint, string Event, string Channel, int SourceId, bool IsReview);

/// <summary>The answers at one moment, by column; arrays may be longer than <see cref="Count"/>.</summary>
/// <param name="Metric">0 for what is gone or was refused.</param>
/// <param name="Identity">Number of the identifier; −1 where it is not known (yet).</param>
/// <param name="Place">Index into the places.</param>
/// <param name="Language">Index into the languages.</param>
internal sealed record FeedbackColumns(
    int Count, long[] AtMs, int[] Identity, int[] Place, byte[] Metric, sbyte[] Score, byte[] Language, IReadOnlyList<FeedbackPlace> Places, IReadOnlyList<string> Languages, long Refused);

/// <summary>All scored answers in memory.</summary>
/// <remarks>27 bytes for each answer, and 150 more for one that can be given again. Whoever reads takes the columns of a moment: rows are only added, and what goes has its metric taken.</remarks>
internal sealed class FeedbackIndex(JourneyStore journeys)
{
    private readonly Lock _changing = new();
    private readonly Dictionary<FeedbackPlace, int> _placeCodes = [];
    private readonly Dictionary<string, byte> _languageCodes = new(StringComparer.Ordinal) { [""] = 0 };
    private readonly Dictionary<string, int> _again = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _unknown = [];
    private readonly HashSet<long> _refused = [];
    private readonly List<FeedbackPlace> _places = [];
    private readonly List<string> _languages = [""];
    private long[] _position = [];
    private long _askedAt = -1;
    private volatile FeedbackColumns _now = new(0, [], [], [], [], [], [], [], [], 0);

    /// <summary>The answers as of now, each with whose it is, as far as the journeys know.</summary>
    public FeedbackColumns Now
    {
        get
        {
            lock (_changing)
            {
                if (_unknown.Count == 0 || journeys.Visible == _askedAt) return _now;
                _askedAt = journeys.Visible;
                int[] rows = [.. _unknown.Keys];
                var found = journeys.FindIdentities([.. rows.Select(r => _unknown[r])]);
                for (var i = 0; i < rows.Length; i++)
                {
                    if (found[i] < 0) continue;
                    _now.Identity[rows[i]] = found[i];
                    _unknown.Remove(rows[i]);
                }

                return _now;
            }
        }
    }

    /// <summary>Takes over feedback; what was given again replaces what was there.</summary>
    public void Learn(IReadOnlyCollection<Feedback> said)
    {
        if (said.Count == 0) return;
        var identities = journeys.FindIdentities([.. said.Select(f => f.Key)]);
        lock (_changing)
        {
            var (now, row, at) = (Roomy(_now, said.Count), _now.Count, 0);
            foreach (var f in said)
            {
                var identity = identities[at++];
                var again = f.Id.StartsWith('r');
                if (again && _again.TryGetValue(f.Id, out var before)) now.Metric[before] = 0;
                if (f.Refused.Length > 0)
                {
                    _refused.Add(f.Position);
                    continue;
                }

                // Words alone count nothing, but are asked for by touchpoint and language.
                var (place, language) = (PlaceOf(new FeedbackPlace(f.Touchpoint, f.Event, f.Channel, f.SourceId, f.Metric == Metric.Review)), LanguageOf(f.Language));
                if (f.Score is not { } score) continue;
                now.AtMs[row] = new DateTimeOffset(DateTime.SpecifyKind(f.AtUtc, DateTimeKind.Utc)).ToUnixTimeMilliseconds();
                now.Identity[row] = identity;
                now.Place[row] = place;
                now.Metric[row] = (byte)f.Metric;
                now.Score[row] = (sbyte)score;
                now.Language[row] = language;
                _position[row] = f.Position;
                if (identity < 0 && f.Key.Length > 0) _unknown[row] = f.Key;
                if (again) _again[f.Id] = row;
                row++;
            }

            _now = now with { Count = row, Places = [.. _places], Languages = [.. _languages], Refused = _refused.Count };
        }
    }

    /// <summary>Lets go of what stands at these positions of the log.</summary>
    public void Forget(PositionBits positions)
    {
        lock (_changing)
        {
            for (var row = 0; row < _now.Count; row++)
            {
                if (!positions.Contains(_position[row])) continue;
                (_now.Metric[row], _now.Identity[row]) = (0, -1);
                _unknown.Remove(row);
            }

            _refused.RemoveWhere(positions.Contains);
            _now = _now with { Refused = _refused.Count };
        }
    }

    private FeedbackColumns Roomy(FeedbackColumns now, int more)
    {
        if (now.Count + more <= now.AtMs.Length) return now;
        var length = Math.Max(now.Count + more, now.Count + now.Count / 2);
        Array.Resize(ref _position, length);
        return now with
        {
            AtMs = Longer(now.AtMs, length),
            Identity = Longer(now.Identity, length),
            Place = Longer(now.Place, length),
            Metric = Longer(now.Metric, length),
            Score = Longer(now.Score, length),
            Language = Longer(now.Language, length),
        };
    }

    private static T[] Longer<T>(T[] array, int length)
    {
        Array.Resize(ref array, length);
        return array;
    }

    private int PlaceOf(FeedbackPlace place)
    {
        if (_placeCodes.TryGetValue(place, out var code)) return code;
        _placeCodes.Add(place, code = _places.Count);
        _places.Add(place);
        return code;
    }

    /// <summary>What comes after the first 255 languages has none.</summary>
    private byte LanguageOf(string language)
    {
        if (_languageCodes.TryGetValue(language, out var code)) return code;
        if (_languages.Count > byte.MaxValue) return 0;
        _languageCodes.Add(language, code = (byte)_languages.Count);
        _languages.Add(language);
        return code;
    }
}
