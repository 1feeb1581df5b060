using System.Globalization;
using System.Text.Json;
using Tangent.Collect;
using Tangent.Unify;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>The fields of a survey's page. Numbers are read here, so that a wrong one is said beside the others.</summary>
public sealed class SurveyForm
{
    public string? Name { get; set; }

    public string? Touchpoint { get; set; }

    public bool Open { get; set; }

    public bool Ask { get; set; }

    public string? After { get; set; }

    public string? DelayHours { get; set; } = "24";

    public string? Conditions { get; set; }

    public string? WaitDays { get; set; } = "30";

    public bool Once { get; set; }

    public string? SamplePercent { get; set; } = "100";

    public string? DailyQuota { get; set; }

    public string? QuietFrom { get; set; } = "20:00";

    public string? QuietTo { get; set; } = "08:00";

    public string? Purpose { get; set; } = ConsentPurpose.Commercial;

    /// <summary>Texts, pages and questions as JSON; left out, they stay as they are.</summary>
    public string? Questions { get; set; }

    /// <summary>The version whose questions the form showed.</summary>
    public string? Version { get; set; }

    public bool Widget { get; set; }

    public WidgetTrigger Trigger { get; set; }

    public string? Seconds { get; set; } = "20";

    public string? Event { get; set; }

    public string? Paths { get; set; }

    public string? WidgetConditions { get; set; }

    public string? WidgetWaitDays { get; set; } = "30";

    public bool WidgetOnce { get; set; }

    public string? WidgetSamplePercent { get; set; } = "100";

    public string? WidgetQuota { get; set; }

    public bool WidgetCookieless { get; set; }

    public static SurveyForm Of(SurveyView view)
    {
        var (survey, ask, widget) = (view.Survey, view.Survey.Ask ?? new AskRule(view.Survey.Touchpoint, On: false), view.Survey.Widget ?? new WidgetRule(On: false));
        string Number(double n) => n.ToString("0.####", CultureInfo.InvariantCulture);
        return new SurveyForm
        {
            Name = survey.Name,
            Touchpoint = survey.Touchpoint,
            Open = view.Open,
            Ask = ask.On,
            After = ask.After,
            DelayHours = Number(ask.DelayHours),
            Conditions = string.Join('\n', ask.Conditions ?? []),
            WaitDays = Number(ask.WaitDays),
            Once = ask.Once,
            SamplePercent = Number(ask.Sample * 100),
            DailyQuota = ask.DailyQuota?.ToString(CultureInfo.InvariantCulture),
            QuietFrom = ask.QuietFrom,
            QuietTo = ask.QuietTo,
            Purpose = ask.Purpose,
            Questions = TextsOf(survey),
            Version = Number(view.Version),
            Widget = widget.On,
            Trigger = widget.Trigger,
            Seconds = Number(widget.Seconds),
            Event = widget.Event,
            Paths = string.Join('\n', widget.Paths ?? []),
            WidgetConditions = string.Join('\n', widget.Conditions ?? []),
            WidgetWaitDays = Number(widget.WaitDays),
            WidgetOnce = widget.Once,
            WidgetSamplePercent = Number(widget.Sample * 100),
            WidgetQuota = widget.DailyQuota?.ToString(CultureInfo.InvariantCulture),
            WidgetCookieless = widget.Cookieless,
        };
    }

    /// <summary>Whether the questions are still those the form showed: then what somebody else made of them meanwhile stays.</summary>
    /// <param name="shown">What the version asked that the form showed.</param>
    public bool LeavesQuestions(SurveyDefinition? shown) => Questions is null || (shown is not null && Questions.ReplaceLineEndings("\n").Trim() == TextsOf(shown).ReplaceLineEndings("\n").Trim());

    private static string TextsOf(SurveyDefinition survey) => (survey with { Name = null, Touchpoint = null, TouchpointId = null, Ask = null, Widget = null }).ToJson();

    /// <summary>The survey that was entered, or why it cannot be read.</summary>
    /// <param name="kept">What it asks now; null where the questions were changed here.</param>
    public Asked<SurveyDefinition> Read(SurveyDefinition? kept)
    {
        if (Integer(WaitDays) is not { } wait) return Refused("ask.waitDays", T("Measure.Surveys.WrongWait", 730));
        if (Real(DelayHours) is not { } delay) return Refused("ask.delayHours", T("Measure.Surveys.WrongDelay", 24 * 90));
        if (Real(SamplePercent) is not { } percent) return Refused("ask.sample", T("Measure.Surveys.WrongSample"));
        var widget = ReadWidget();
        if (widget.Refusal is { } wrong) return Refused(wrong.Field, wrong.Detail);
        try
        {
            if ((kept ?? SurveyDefinition.Read(Questions ?? "")) is not { } texts) return Refused("pages", T("Measure.Surveys.QuestionNeeded"));
            var ask = string.IsNullOrEmpty(After) && !Ask ? null : new AskRule(After, delay, Lines(Conditions), wait, Once, percent / 100, Quota(DailyQuota), Time(QuietFrom), Time(QuietTo), Purpose, Ask);
            return new Asked<SurveyDefinition>(texts with { Name = Name, Touchpoint = Touchpoint is { Length: > 0 } at ? at : null, TouchpointId = null, Ask = ask, Widget = widget.Answer }, null);
        }
        catch (JsonException e)
        {
            return Refused("pages", T("Measure.Surveys.NotJson", (e.LineNumber ?? 0) + 1, e.Path ?? "$"));
        }
    }

    /// <summary>Without an answer where pages never showed it and are not to.</summary>
    private Asked<WidgetRule> ReadWidget()
    {
        if (!Widget && string.IsNullOrWhiteSpace(Event) && string.IsNullOrWhiteSpace(Paths)) return new Asked<WidgetRule>(null, null);
        if (Integer(Seconds) is not { } seconds) return new Refusal("widget.seconds", T("Measure.Surveys.WrongSeconds", 3600));
        if (Integer(WidgetWaitDays) is not { } wait) return new Refusal("widget.waitDays", T("Measure.Surveys.WrongWait", 730));
        if (Real(WidgetSamplePercent) is not { } percent) return new Refusal("widget.sample", T("Measure.Surveys.WrongSample"));
        return new Asked<WidgetRule>(new WidgetRule(Trigger, seconds, Event is { Length: > 0 } name ? name.Trim() : null, Lines(Paths), Lines(WidgetConditions), wait, WidgetOnce, percent / 100, Quota(WidgetQuota), Widget, WidgetCookieless), null);
    }

    private static List<string> Lines(string? text) => [.. (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    /// <summary>What is no number is refused as none that is possible.</summary>
    private static int? Quota(string? text) => string.IsNullOrWhiteSpace(text) ? null : Integer(text) ?? 0;

    private static Asked<SurveyDefinition> Refused(string field, string detail) => new(null, new Refusal(field, detail));

    private static string? Time(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static int? Integer(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;

    private static double? Real(string? text) => double.TryParse(text?.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n) ? n : null;
}
