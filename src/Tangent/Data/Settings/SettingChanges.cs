namespace Tangent.Data;

/// <summary>What settings are to become, beside what they are.</summary>
/// <param name="known">All settings, by key.</param>
/// <param name="had">What holds now, by key.</param>
internal sealed class SettingChanges(IReadOnlyDictionary<string, Setting> known, Func<string, string> had)
{
    private readonly Dictionary<string, string> _wanted = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Values by key; an empty one takes its setting back to the default.</summary>
    public IReadOnlyDictionary<string, string> Wanted => _wanted;

    public void Want(string key, string value) => _wanted[key] = value;

    public string Had(string key) => had(key);

    public string Gets(string key) => !_wanted.TryGetValue(key, out var value) ? had(key) : value.Length > 0 ? value : known[key].Default;

    /// <summary>It gets another value than it has.</summary>
    public bool IsGiven(string key) => !IsReset(key) && Gets(key) != had(key);

    /// <summary>It goes back to its default.</summary>
    public bool IsReset(string key) => _wanted.TryGetValue(key, out var value) && value.Length == 0;
}
