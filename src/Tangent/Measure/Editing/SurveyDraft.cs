using Tangent.Unify;

namespace Tangent.Measure;

/// <summary>Where in a survey something stands: page, question, and option or condition of it.</summary>
public readonly record struct DraftPlace(int Page, int Question = -1, int Part = -1)
{
    public static DraftPlace? Read(string text)
    {
        var parts = text.Split('.');
        var numbers = new int[3] { -1, -1, -1 };
        if (parts.Length > 3) return null;
        for (var i = 0; i < parts.Length; i++)
            if (!int.TryParse(parts[i], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out numbers[i])) return null;
        return new DraftPlace(numbers[0], numbers[1], numbers[2]);
    }
}

/// <summary>What was done to a survey that is being edited.</summary>
/// <param name="Survey">The survey then.</param>
/// <param name="Said">Key of the text that says what was done; null where nothing was.</param>
/// <param name="Focus">Id of the element to go on at.</param>
public sealed record DraftChange(SurveyDefinition Survey, string? Said = null, string? Focus = null);

/// <summary>Adds, moves and removes pages, questions, options and conditions of a survey that is not kept yet. What does not fit, such as a page that is no more, changes nothing.</summary>
internal static class SurveyDraft
{
    public static DraftChange Change(SurveyDefinition survey, string action)
    {
        var (what, at) = action.Split(':', 2) is [var name, var place] ? (name, DraftPlace.Read(place)) : (action, new DraftPlace(0));
        if (at is not { } where) return new DraftChange(survey);
        var pages = (survey.Pages ?? []).Select(p => (p.Questions ?? []).ToList()).ToList();
        var change = what.Split('-') is ["page", var page] ? OfPage(pages, page, where.Page, survey) : what.Split('-') is ["question", var question] ? OfQuestion(pages, question, where, survey) : OfPart(pages, what, where);
        return change with { Survey = survey with { Pages = [.. pages.Select(q => new SurveyPart(q))] } };
    }

    private static DraftChange OfPage(List<List<SurveyQuestion>> pages, string what, int at, SurveyDefinition survey)
    {
        if (what == "add")
        {
            pages.Add([New(survey)]);
            return new DraftChange(survey, "Measure.Editor.PageAdded", TextId(pages.Count - 1, 0, survey));
        }

        if (at < 0 || at >= pages.Count) return new DraftChange(survey);
        var to = what switch { "up" => at - 1, "down" => at + 1, _ => at };
        if (to < 0 || to >= pages.Count) return new DraftChange(survey);
        var moved = pages[at];
        pages.RemoveAt(at);
        if (what == "remove") return new DraftChange(survey, "Measure.Editor.PageRemoved", "page-add");
        pages.Insert(to, moved);
        return new DraftChange(survey, "Measure.Editor.PageMoved", $"page-{what}:{to}");
    }

    private static DraftChange OfQuestion(List<List<SurveyQuestion>> pages, string what, DraftPlace at, SurveyDefinition survey)
    {
        if (at.Page < 0 || at.Page >= pages.Count) return new DraftChange(survey);
        var page = pages[at.Page];
        if (what == "add")
        {
            page.Add(New(survey));
            return new DraftChange(survey, "Measure.Editor.QuestionAdded", TextId(at.Page, page.Count - 1, survey));
        }

        if (at.Question < 0 || at.Question >= page.Count) return new DraftChange(survey);
        var moved = page[at.Question];
        var (toPage, to) = what switch
        {
            "up" when at.Question > 0 => (at.Page, at.Question - 1),
            "up" when at.Page > 0 => (at.Page - 1, pages[at.Page - 1].Count),
            "down" when at.Question < page.Count - 1 => (at.Page, at.Question + 1),
            "down" when at.Page < pages.Count - 1 => (at.Page + 1, 0),
            _ => (-1, -1),
        };
        if (what == "remove")
        {
            page.RemoveAt(at.Question);
            return new DraftChange(survey, "Measure.Editor.QuestionRemoved", $"question-add:{at.Page}");
        }

        if (toPage < 0) return new DraftChange(survey);
        page.RemoveAt(at.Question);
        pages[toPage].Insert(to, moved);
        return new DraftChange(survey, "Measure.Editor.QuestionMoved", $"question-{what}:{toPage}.{to}");
    }

