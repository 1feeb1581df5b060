namespace Tangent.Data;

/// <summary>
/// Settings of the database as the lowest layer of the configuration: files, environment and arguments overrule them, the program's
/// options read them like any other, and a change is in force at once. So there is one truth, whoever asks.
/// </summary>
internal sealed class SettingsSource : IConfigurationSource
{
    public SettingsLayer Layer { get; } = new();

    public IConfigurationProvider Build(IConfigurationBuilder builder) => Layer;
}

internal sealed class SettingsLayer : ConfigurationProvider
{
    public void Replace(IEnumerable<KeyValuePair<string, string>> values)
    {
        Data = values.ToDictionary(v => v.Key, v => (string?)v.Value, StringComparer.OrdinalIgnoreCase);
        OnReload();
    }
}
