using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>A question for paths as the query of an address, both ways.</summary>
internal static class PathsAddress
{
    private const string GroupPrefix = "group.";

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
        PathFate? fate = reader.OneOf("fate", "ended", "open", "left", "others") is { } text ? Enum.Parse<PathFate>(text, ignoreCase: true) : null;
        var pick = new PathsPick(reader.Number("position", 1, 1, question.Steps), reader.Needed("at"), reader.Text("next"), fate);
        return reader.Give(new Behind<PathsQuestion, PathsPick>(question, pick, reader.Page()));
    }

    public static Address Of(PathsQuestion question)
    {
        var address = new Address("/analyse/paths").With("start", question.Start).With("end", question.End).With("steps", question.Steps)
            .With("collapse", question.Collapse).With("edges", question.Edges);
        if (question.Visits) address = address.With("visits", true);
        if (question.Least != Usual.Least) address = address.With("least", question.Least);
        if (question.Silence != Usual.Silence) address = address.With("silence", question.Silence);
        return question.Groups.Aggregate(address, (a, g) => a.With(GroupPrefix + g.Name, g.Value)).With(question.Filter);
    }

    public static Address Behind(PathsQuestion question, PathsPick pick) => Of(question).Customers()
        .With("position", pick.Position).With("at", pick.From).With("next", pick.To).With("fate", pick.Fate?.ToString().ToLowerInvariant());

    private static PathsQuestion Read(QueryReader reader) => new(
        reader.Text("start"), reader.Number("steps", Usual.Steps, 2, 10), reader.Flag("collapse", Usual.Collapse), reader.Number("edges", Usual.Edges, 1, 500), reader.Filter())
    {
        End = reader.Text("end"),
        Visits = reader.Flag("visits", false),
        Least = reader.Number("least", Usual.Least, 1, 1_000_000_000),
        Silence = reader.Window("silence", Usual.Silence),
        Groups = reader.Named(GroupPrefix),
    };
}
