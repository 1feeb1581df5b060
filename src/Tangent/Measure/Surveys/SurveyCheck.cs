using System.Text.RegularExpressions;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>Says what is wrong with a survey before it is kept: what it asks must be complete in its default language, and every condition must be decidable when it is asked.</summary>
internal sealed partial class SurveyCheck(TouchpointCatalogue catalogue, ConsentPurposes purposes)
{
    public const int MostQuestions = 50;
    public const int MostText = 2000;
    private const int MostName = 120;
    private const int MostOptions = 50;

    /// <returns>The first fault; null where there is none.</returns>
    public Refusal? Find(SurveyDefinition survey) => All(survey).FirstOrDefault();

    /// <summary>Every fault, each with its place in the survey.</summary>
    public IEnumerable<Refusal> All(SurveyDefinition survey) => Faults(survey);

    private IEnumerable<Refusal> Faults(SurveyDefinition survey)
    {
        if (survey.Name?.Trim() is not { Length: > 0 and <= MostName } name || name.Any(char.IsControl)) yield return new Refusal("name", T("Measure.Surveys.NameNeeded", MostName));
        if (survey.DefaultLanguage is not { } language || !SurveyDefinition.Languages.Contains(language)) { yield return new Refusal("defaultLanguage", T("Measure.Surveys.LanguageNeeded")); yield break; }
        if (WrongTouchpoint(survey.Touchpoint) is { } unknown) yield return new Refusal("touchpoint", unknown);
        if (Wrong(survey.Title, language, isNeeded: true) is { } title) yield return new Refusal("title", title);
        if (Wrong(survey.Intro, language) is { } intro) yield return new Refusal("intro", intro);
        if (Wrong(survey.Thanks, language) is { } thanks) yield return new Refusal("thanks", thanks);
        if (survey.Pages is not { Count: > 0 } pages || pages.Any(p => p?.Questions is not { Count: > 0 } q || q.Any(x => x is null))) { yield return new Refusal("pages", T("Measure.Surveys.QuestionNeeded")); yield break; }
        if (survey.Questions.Count() > MostQuestions) yield return new Refusal("pages", T("Measure.Surveys.TooManyQuestions", MostQuestions));
        var before = new Dictionary<string, SurveyQuestion>(StringComparer.Ordinal);
        foreach (var (at, page) in pages.Index())
        {
            foreach (var (number, question) in page.Questions!.Index())
                foreach (var fault in Faults(question, language, before)) yield return fault with { Field = $"pages[{at}].questions[{number}].{fault.Field}" };
            foreach (var question in page.Questions!)
                if (question.Key is { } key && !before.TryAdd(key, question)) yield return new Refusal("pages", T("Measure.Surveys.KeyTwice", key));
        }

        foreach (var fault in survey.Ask is { } ask ? Faults(ask) : []) yield return fault with { Field = "ask." + fault.Field };
        foreach (var fault in survey.Widget is { } widget ? Faults(widget) : []) yield return fault with { Field = "widget." + fault.Field };
    }

