using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>A question for events as the query of an address, both ways.</summary>
internal static class EventsAddress
{
    /// <summary>Address of the customers with any event in the filter.</summary>
    public static string Everybody(JourneyFilter filter) => Of(new EventsQuestion(null, null, null, null, false, null, filter)).Customers().ToString();

    public static Asked<EventsQuestion> Read(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(Read(reader));
    }

    public static Asked<Behind<EventsQuestion, EventsQuestion>> ReadBehind(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        var question = Read(reader);
        return reader.Give(new Behind<EventsQuestion, EventsQuestion>(question, question, reader.Page()));
    }

    public static Address Of(EventsQuestion question) => new Address("/analyse/events")
        .With("event", question.Event).With("eventChannel", question.Channel).With("path", question.Path).With("campaign", question.Campaign)
        .With("unmapped", question.Unmapped ? true : null).With("rule", question.Rule).With(question.Filter);

    /// <summary>All events of a signature.</summary>
    public static EventsQuestion Of(Signature signature, JourneyFilter filter) =>
        new(signature.Event, signature.Channel, signature.Path, signature.Campaign, false, null, filter with { Sources = [signature.Source] });

    private static EventsQuestion Read(QueryReader reader) => new(
        reader.TextOrEmpty("event"), reader.TextOrEmpty("eventChannel"), reader.TextOrEmpty("path"), reader.TextOrEmpty("campaign"),
        reader.Flag("unmapped", false), reader.Number("rule", 0, 1, int.MaxValue) is > 0 and var rule ? rule : null, reader.Filter());
}
