using System.Globalization;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>Reads what was answered to one question.</summary>
internal static class AnswerReading
{
    public const int MostCharacters = 10_000;

    /// <param name="question">The question.</param>
    /// <param name="values">What was sent.</param>
    /// <param name="comment">Words beside it.</param>
    /// <returns>The answer, null where there is none; and what is wrong with it, null where nothing is.</returns>
    public static (GivenAnswer? Answer, string? Fault) Read(SurveyQuestion question, IReadOnlyList<string> values, string comment)
    {
        List<string> given = [.. values.Select(Clean).Where(v => v.Length > 0).Distinct(StringComparer.Ordinal)];
        if (question.Kind == QuestionKind.Text) return Words(question, given);
        var words = question.Comment is null ? "" : Clean(comment);
        var answer = new GivenAnswer(given, words);
        if (words.Length > MostCharacters) return (answer, T("Measure.Answer.TooLong", MostCharacters));
        if (given.Count == 0) return (null, question.Required || words.Length > 0 ? T("Measure.Answer.Needed") : null);
        return question.Kind switch
        {
            QuestionKind.Multiple => (answer, given.All(v => question.Options!.Any(o => o.Key == v)) ? null : T("Measure.Answer.NotAnOption")),
            _ when given.Count > 1 => (answer, T("Measure.Answer.OneOnly")),
            QuestionKind.Choice => (answer, question.Options!.Any(o => o.Key == given[0]) ? null : T("Measure.Answer.NotAnOption")),
            QuestionKind.Consent => (answer, given[0] == "yes" ? null : T("Measure.Answer.NotAnOption")),
            _ => Number(question, answer),
        };
    }

    /// <summary>What somebody writes is a comment, whatever was asked, so that it is shown to whom comments are.</summary>
    private static (GivenAnswer? Answer, string? Fault) Words(SurveyQuestion question, List<string> given) => given switch
    {
        [] => (null, question.Required ? T("Measure.Answer.Needed") : null),
        [var words] => (new GivenAnswer([], words), words.Length <= MostCharacters ? null : T("Measure.Answer.TooLong", MostCharacters)),
        _ => (new GivenAnswer([], given[0]), T("Measure.Answer.OneOnly")),
    };

    private static (GivenAnswer, string?) Number(SurveyQuestion question, GivenAnswer answer)
    {
        var (lowest, highest) = question.Scale!.Value;
        return int.TryParse(answer.Values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= lowest && number <= highest
            ? (answer with { Values = [number.ToString(CultureInfo.InvariantCulture)] }, null)
            : (answer, T("Measure.Answer.OutsideScale", lowest, highest));
    }

    /// <summary>Line breaks stay; what no keyboard types does not.</summary>
    private static string Clean(string? text) => string.Concat((text ?? "").ReplaceLineEndings("\n").Select(c => char.IsControl(c) && c is not '\n' ? ' ' : c)).Trim();
}