    private IEnumerable<Refusal> Faults(SurveyQuestion question, string language, Dictionary<string, SurveyQuestion> before)
    {
        if (question.Key is not { } key || !Key().IsMatch(key) || key is "touchpoint" or "trait") yield return new Refusal("key", T("Measure.Surveys.WrongKey"));
        if (question.Kind is null) yield return new Refusal("kind", T("Measure.Surveys.WrongKind", string.Join(", ", Enum.GetNames<QuestionKind>().Select(n => n.ToLowerInvariant()))));
        foreach (var (field, text, needed) in new[] { ("text", question.Text, true), ("low", question.Low, false), ("high", question.High, false), ("comment", question.Comment, false) })
            if (Wrong(text, language, needed) is { } wrong) yield return new Refusal(field, wrong);
        if (question.Kind is QuestionKind.Choice or QuestionKind.Multiple)
        {
            if (question.Options is not { Count: >= 2 and <= MostOptions } options) yield return new Refusal("options", T("Measure.Surveys.OptionsNeeded", MostOptions));
            else if (options.Any(o => o?.Key is not { } k || !Key().IsMatch(k) || Wrong(o.Text, language, isNeeded: true) is not null) || options.DistinctBy(o => o.Key).Count() < options.Count) yield return new Refusal("options", T("Measure.Surveys.WrongOption"));
        }

        if (question.Kind == QuestionKind.Consent && purposes.Find(question.Purpose) is null) yield return new Refusal("purpose", T("Unify.Consents.UnknownPurpose", question.Purpose, string.Join(", ", purposes.All.Select(p => p.Key))));
        foreach (var text in question.ShowIf ?? [])
        {
            if (SurveyCondition.Read(text) is not { } condition) yield return new Refusal("showIf", T("Measure.Surveys.WrongCondition", text));
            else if (condition.Subject == ConditionSubject.Property) yield return new Refusal("showIf", T("Measure.Surveys.ConditionOfEvent", text));
            else if (condition.Subject == ConditionSubject.Question && !before.ContainsKey(condition.Name)) yield return new Refusal("showIf", T("Measure.Surveys.ConditionTooEarly", text));
            else if (Undecidable(text, condition, before.GetValueOrDefault(condition.Name)) is { } never) yield return new Refusal("showIf", never);
        }
    }

    private IEnumerable<Refusal> Faults(AskRule ask)
    {
        if (string.IsNullOrEmpty(ask.After) || WrongTouchpoint(ask.After) is not null) yield return new Refusal("after", WrongTouchpoint(ask.After) ?? T("Measure.Surveys.AfterNeeded"));
        if (ask.DelayHours is not (>= 0 and <= 24 * 90)) yield return new Refusal("delayHours", T("Measure.Surveys.WrongDelay", 24 * 90));
        if (ask.WaitDays is < 0 or > 730) yield return new Refusal("waitDays", T("Measure.Surveys.WrongWait", 730));
        if (ask.Sample is not (> 0 and <= 1)) yield return new Refusal("sample", T("Measure.Surveys.WrongSample"));
        if (ask.DailyQuota is < 1) yield return new Refusal("dailyQuota", T("Measure.Surveys.WrongQuota"));
        if (IsWrongTime(ask.QuietFrom) || IsWrongTime(ask.QuietTo) || string.IsNullOrEmpty(ask.QuietFrom) != string.IsNullOrEmpty(ask.QuietTo)) yield return new Refusal("quietFrom", T("Measure.Surveys.WrongQuiet"));
        if (purposes.Find(ask.Purpose) is null) yield return new Refusal("purpose", T("Unify.Consents.UnknownPurpose", ask.Purpose, string.Join(", ", purposes.All.Select(p => p.Key))));
        foreach (var fault in Faults(ask.Conditions, ofEvent: true)) yield return fault;
    }

    /// <summary>Of conditions that decide whether somebody is asked.</summary>
    /// <param name="conditions">The conditions.</param>
    /// <param name="ofEvent">An event with properties makes the survey ask.</param>
    private IEnumerable<Refusal> Faults(IReadOnlyList<string>? conditions, bool ofEvent)
    {
        foreach (var text in conditions ?? [])
        {
            if (SurveyCondition.Read(text) is not { Subject: not ConditionSubject.Question } condition) yield return new Refusal("conditions", T("Measure.Surveys.WrongAskCondition", text));
            else if (condition.Subject == ConditionSubject.Property && !ofEvent) yield return new Refusal("conditions", T("Measure.Surveys.ConditionOfEvent", text));
            else if (Undecidable(text, condition, null) is { } never) yield return new Refusal("conditions", never);
        }
    }