    private static DraftChange OfPart(List<List<SurveyQuestion>> pages, string what, DraftPlace at)
    {
        var none = new DraftChange(null!);
        if (at.Page < 0 || at.Page >= pages.Count || at.Question < 0 || at.Question >= pages[at.Page].Count) return none;
        var question = pages[at.Page][at.Question];
        var (options, conditions) = ((question.Options ?? []).ToList(), (question.ShowIf ?? []).ToList());
        var field = $"pages[{at.Page}].questions[{at.Question}]";
        switch (what)
        {
            case "option-add":
                options.Add(new SurveyOption(FreeKey("option", options.Select(o => o.Key)), null));
                none = none with { Said = "Measure.Editor.OptionAdded", Focus = $"{field}.options[{options.Count - 1}].key" };
                break;
            case "option-remove" when at.Part >= 0 && at.Part < options.Count:
                options.RemoveAt(at.Part);
                none = none with { Said = "Measure.Editor.OptionRemoved", Focus = $"option-add:{at.Page}.{at.Question}" };
                break;
            case "condition-add":
                conditions.Add("touchpoint = ");
                none = none with { Said = "Measure.Editor.ConditionAdded", Focus = $"{field}.showIf[{conditions.Count - 1}].what" };
                break;
            case "condition-remove" when at.Part >= 0 && at.Part < conditions.Count:
                conditions.RemoveAt(at.Part);
                none = none with { Said = "Measure.Editor.ConditionRemoved", Focus = $"condition-add:{at.Page}.{at.Question}" };
                break;
            default:
                return none;
        }

        pages[at.Page][at.Question] = question with { Options = options.Count > 0 ? options : null, ShowIf = conditions.Count > 0 ? conditions : null };
        return none;
    }

    private static SurveyQuestion New(SurveyDefinition survey) => new(FreeKey("question", survey.Questions.Select(q => q.Key)), QuestionKind.Text, null);

    private static string TextId(int page, int question, SurveyDefinition survey) => $"pages[{page}].questions[{question}].text.{survey.DefaultLanguage}";

    private static string FreeKey(string word, IEnumerable<string?> taken)
    {
        var known = taken.ToHashSet(StringComparer.Ordinal);
        var number = 1;
        while (known.Contains(word + number)) number++;
        return word + number;
    }
}

/// <summary>A condition as the fields that it is edited in.</summary>
/// <param name="What">Key of a question, or <c>trait</c>, or <c>touchpoint</c>.</param>
/// <param name="Trait">Name of the trait.</param>
public sealed record ConditionFields(string What, string Trait, string Operator, string Value)
{
    public static readonly IReadOnlyList<string> Operators = ["=", "!=", "<", "<=", ">", ">="];

    /// <summary>Also of a condition that is not finished: what was entered stays.</summary>
    public static ConditionFields Of(string text)
    {
        var @operator = Operators.OrderByDescending(o => o.Length).Where(o => text.Contains(o, StringComparison.Ordinal)).OrderBy(o => text.IndexOf(o, StringComparison.Ordinal)).ThenByDescending(o => o.Length).FirstOrDefault() ?? "=";
        var at = text.IndexOf(@operator, StringComparison.Ordinal);
        var (left, value) = at < 0 ? (text.Trim(), "") : (text[..at].Trim(), text[(at + @operator.Length)..].Trim());
        return left == "trait" || left.StartsWith("trait ", StringComparison.Ordinal) ? new ConditionFields("trait", left[5..].Trim(), @operator, value) : new ConditionFields(left, "", @operator, value);
    }

    public string Text => What == "trait" ? $"trait {Trait} {Operator} {Value}" : $"{What} {Operator} {Value}";
}
