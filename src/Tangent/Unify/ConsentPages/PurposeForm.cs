using System.Text.Encodings.Web;
using System.Text.Json;
using Tangent.Collect;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>A purpose as the API shows and takes it.</summary>
/// <param name="Key">Its key, such as <c>commercial</c>.</param>
/// <param name="Enforcement">restrictive, nonRestrictive or off.</param>
/// <param name="Texts">Name and wording by language (en, de, pl); what is missing of a built-in purpose is Tangent's own text.</param>
/// <param name="Topics">Its topics.</param>
/// <param name="Categories">Names by which banners and Segment's categoryPreferences call it.</param>
/// <param name="Version">Goes up with every change of a text.</param>
/// <param name="Confirm">Whether a consent for an e-mail address, given on a form or by a program, holds only once it is confirmed by the link in a letter (double opt-in); as it was, where nothing is said.</param>
public sealed record PurposeModel(
    string? Key, Enforcement? Enforcement, IReadOnlyDictionary<string, PurposeText>? Texts = null, IReadOnlyList<ConsentTopic>? Topics = null, IReadOnlyList<string>? Categories = null, int Version = 0, bool? Confirm = null)
{
    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static PurposeModel Of(ConsentPurpose p) => new(p.Key, p.Enforcement, p.TextList, p.TopicList, p.CategoryList, p.Version, p.ConfirmSinceUtc is not null);

    /// <summary>The purpose with these values; null with what is wrong where they cannot be.</summary>
    internal Asked<ConsentPurpose> On(ConsentPurpose? before, DateTime nowUtc)
    {
        if (ConsentNames.KeyOf(Key) is not { } key) return new Refusal("key", T("Unify.Consents.WrongKey"));
        if (Enforcement is not { } enforcement || !Enum.IsDefined(enforcement)) return new Refusal("enforcement", T("Unify.Consents.WrongEnforcement"));
        var texts = (Texts ?? new Dictionary<string, PurposeText>()).Where(t => t.Value is not null && (t.Value.Name?.Length > 0 || t.Value.Wording?.Length > 0)).ToDictionary();
        if (texts.Any(t => !ConsentPurpose.Languages.Contains(t.Key) || t.Value.Name?.Length > 100 || t.Value.Wording?.Length > ConsentPurpose.MostCharacters)) return new Refusal("texts", T("Unify.Consents.WrongTexts", ConsentPurpose.MostCharacters));
        var topics = Topics ?? [];
        if (topics.Count > ConsentPurpose.MostTopics || topics.Any(t => t is null || ConsentNames.KeyOf(t.Key) != t.Key || t.Names is null || t.Names.Any(n => n.Value is null or { Length: > 100 })) || topics.DistinctBy(t => t.Key).Count() < topics.Count)
            return new Refusal("topics", T("Unify.Consents.WrongTopics", ConsentPurpose.MostTopics));
        var categories = (Categories ?? []).Select(c => c?.ReplaceLineEndings(" ").Trim() ?? "").Where(c => c.Length > 0).ToList();
        if (categories.Count > 50 || categories.Any(c => c.Length > 100)) return new Refusal("categories", T("Unify.Consents.WrongCategories"));
        var (written, topicsWritten) = (JsonSerializer.Serialize(texts, Written), JsonSerializer.Serialize(topics, Written));
        return new ConsentPurpose
        {
            Key = key,
            Place = before?.Place ?? 0,
            Enforcement = enforcement,
            Texts = written,
            Topics = topicsWritten,
            Categories = string.Join('\n', categories),
            // What was given before was given by other rules.
            ConfirmSinceUtc = Confirm ?? before?.ConfirmSinceUtc is not null ? before?.ConfirmSinceUtc ?? nowUtc : null,
            Version = before is null ? 1 : before.Texts == written && before.Topics == topicsWritten ? before.Version : before.Version + 1,
        };
    }
}

/// <summary>The fields of a purpose's page.</summary>
public sealed class PurposeForm
{
    public string? Key { get; set; }

    public Enforcement? Enforcement { get; set; }

    public bool Confirm { get; set; }

    public string? NameEn { get; set; }

    public string? NameDe { get; set; }

    public string? NamePl { get; set; }

    public string? WordingEn { get; set; }

    public string? WordingDe { get; set; }

    public string? WordingPl { get; set; }

    /// <summary>One a line: <c>newsletter = Newsletter | Newsletter | Newsletter</c> (English, German, Polish).</summary>
    public string? Topics { get; set; }

    public string? Categories { get; set; }

    internal static PurposeForm Of(ConsentPurpose p)
    {
        PurposeText? Text(string language) => p.TextList.GetValueOrDefault(language);
        return new PurposeForm
        {
            Key = p.Key,
            Enforcement = p.Enforcement,
            Confirm = p.ConfirmSinceUtc is not null,
            NameEn = Text("en")?.Name,
            NameDe = Text("de")?.Name,
            NamePl = Text("pl")?.Name,
            WordingEn = Text("en")?.Wording,
            WordingDe = Text("de")?.Wording,
            WordingPl = Text("pl")?.Wording,
            Topics = string.Join('\n', p.TopicList.Select(t => $"{t.Key} = {string.Join(" | ", ConsentPurpose.Languages.Select(l => t.Names.GetValueOrDefault(l) ?? ""))}")),
            Categories = p.Categories,
        };
    }

    internal PurposeModel Model() => new(
        Key, Enforcement,
        new Dictionary<string, PurposeText> { ["en"] = new(Line(NameEn), Said(WordingEn)), ["de"] = new(Line(NameDe), Said(WordingDe)), ["pl"] = new(Line(NamePl), Said(WordingPl)) },
        [.. Segment.Split(Topics).Select(Topic)], Segment.Split(Categories), Confirm: Confirm);

    private static ConsentTopic Topic(string line)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        var key = ConsentNames.KeyOf(equals < 0 ? line : line[..equals]) ?? "";
        var names = equals < 0 ? [line.Trim()] : line[(equals + 1)..].Split('|', StringSplitOptions.TrimEntries);
        return new ConsentTopic(key, ConsentPurpose.Languages.Select((l, i) => (l, Name: i < names.Length ? names[i] : "")).Where(n => n.Name.Length > 0).ToDictionary(n => n.l, n => n.Name));
    }

    private static string Line(string? text) => text?.Trim() ?? "";

    private static string Said(string? text) => text?.Trim().ReplaceLineEndings("\n") ?? "";
}

/// <param name="IsNew">The key can still be chosen.</param>
/// <param name="Name">Its name, in the reader's language.</param>
public sealed record PurposeEditModel(PurposeForm Form, bool IsNew, bool IsBuiltIn, string Name = "", string? Error = null);

public sealed record PurposesAnswer(IReadOnlyList<PurposeModel> Items);

/// <param name="Rows">The counts.</param>
/// <param name="Purposes">The purposes.</param>
public sealed record ConsentsPageModel(IReadOnlyList<ConsentOverviewRow> Rows, IReadOnlyList<PurposeRow> Purposes);

public sealed record PurposeRow(string Key, string Name, Enforcement Enforcement, bool Confirm, string Topics, int Version);