    /// <summary>Why nothing that can be answered, or is known, decides a condition.</summary>
    private string? Undecidable(string text, SurveyCondition condition, SurveyQuestion? asked) => (condition.Subject, asked?.Kind) switch
    {
        (ConditionSubject.Question, QuestionKind.Text) => T("Measure.Surveys.ConditionOfWords", text),
        (ConditionSubject.Question, _) when asked?.Scale is var (low, high) =>
            condition.Values.All(v => SurveyCondition.Number(v) is { } n && n >= low && n <= high) ? null : T("Measure.Surveys.ConditionOffScale", text, low, high),
        (ConditionSubject.Question, { } kind) when (kind == QuestionKind.Consent ? ["yes"] : asked!.Options?.Select(o => o?.Key).ToList() ?? []) is { Count: > 0 } options =>
            !condition.ComparesNumbers && condition.Values.All(v => options.Contains(v, StringComparer.OrdinalIgnoreCase)) ? null : T("Measure.Surveys.ConditionNoOption", text, string.Join(", ", options)),
        (ConditionSubject.Touchpoint, _) when condition.ComparesNumbers => T("Measure.Surveys.ConditionNoNumber", text),
        (ConditionSubject.Touchpoint, _) => condition.Values.Select(WrongTouchpoint).FirstOrDefault(w => w is not null),
        _ => condition.ComparesNumbers && condition.Values.Any(v => SurveyCondition.Number(v) is null) ? T("Measure.Surveys.ConditionNoNumber", text) : null,
    };

    private IEnumerable<Refusal> Faults(WidgetRule widget)
    {
        if (widget.Seconds is not (>= 0 and <= 3600)) yield return new Refusal("seconds", T("Measure.Surveys.WrongSeconds", 3600));
        if (widget.Trigger == WidgetTrigger.Event && widget.Event?.Trim() is not { Length: > 0 and <= MostName }) yield return new Refusal("event", T("Measure.Surveys.EventNeeded"));
        if (widget.Paths is { } paths && (paths.Count > MostOptions || paths.Any(p => p is not { Length: > 0 and <= 300 }))) yield return new Refusal("paths", T("Measure.Surveys.WrongPaths", MostOptions));
        if (widget.WaitDays is < 0 or > 730) yield return new Refusal("waitDays", T("Measure.Surveys.WrongWait", 730));
        if (widget.Sample is not (> 0 and <= 1)) yield return new Refusal("sample", T("Measure.Surveys.WrongSample"));
        if (widget.DailyQuota is < 1) yield return new Refusal("dailyQuota", T("Measure.Surveys.WrongQuota"));
        foreach (var fault in Faults(widget.Conditions, ofEvent: false)) yield return fault;
    }

    private static bool IsWrongTime(string? time) => !string.IsNullOrEmpty(time) && SurveyDefinition.Time(time) is null;

    private string? WrongTouchpoint(string? name) =>
        string.IsNullOrEmpty(name) || catalogue.Named(name) is not null ? null : T("Measure.Surveys.UnknownTouchpoint", name);

    private static string? Wrong(IReadOnlyDictionary<string, string>? text, string language, bool isNeeded = false)
    {
        if (text is null) return isNeeded ? T("Measure.Surveys.TextNeeded", language) : null;
        if (text.Keys.FirstOrDefault(k => !SurveyDefinition.Languages.Contains(k)) is { } other) return T("Measure.Surveys.UnknownLanguage", other);
        if (text.Values.Any(v => v is null || v.Length > MostText || v.Any(c => char.IsControl(c) && c != '\n'))) return T("Measure.Surveys.TextTooLong", MostText);
        if (text.Values.Select(Variables.Fault).FirstOrDefault(f => f is not null) is { } variable) return T("Measure.Surveys.WrongVariable", variable);
        return string.IsNullOrWhiteSpace(text.GetValueOrDefault(language)) ? T("Measure.Surveys.TextNeeded", language) : null;
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,40}$")]
    private static partial Regex Key();
}
