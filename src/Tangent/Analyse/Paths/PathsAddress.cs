using Tangent.Collect;

namespace Tangent.Analyse;

/// <summary>A question for paths as the query of an address, both ways.</summary>
internal static class PathsAddress
{
    /// <summary>What is asked where nothing else is said.</summary>
    public static PathsQuestion Usual { get; } = new(null, 5, true, 50, JourneyFilter.None);

    public static Asked<PathsQuestion> Read(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(Read(reader));
    }

    public static Asked<Behind<PathsQuestion, PathsPick>> ReadBehind(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        var question = Read(reader);
        var pick = new PathsPick(reader.Number("position", 1, 1, question.Steps), reader.Needed("at"), reader.Text("next"), reader.Flag("ended", false), reader.Flag("others", false));
        return reader.Give(new Behind<PathsQuestion, PathsPick>(question, pick, reader.Page()));
    }

    public static Address Of(PathsQuestion question) => new Address("/analyse/paths")
        .With("start", question.Start).With("steps", question.Steps).With("collapse", question.Collapse).With("edges", question.Edges).With(question.Filter);

    public static Address Behind(PathsQuestion question, PathsPick pick) => Of(question).Customers()
        .With("position", pick.Position).With("at", pick.From).With("next", pick.To).With("ended", pick.Ended ? true : null).With("others", pick.Others ? true : null);

    private static PathsQuestion Read(QueryReader reader) => new(
        reader.Text("start"), reader.Number("steps", Usual.Steps, 2, 10), reader.Flag("collapse", Usual.Collapse), reader.Number("edges", Usual.Edges, 1, 500), reader.Filter());
}
