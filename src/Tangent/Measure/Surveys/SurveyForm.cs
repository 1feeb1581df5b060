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

    /// <summary>Texts, pages and questions as JSON.</summary>
    public string? Questions { get; set; }

    public static SurveyForm Of(SurveyView view)
    {
        var (survey, ask) = (view.Survey, view.Survey.Ask ?? new AskRule(view.Survey.Touchpoint, On: false));
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
            Questions = (survey with { Name = null, Touchpoint = null, TouchpointId = null, Ask = null }).ToJson(),
        };
    }

    /// <summary>The survey that was entered, or why it cannot be read.</summary>
    public Asked<SurveyDefinition> Read()
    {
        if (Integer(WaitDays) is not { } wait) return Refused("ask.waitDays", T("Measure.Surveys.WrongWait", 730));
        if (Real(DelayHours) is not { } delay) return Refused("ask.delayHours", T("Measure.Surveys.WrongDelay", 24 * 90));
        if (Real(SamplePercent) is not { } percent) return Refused("ask.sample", T("Measure.Surveys.WrongSample"));
        var quota = string.IsNullOrWhiteSpace(DailyQuota) ? null : (int?)(Integer(DailyQuota) ?? 0);
        try
        {
            if (SurveyDefinition.Read(Questions ?? "") is not { } texts) return Refused("pages", T("Measure.Surveys.QuestionNeeded"));
            var ask = string.IsNullOrEmpty(After) && !Ask ? null : new AskRule(
                After, delay, (Conditions ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), wait, Once, percent / 100, quota, Time(QuietFrom), Time(QuietTo), Purpose, Ask);
            return new Asked<SurveyDefinition>(texts with { Name = Name, Touchpoint = Touchpoint is { Length: > 0 } at ? at : null, Ask = ask }, null);
        }
        catch (JsonException e)
        {
            return Refused("pages", T("Measure.Surveys.NotJson", (e.LineNumber ?? 0) + 1, e.Path ?? "$"));
        }
    }

    private static Asked<SurveyDefinition> Refused(string field, string detail) => new(null, new Refusal(field, detail));

    private static string? Time(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static int? Integer(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;

    private static double? Real(string? text) => double.TryParse(text?.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n) ? n : null;
}
