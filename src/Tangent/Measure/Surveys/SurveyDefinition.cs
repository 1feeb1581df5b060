using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;

namespace Tangent.Measure;

/// <summary>What a question asks for; a metric is declared by it, never guessed from a scale.</summary>
public enum QuestionKind
{
    /// <summary>Would you recommend us: 0 to 10.</summary>
    Nps,

    /// <summary>How satisfied: 1 to 5.</summary>
    Csat,

    /// <summary>CES 2.0, made it easy: 1 to 7.</summary>
    Ces,

    /// <summary>Stars: 1 to 5.</summary>
    Rating,
    Choice,
    Multiple,
    Text,

    /// <summary>A consent, recorded with the wording that was shown.</summary>
    Consent,
}

/// <param name="Key">What is kept as the answer.</param>
/// <param name="Text">What people read, by language.</param>
public sealed record SurveyOption(string? Key, IReadOnlyDictionary<string, string>? Text);

/// <param name="Key">Its name in answers and conditions.</param>
/// <param name="Kind">What it asks for.</param>
/// <param name="Text">The question, by language; of a consent its wording.</param>
/// <param name="Required">The page is not left without an answer.</param>
/// <param name="Low">What the lowest number of a scale means, by language.</param>
/// <param name="High">What the highest number means, by language.</param>
/// <param name="Comment">Asks for words beside the number, by language.</param>
/// <param name="Options">What can be chosen.</param>
/// <param name="ShowIf">Conditions that must all hold: <c>nps &lt;= 6</c>, <c>trait plan = gold | silver</c>, <c>touchpoint = Delivery</c>.</param>
/// <param name="Purpose">Of a consent: its purpose.</param>
public sealed record SurveyQuestion(
    string? Key, QuestionKind? Kind, IReadOnlyDictionary<string, string>? Text, bool Required = false, IReadOnlyDictionary<string, string>? Low = null, IReadOnlyDictionary<string, string>? High = null,
    IReadOnlyDictionary<string, string>? Comment = null, IReadOnlyList<SurveyOption>? Options = null, IReadOnlyList<string>? ShowIf = null, string? Purpose = null)
{
    /// <summary>The numbers of its scale; null where it has none.</summary>
    [JsonIgnore]
    public (int Lowest, int Highest)? Scale => Metrics.Find(Metric) is { } metric && Metrics.Scored.Contains(metric) ? Metrics.Scale(metric) : null;

    /// <summary>The name of the metric in events.</summary>
    [JsonIgnore]
    public string Metric => JsonNamingPolicy.CamelCase.ConvertName(Kind.ToString()!);
}

public sealed record SurveyPart(IReadOnlyList<SurveyQuestion>? Questions);

