using System.Globalization;
using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <param name="Question">The question as read; the usual one where it was refused.</param>
/// <param name="Report">Null where there is no answer.</param>
/// <param name="Silences">How long a silence ends a journey, to choose from.</param>
public sealed record PathsModel(Around Around, PathsQuestion Question, IReadOnlyList<Choice> Touchpoints, IReadOnlyList<Choice> Silences, PathsReport? Report);

/// <param name="Others">Transitions not shown.</param>
public sealed record PathsReport(long Customers, long Paths, PathsQuestion Question, int Others, SankeyChart Chart, IReadOnlyList<PathRow> Transitions, IReadOnlyList<PathEnd> Ends);

/// <param name="Paths">Visits that went this way, where there is a path for each.</param>
/// <param name="Here">Customers at <paramref name="From"/> at this position.</param>
public sealed record PathRow(int Position, Mark From, Mark To, Count Count, long Paths, long Here);

public sealed record PathEnd(int Position, Mark At, Count Ended, Count Open, Count Left, long Here);

internal static class PathsReports
{
    private const int MostEnds = 20;

    // The grey of the palette: what is no touchpoint stays in the background.
    private static readonly int Quiet = ChannelColor.Of(null);

    public static PathsReport Of(PathsQuestion question, PathsAnswer answer, Marks marks)
    {
        var here = answer.Nodes.ToDictionary(n => (n.Position, n.Name), n => n.Customers);
        Count Counted(PathsPick pick, long customers) => new(customers, PathsAddress.Behind(question, pick).ToString());
        return new PathsReport(
            answer.Customers, answer.Paths, question, answer.Others, Chart(question, answer, marks),
            [.. answer.Edges.OrderBy(e => e.Position).ThenByDescending(e => e.Customers).Select(e => new PathRow(
                e.Position, marks.Of(e.From), marks.Of(e.To), Counted(new PathsPick(e.Position, e.From, e.To), e.Customers), e.Paths, here.GetValueOrDefault((e.Position, e.From))))],
            [.. answer.Nodes.Where(n => n.Ended + n.Open + n.Left > 0).OrderByDescending(n => n.Ended + n.Open + n.Left).Take(MostEnds).Select(n => new PathEnd(
                n.Position, marks.Of(n.Name), Fate(n, PathFate.Ended, n.Ended), Fate(n, PathFate.Open, n.Open), Fate(n, PathFate.Left, n.Left), n.Customers))]);

        Count Fate(PathNode node, PathFate fate, long customers) => Counted(new PathsPick(node.Position, node.Name, Fate: fate), customers);
    }

    /// <summary>The transitions, and beside them for each touchpoint who ended, stands or leaves the view there and who went a way that is not among those shown.</summary>
    private static SankeyChart Chart(PathsQuestion question, PathsAnswer answer, Marks marks)
    {
        var going = answer.Edges.GroupBy(e => (e.Position, e.From)).ToDictionary(g => g.Key, g => g.Sum(e => e.Customers));
        var reached = answer.Edges.Select(e => (Position: e.Position + 1, Name: e.To)).ToHashSet();
        Dictionary<string, SankeyNode> nodes = [];
        List<SankeyLink> links = [];
        foreach (var node in answer.Nodes.Where(n => going.ContainsKey((n.Position, n.Name)) || reached.Contains((n.Position, n.Name)) || (n.Position == 1 && n.Ended + n.Open > 0)))
        {
            var id = Id(node.Position, node.Name);
            var href = PathsAddress.Behind(question, new PathsPick(node.Position, node.Name)).ToString();
            nodes[id] = new SankeyNode(id, node.Name, marks.Color(node.Name), href, node.Position - 1);
            // Where paths come to their end they are done; read backwards, ends are beginnings and nothing goes out of them.
            if (node.Position == question.Steps || (node.Position > 1 && node.Name == question.End)) continue;
            var elsewhere = node.Customers - going.GetValueOrDefault((node.Position, node.Name));
            if (!question.IsBackwards)
            {
                Fate(node, PathFate.Ended, "end", T("Analyse.Paths.End"), node.Ended);
                Fate(node, PathFate.Open, "open", T("Analyse.Paths.Open"), node.Open);
                Fate(node, PathFate.Left, "left", T("Analyse.Paths.Left"), node.Left);
                elsewhere -= node.Ended + node.Open + node.Left;
            }

            // Of several visits of one customer, one may go a way that is shown and another not: no number would be right for both.
            if (!question.Visits) Fate(node, PathFate.Others, "other", T("Analyse.Paths.Other"), elsewhere);
        }

        links.AddRange(answer.Edges.Select(e => new SankeyLink(
            Id(e.Position, e.From), Id(e.Position + 1, e.To), e.Customers, PathsAddress.Behind(question, new PathsPick(e.Position, e.From, e.To)).ToString())));
        return new SankeyChart([.. nodes.Values], links, T("Analyse.Unit.Customers"));

        void Fate(PathNode node, PathFate fate, string kind, string name, long customers) => Add(
            node.Position + 1, kind, name, Id(node.Position, node.Name), customers, PathsAddress.Behind(question, new PathsPick(node.Position, node.Name, Fate: fate)).ToString());

        void Add(int position, string kind, string name, string from, long customers, string? href)
        {
            if (customers <= 0) return;
            // A slash before the kind: no touchpoint's id looks like it.
            var id = string.Create(CultureInfo.InvariantCulture, $"{position}/{kind}");
            nodes[id] = new SankeyNode(id, name, Quiet, null, position - 1);
            links.Add(new SankeyLink(from, id, customers, href));
        }
    }

    private static string Id(int position, string name) => string.Create(CultureInfo.InvariantCulture, $"{position}:{name}");
}
