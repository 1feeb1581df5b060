using System.Collections;
using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>Of which identities a profile says something, by their number: so that who is somebody without an event costs neither database nor look-up. Not for several threads at once.</summary>
/// <remarks>A bit for each identity; identifiers that the journeys do not know yet are kept as they are.</remarks>
internal sealed class ProfiledIdentities(JourneyStore journeys)
{
    private const int AtOnce = 5000;

    private readonly BitArray _numbers = new(0);
    private readonly HashSet<string> _unnumbered = new(StringComparer.Ordinal);

    public static async Task<ProfiledIdentities> ReadAsync(JourneyStore journeys, IAsyncEnumerable<string> keys, CancellationToken ct)
    {
        var profiled = new ProfiledIdentities(journeys);
        await foreach (var key in keys.WithCancellation(ct)) profiled.Add(key);
        return profiled;
    }

    /// <summary>By number of the identity; numbers beyond the end have none.</summary>
    public BitArray Numbers()
    {
        if (_unnumbered.Count > 0) FindNumbers();
        return _numbers;
    }

    /// <param name="profiles">What was just written, all profiles of each key.</param>
    public void Learn(IReadOnlyCollection<Profile> profiles)
    {
        var silent = profiles.Select(p => p.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var profile in profiles.Where(p => p.SaysAnything))
        {
            silent.Remove(profile.Key);
            Add(profile.Key);
        }

        if (silent.Count > 0) Forget([.. silent]);
    }

    public void Forget(IReadOnlyList<string> keys)
    {
        _unnumbered.ExceptWith(keys);
        foreach (var number in journeys.FindIdentities(keys))
            if (number >= 0 && number < _numbers.Length) _numbers.Set(number, false);
    }

    private void Add(string key)
    {
        _unnumbered.Add(key);
        if (_unnumbered.Count % AtOnce == 0) FindNumbers();
    }

    private void FindNumbers()
    {
        List<string> keys = [.. _unnumbered];
        var numbers = journeys.FindIdentities(keys);
        var length = numbers.Max() + 1;
        // Room for as many again, so that growing by one each time costs no copy each time.
        if (length > _numbers.Length) _numbers.Length = Math.Max(length, _numbers.Length * 2);
        for (var i = 0; i < numbers.Length; i++)
        {
            if (numbers[i] < 0) continue;
            _numbers.Set(numbers[i], true);
            _unnumbered.Remove(keys[i]);
        }
    }
}