/// <summary>When customers are asked by letter.</summary>
/// <param name="After">Touchpoint at which an event makes the survey ask.</param>
/// <param name="DelayHours">How long after the event.</param>
/// <param name="Conditions">Conditions on traits and on properties of the event that must all hold: <c>trait plan = gold</c>, <c>property total &gt;= 100</c>.</param>
/// <param name="WaitDays">Days in which nobody is asked by any survey again.</param>
/// <param name="Once">Everybody is asked by this survey once only.</param>
/// <param name="Sample">Share of the customers who are asked, above 0 and up to 1; always the same ones.</param>
/// <param name="DailyQuota">Most letters a day; none: no limit.</param>
/// <param name="QuietFrom">From this time of day on nobody is written to, in the company's time zone: <c>20:00</c>; null or empty, with <c>quietTo</c>: at any time.</param>
/// <param name="QuietTo">Until this time: <c>08:00</c>.</param>
/// <param name="Purpose">Consent that is asked for.</param>
/// <param name="On">Customers are asked now.</param>
/// <param name="AfterId">Number of the touchpoint, set from its name when the survey is kept: a renamed touchpoint stays the one that is meant.</param>
public sealed record AskRule(
    string? After, double DelayHours = 24, IReadOnlyList<string>? Conditions = null, int WaitDays = 30, bool Once = false, double Sample = 1, int? DailyQuota = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? QuietFrom = "20:00", [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? QuietTo = "08:00", string? Purpose = ConsentPurpose.Commercial, bool On = true, int? AfterId = null);

/// <summary>What makes a web page show a survey.</summary>
public enum WidgetTrigger
{
    /// <summary>So many seconds after the page was opened.</summary>
    Seconds,

    /// <summary>The mouse leaves the page by its upper edge, as towards the address or the tabs.</summary>
    Exit,

    /// <summary>An event that the page tracks.</summary>
    Event,
}

/// <summary>When pages that have collect.js show the survey.</summary>
/// <param name="Trigger">What makes a page show it.</param>
/// <param name="Seconds">How long after the page was opened, or after the event.</param>
/// <param name="Event">Name of the event, where one is the trigger.</param>
/// <param name="Paths">Pages on which it is shown, such as <c>/checkout/*</c> or <c>shop.example.org/*</c>; none: all.</param>
/// <param name="Conditions">Conditions on traits that must all hold, as far as somebody is known: <c>trait plan = gold</c>.</param>
/// <param name="WaitDays">Days in which nobody is asked by any survey again.</param>
/// <param name="Once">Everybody is asked by this survey once only.</param>
/// <param name="Sample">Share of the visitors who are asked, above 0 and up to 1; always the same ones.</param>
/// <param name="DailyQuota">Most visitors a day; none: no limit.</param>
/// <param name="On">Pages show it now.</param>
/// <param name="Cookieless">Visitors of whom collect.js stores nothing are asked, too; of them nobody knows on the next page that they were.</param>
public sealed record WidgetRule(
    WidgetTrigger Trigger = WidgetTrigger.Seconds, int Seconds = 20, string? Event = null, IReadOnlyList<string>? Paths = null, IReadOnlyList<string>? Conditions = null,
    int WaitDays = 30, bool Once = true, double Sample = 1, int? DailyQuota = null, bool On = true, bool Cookieless = false);

/// <summary>A survey as people write it: in the file, the API and the shell alike.</summary>
/// <param name="Name">Its name, unique.</param>
/// <param name="Touchpoint">What is asked about: a touchpoint of the catalogue; none: the company as a whole.</param>
/// <param name="DefaultLanguage">The language in which every text must be there: en, de or pl.</param>
/// <param name="Title">The title of its pages, by language.</param>
/// <param name="Intro">What stands before the first question, by language; <c>{{firstName|there}}</c> becomes a trait or what follows the bar.</param>
/// <param name="Thanks">What is said at the end, by language.</param>
/// <param name="Pages">Its pages with their questions.</param>
/// <param name="Ask">When customers are asked by letter; none: never.</param>
/// <param name="TouchpointId">Number of the touchpoint, set from its name when the survey is kept.</param>
/// <param name="Widget">When web pages show it; none: never.</param>
public sealed record SurveyDefinition(
    string? Name, string? Touchpoint, string? DefaultLanguage, IReadOnlyDictionary<string, string>? Title, IReadOnlyDictionary<string, string>? Intro, IReadOnlyDictionary<string, string>? Thanks,
    IReadOnlyList<SurveyPart>? Pages, AskRule? Ask = null, int? TouchpointId = null, WidgetRule? Widget = null)
{
    public static readonly IReadOnlyList<string> Languages = ["en", "de", "pl"];

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    [JsonIgnore]
    public IEnumerable<SurveyQuestion> Questions => (Pages ?? []).SelectMany(p => p.Questions ?? []);

    public SurveyQuestion? Find(string? key) => Questions.FirstOrDefault(q => q.Key == key);

    /// <summary>The language in which a reader gets it: the wanted one where the title is there in it, else the default.</summary>
    public string LanguageFor(string wanted) => Title!.ContainsKey(wanted) ? wanted : DefaultLanguage!;

    /// <summary>A text in a language, or in the default language where it lacks that.</summary>
    public string In(IReadOnlyDictionary<string, string>? text, string language) =>
        text is null ? "" : text.GetValueOrDefault(language) is { Length: > 0 } own ? own : text.GetValueOrDefault(DefaultLanguage!) ?? "";

    /// <summary>With the numbers of the touchpoints it names, and in its conditions the names that these have now, for keeping.</summary>
    internal SurveyDefinition Numbered(IReadOnlyList<Touchpoint> touchpoints)
    {
        int? Id(string? name, int? known) => string.IsNullOrEmpty(name) ? null : TouchpointCatalogue.Named(touchpoints, name)?.Id ?? known;
        var renamed = Renamed(n => TouchpointCatalogue.Named(touchpoints, n)?.Name ?? n);
        return renamed with { TouchpointId = Id(Touchpoint, TouchpointId), Ask = renamed.Ask is null ? null : renamed.Ask with { AfterId = Id(renamed.Ask.After, renamed.Ask.AfterId) } };
    }

    /// <summary>With the names that its touchpoints have now.</summary>
    internal SurveyDefinition Named(IReadOnlyList<Touchpoint> touchpoints)
    {
        string? Name(int? id, string? known) => touchpoints.FirstOrDefault(t => t.Id == id)?.Name ?? known;
        var numbered = Numbered(touchpoints);
        var (id, after) = (TouchpointId ?? numbered.TouchpointId, Ask?.AfterId ?? numbered.Ask?.AfterId);
        return numbered with { Touchpoint = Name(id, Touchpoint), TouchpointId = id, Ask = numbered.Ask is null ? null : numbered.Ask with { After = Name(after, numbered.Ask.After), AfterId = after } };
    }

    /// <summary>With one touchpoint in the place of another, also in its conditions.</summary>
    internal SurveyDefinition Merged(Touchpoint from, Touchpoint into)
    {
        var merged = TouchpointId == from.Id ? this with { TouchpointId = into.Id, Touchpoint = into.Name } : this;
        if (merged.Ask?.AfterId == from.Id) merged = merged with { Ask = merged.Ask with { AfterId = into.Id, After = into.Name } };
        return merged.Renamed(n => string.Equals(n, from.Name, StringComparison.OrdinalIgnoreCase) ? into.Name : n);
    }

    /// <summary>With other names of touchpoints in its conditions.</summary>
    private SurveyDefinition Renamed(Func<string, string> name)
    {
        IReadOnlyList<string>? Of(IReadOnlyList<string>? conditions) => conditions is null ? null : [.. conditions.Select(c => SurveyCondition.Renamed(c, name))];
        return this with
        {
            Pages = Pages is null ? null : [.. Pages.Select(p => p with { Questions = p.Questions is null ? null : [.. p.Questions.Select(q => q with { ShowIf = Of(q.ShowIf) })] })],
            Ask = Ask is null ? null : Ask with { Conditions = Of(Ask.Conditions) },
            Widget = Widget is null ? null : Widget with { Conditions = Of(Widget.Conditions) },
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, Form);

    /// <exception cref="JsonException">It is not a survey.</exception>
    public static SurveyDefinition? Read(string json) => JsonSerializer.Deserialize<SurveyDefinition>(json, Form);

    /// <exception cref="JsonException">They are not surveys.</exception>
    public static IReadOnlyList<SurveyDefinition> ReadMany(Stream json) => JsonSerializer.Deserialize<List<SurveyDefinition>>(json, Form)!;

    /// <summary>A time of day; null where the text is none.</summary>
    public static TimeOnly? Time(string? text) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
