using System.Globalization;

namespace Tangent.Measure;

/// <summary>Reads a survey from the fields of its editor. A field has the name of its place in the survey, which is also the place a fault names: <c>pages[0].questions[1].text.de</c>.</summary>
internal sealed class DraftForm(IFormCollection form)
{
    // More than a survey may have, so that one too many is refused with the reason and not lost.
    private const int MostPages = SurveyCheck.MostQuestions + 1;
    private const int MostOptions = 51;
    private const int MostConditions = 10;

    /// <summary>Most fields of a form: every question with its words in three languages, and options.</summary>
    public const int MostFields = 20_000;

    /// <summary>What it does beside showing the survey: <c>save</c>, or a change such as <c>question-up:0.1</c>.</summary>
    public string Action => form["do"].ToString();

    /// <summary>The version that was edited.</summary>
    public int Version => Count("version", int.MaxValue);

    /// <param name="kept">What is not edited here: name, touchpoint and when it asks.</param>
    public SurveyDefinition Read(SurveyDefinition kept) => kept with
    {
        DefaultLanguage = form["defaultLanguage"].ToString() is { Length: > 0 } language ? language : kept.DefaultLanguage,
        Title = Words("title"),
        Intro = Words("intro"),
        Thanks = Words("thanks"),
        Pages = [.. Enumerable.Range(0, Count("pages", MostPages)).Select(p => new SurveyPart([.. Enumerable.Range(0, Count($"pages[{p}].questions", MostPages)).Select(q => Question($"pages[{p}].questions[{q}]"))]))],
    };

    private SurveyQuestion Question(string at)
    {
        QuestionKind? kind = Enum.TryParse<QuestionKind>(form[at + ".kind"], ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null;
        var question = new SurveyQuestion(form[at + ".key"].ToString().Trim(), kind, Words(at + ".text"), form[at + ".required"] == "true");
        List<string> conditions = [.. Enumerable.Range(0, Count(at + ".showIf", MostConditions)).Select(c => Condition($"{at}.showIf[{c}]"))];
        question = question with { ShowIf = conditions.Count > 0 ? conditions : null };
        // What another kind had is left behind.
        if (question.Kind is not QuestionKind.Text and not QuestionKind.Consent) question = question with { Comment = Words(at + ".comment") };
        if (question.Kind is not null && question.Scale is not null) question = question with { Low = Words(at + ".low"), High = Words(at + ".high") };
        if (question.Kind == QuestionKind.Consent) question = question with { Purpose = form[at + ".purpose"].ToString() };
        if (question.Kind is QuestionKind.Choice or QuestionKind.Multiple) question = question with { Options = Options(at) };
        return question;
    }

    /// <summary>A choice begins with two options.</summary>
    private List<SurveyOption> Options(string at)
    {
        var count = Count(at + ".options", MostOptions);
        return count == 0 && form[at + ".options"].Count == 0
            ? [new SurveyOption("option1", null), new SurveyOption("option2", null)]
            : [.. Enumerable.Range(0, count).Select(o => $"{at}.options[{o}]").Select(o => new SurveyOption(form[o + ".key"].ToString().Trim(), Words(o + ".text")))];
    }

    private string Condition(string at) => new ConditionFields(form[at + ".what"].ToString(), form[at + ".trait"].ToString().Trim(), form[at + ".operator"].ToString(), form[at + ".value"].ToString().Trim()).Text;

    /// <summary>The words by language; null where there are none.</summary>
    private Dictionary<string, string>? Words(string at)
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var language in SurveyDefinition.Languages)
            if (form[$"{at}.{language}"].ToString().ReplaceLineEndings("\n").Trim() is { Length: > 0 } said) words[language] = said;
        return words.Count > 0 ? words : null;
    }

    private int Count(string name, int most) => int.TryParse(form[name], NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? Math.Min(count, most) : 0;
}
