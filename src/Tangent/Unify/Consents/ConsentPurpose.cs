using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tangent.Collect;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>Whom a purpose lets one contact.</summary>
public enum Enforcement
{
    /// <summary>Only who has agreed.</summary>
    Restrictive = 0,

    /// <summary>Everybody who has not objected.</summary>
    NonRestrictive = 1,

    /// <summary>Everybody: consent is recorded but not asked.</summary>
    Off = 2,
}

/// <param name="Name">What the person reads as its name.</param>
/// <param name="Wording">What she agrees to.</param>
public sealed record PurposeText(string Name, string Wording);

/// <param name="Key">Its key in the API.</param>
/// <param name="Names">Its name by language: en, de, pl.</param>
public sealed record ConsentTopic(string Key, IReadOnlyDictionary<string, string> Names)
{
    public string Name => Names.GetValueOrDefault(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName) is { Length: > 0 } name ? name
        : Names.GetValueOrDefault("en") is { Length: > 0 } english ? english : Key;
}

/// <summary>What people can agree to.</summary>
internal sealed class ConsentPurpose
{
    public const string Commercial = "commercial", Transactional = "transactional", Tracking = ConsentNames.Tracking;
    public const int MostTopics = 30;
    public const int MostCharacters = 2000;
    public const int MostVersion = 100;

    public static readonly IReadOnlyList<string> Languages = ["en", "de", "pl"];
    private static readonly string[] BuiltIn = [Commercial, Transactional, Tracking];

    public required string Key { get; set; }

    public int Place { get; set; }

    public Enforcement Enforcement { get; set; }

    /// <summary>Goes up with every change of a text, so that it can be told which one somebody saw.</summary>
    public int Version { get; set; } = 1;

    /// <summary>Name and wording by language as JSON; what is missing of a built-in purpose is Tangent's own text.</summary>
    public string Texts { get; set; } = "{}";

    /// <summary>The topics as a JSON array.</summary>
    public string Topics { get; set; } = "[]";

    /// <summary>Names by which banners and Segment's <c>categoryPreferences</c> call it, one a line.</summary>
    public string Categories { get; set; } = "";

    /// <summary>Since when a consent that a program says for an e-mail address must be confirmed from there (double opt-in); null: it need not.</summary>
    public DateTime? ConfirmSinceUtc { get; set; }

    public bool IsBuiltIn => BuiltIn.Contains(Key);

    public IReadOnlyList<string> CategoryList => Categories.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public IReadOnlyList<ConsentTopic> TopicList => JsonSerializer.Deserialize<List<ConsentTopic>>(Topics, JsonSerializerOptions.Web)!;

    public IReadOnlyDictionary<string, PurposeText> TextList => JsonSerializer.Deserialize<Dictionary<string, PurposeText>>(Texts, JsonSerializerOptions.Web)!;

    public string Name => Text(t => t.Name) ?? (IsBuiltIn ? T("Unify.Consents.Purpose." + Key) : Key);

    public string Wording => Text(t => t.Wording) ?? (IsBuiltIn ? T("Unify.Consents.Wording." + Key) : Name);

    /// <summary>Version and language of what is read now.</summary>
    public string WordingVersion => string.Create(CultureInfo.InvariantCulture, $"{Version}-{CultureInfo.CurrentUICulture.TwoLetterISOLanguageName}");

    /// <summary>The purpose as a whole (empty), its topics, and whatever else something was said of: that is a topic, too, though nobody set it up.</summary>
    public IEnumerable<string> TopicsWith(IEnumerable<StandingConsent> standing) =>
        TopicList.Select(t => t.Key).Union(standing.Where(c => c.Purpose == Key && c.Topic.Length > 0).Select(c => c.Topic)).Prepend("");

    public string TopicName(string topic) => topic.Length == 0 ? "" : TopicList.FirstOrDefault(t => t.Key == topic)?.Name ?? topic;

    private string? Text(Func<PurposeText, string?> part)
    {
        var texts = TextList;
        return texts.GetValueOrDefault(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName) is { } own && part(own) is { Length: > 0 } text ? text
            : !IsBuiltIn && texts.GetValueOrDefault("en") is { } english && part(english) is { Length: > 0 } other ? other : null;
    }
}

internal sealed class ConsentPurposeConfiguration : IEntityTypeConfiguration<ConsentPurpose>
{
    public void Configure(EntityTypeBuilder<ConsentPurpose> builder)
    {
        builder.ToTable("consent_purposes");
        builder.HasKey(p => p.Key);
        builder.Ignore(p => p.IsBuiltIn).Ignore(p => p.CategoryList).Ignore(p => p.TopicList).Ignore(p => p.TextList).Ignore(p => p.Name).Ignore(p => p.Wording).Ignore(p => p.WordingVersion);
    }
}

/// <summary>The purposes in memory, for what asks at every event.</summary>
internal sealed class ConsentPurposes(IServiceScopeFactory scopes) : IHostedService
{
    private volatile IReadOnlyList<ConsentPurpose> _all = [];

    public IReadOnlyList<ConsentPurpose> All => _all;

    /// <summary>By its key, in whatever letters that is written.</summary>
    public ConsentPurpose? Find(string? key) => _all.FirstOrDefault(p => p.Key == key) ?? (ConsentNames.KeyOf(key) is { } kept && kept != key ? _all.FirstOrDefault(p => p.Key == kept) : null);

    /// <summary>The purpose that a banner calls by this name.</summary>
    public ConsentPurpose? OfCategory(string name) =>
        Find(name) ?? _all.FirstOrDefault(p => p.CategoryList.Contains(name, StringComparer.OrdinalIgnoreCase));

    public void Replace(IReadOnlyList<ConsentPurpose> all) => _all = all;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        Replace(await scope.ServiceProvider.GetRequiredService<ConsentPurposeQueries>().ListAsync(cancellationToken));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
