namespace Tangent.Data;

/// <summary>A setting that owners may change while the program runs. Each part of the program registers its own.</summary>
/// <param name="Key">Name in the configuration.</param>
/// <param name="Default">What holds where nobody chose anything.</param>
/// <param name="Problem">What is wrong with a value, as a text for people; null where it can be used. Its second argument gives the other settings, by key.</param>
internal sealed record Setting(string Key, string Default, Func<string, Func<string, string>, string?> Problem)
{
    /// <summary>Kept encrypted and never shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>What has to change with it: wants it among the changes, or refuses them.</summary>
    public Func<SettingChanges, SettingRefusal?>? Entails { get; init; }

    /// <summary>The text form of a value that the configuration holds in parts.</summary>
    public Func<IConfiguration, string>? Gather { get; init; }
}

/// <param name="Value">What holds now; empty for secrets.</param>
/// <param name="IsSet">Somebody chose it: an owner, or whoever started the server.</param>
/// <param name="IsFixed">The server's own configuration says it, so that it cannot be changed here.</param>
public sealed record SettingView(string Key, string Value, string Default, bool IsSecret, bool IsSet, bool IsFixed);

/// <param name="Field">Key of the setting that is wrong.</param>
/// <param name="Detail">What is wrong with it, in the reader's language.</param>
internal sealed record SettingRefusal(string Field, string Detail);
