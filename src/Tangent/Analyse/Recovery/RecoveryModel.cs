using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <param name="Unsaid">No bad contact is named yet.</param>
public sealed record RecoveryModel(Around Around, RecoveryQuestion Question, IReadOnlyList<string> Touchpoints, bool Unsaid, RecoveryReport? Report);

public sealed record RecoveryReport(Count Affected, Count Left, Count Stayed, Count Open, Count Judged, Count MadeUp, IReadOnlyList<RecoveryRow> Rows)
{
    public string BaseShare => Figures.Percent(MadeUp.Customers, Judged.Customers);
}

/// <param name="Verdict">Key of the text; null for too few.</param>
public sealed record RecoveryRow(Mark Next, Count Judged, Count MadeUp, Count Open, double? Lift, string? Verdict);

internal static class RecoveryReports
{
    public static RecoveryReport Of(RecoveryQuestion question, RecoveryAnswer answer, Marks marks)
    {
        return new RecoveryReport(
            Who(answer.Affected, "affected"), Who(answer.Left, "left"), Who(answer.Stayed, "stayed"), Who(answer.Open, "open"), Who(answer.Judged, "judged"), Who(answer.MadeUp, "madeUp"),
            [.. answer.Next.Select(n => new RecoveryRow(
                marks.Of(n.Name), Who(n.Customers, "judged", n.Name), Who(n.MadeUp, "madeUp", n.Name), Who(n.Open, "stayedOpen", n.Name), n.Lift, Verdict(n.Verdict)))]);

        Count Who(long customers, string who, string? next = null) => new(customers, RecoveryAddress.Behind(question, new RecoveryPick(who, next)).ToString());
    }

    public static string Words(RecoveryQuestion question, RecoveryPick pick)
    {
        var (bad, window) = (string.Join(" / ", question.Bad), Figures.Duration(question.Window.TotalSeconds));
        var words = T("Analyse.Recovery.Words." + pick.Who, bad, window);
        if (pick.Next is { } next) words += " " + T("Analyse.Recovery.NextWords", next);
        return question.Goals.Count > 0 ? words + " " + T("Analyse.Recovery.GoalWords", string.Join(" / ", question.Goals)) : words;
    }

    private static string? Verdict(string verdict) => verdict switch
    {
        "better" => "Analyse.Recovery.Better",
        "worse" => "Analyse.Recovery.Worse",
        "unclear" => "Analyse.Recovery.Unclear",
        // The figure itself says that there are too few.
        _ => null,
    };
}
