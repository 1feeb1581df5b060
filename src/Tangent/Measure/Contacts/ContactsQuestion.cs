using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>How many customers come to every touchpoint, how many go on to a goal, and how soon they are answered.</summary>
/// <param name="Goals">As a funnel's steps are written; empty: conversion is not asked for.</param>
/// <param name="Within">Within what time a goal, or an answer, must follow.</param>
/// <param name="Contact">What customers begin with; null: the first response is not asked for.</param>
/// <param name="Answers">What answers them.</param>
/// <param name="Filter">Events and customers looked at.</param>
internal sealed record ContactsQuestion(IReadOnlyList<string> Goals, TimeSpan Within, string? Contact, IReadOnlyList<string> Answers, JourneyFilter Filter)
{
    public const string ByClock = "clock", InWork = "working";

    public static readonly TimeSpan DefaultWithin = TimeSpan.FromDays(30);

    /// <summary>The first response is measured in the company's working time; whether it is in time stays a matter of the clock.</summary>
    public bool InWorkingTime { get; init; }

    public static IReadOnlyList<QuestionParameter> Parameters { get; } =
    [
        new("goal", "What a customer who was at the touchpoint goes on to, written as a funnel's step; repeat it for several, any of which counts.", Repeated: true),
        new("within", "Within what time the goal, or the answer, must follow: a number and s, m, h, d or w; 30d unless said."),
        new("contact", "What customers begin with, written as a funnel's step, such as Question by e-mail: how soon is it answered?"),
        new("answer", "What answers it, by whatever channel; repeat it for several.", Repeated: true),
        new("hours", "What the first response is measured in: clock, round the clock (unless said), or working, the company's working hours without holidays."),
        .. QuestionParameters.Filter,
    ];

    public static IReadOnlyList<QuestionParameter> Picks { get; } =
    [
        new("at", "The touchpoint they were at; not needed for the first response."),
        new("who", "there (unless said), converted, notConverted or notYet: customers at the touchpoint and what became of them; answered, unanswered or waiting: customers by their first response."),
    ];

    public static Asked<ContactsQuestion> Read(IQueryCollection query)
    {
        const int most = 20;
        var reader = new QueryReader(query);
        return reader.Give(new ContactsQuestion(reader.Texts("goal", most), reader.Window("within", DefaultWithin), reader.Text("contact"), reader.Texts("answer", most), reader.Filter()) { InWorkingTime = reader.OneOf("hours", ByClock, InWork) == InWork });
    }

    public Address Address() => new Address("/measure/contacts").With("goal", Goals).With("within", Within == DefaultWithin ? null : Within).With("contact", Contact).With("answer", Answers)
        .With("hours", InWorkingTime ? InWork : null).With(Filter);

    /// <summary>The customers behind a number of the answer.</summary>
    public Address Behind(ContactsPick pick) => Address().Customers().With("at", pick.At).With("who", pick.Who == ContactsPick.There ? null : pick.Who);
}

/// <param name="Who">Which of them.</param>
/// <param name="At">The touchpoint they were at; null for the first response.</param>
internal sealed record ContactsPick(string Who, string? At = null)
{
    public const string There = "there", Converted = "converted", NotConverted = "notConverted", NotYet = "notYet";
    public const string Answered = "answered", Unanswered = "unanswered", Waiting = "waiting";

    public static readonly string[] All = [There, Converted, NotConverted, NotYet, Answered, Unanswered, Waiting];

    public bool IsOfResponse => Who is Answered or Unanswered or Waiting;

    public string Words() => T(Who == There ? "Measure.Contacts.Behind" : "Measure.Contacts.Behind." + char.ToUpperInvariant(Who[0]) + Who[1..], At);
}

/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="WithinSeconds">Within what time goals and answers count.</param>
/// <param name="Response">How soon contacts are answered; null where that was not asked for.</param>
/// <param name="Items">The most frequent first.</param>
public sealed record ContactsAnswer(long Customers, double WithinSeconds, FirstResponse? Response, IReadOnlyList<TouchpointContacts> Items);

/// <param name="Touchpoint">The touchpoint.</param>
/// <param name="TouchpointId">Its number in the catalogue; null where the catalogue has none of this name.</param>
/// <param name="Volume">Events there.</param>
/// <param name="Reached">Customers who were there.</param>
/// <param name="Reach">Their share of all customers in the filter, 0 to 1.</param>
/// <param name="ReachLow">Lower end of its 95 % interval (Wilson).</param>
/// <param name="ReachHigh">Upper end of it.</param>
/// <param name="Conversion">Who went on to a goal; null where none was named.</param>
public sealed record TouchpointContacts(string Touchpoint, int? TouchpointId, long Volume, long Reached, double Reach, double ReachLow, double ReachHigh, Conversion? Conversion);

/// <param name="Converted">Customers who reached a goal within the time after having been there.</param>
/// <param name="N">Customers who were there and whose time is over, or who converted.</param>
/// <param name="Open">Customers whose time is not over.</param>
/// <param name="Share">Converted ÷ n.</param>
/// <param name="Low">Lower end of its 95 % interval (Wilson).</param>
/// <param name="High">Upper end of it.</param>
public sealed record Conversion(long Converted, long N, long Open, double Share, double Low, double High)
{
    /// <summary>Fewer than 30 customers.</summary>
    public bool TooFew => N < Figures.Enough;

    internal static Conversion Of(TouchpointConversion found)
    {
        var interval = Interval.Wilson(found.Converted, found.Customers);
        return new Conversion(found.Converted, found.Customers, found.Open, found.Customers == 0 ? 0 : (double)found.Converted / found.Customers, interval.Low, interval.High);
    }
}
