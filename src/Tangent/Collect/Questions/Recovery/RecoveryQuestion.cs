namespace Tangent.Collect;

/// <summary>After a bad contact: who leaves, who stays, and which next contact makes up for it. Of a customer the first bad contact counts.</summary>
/// <param name="Bad">Bad contacts, as a funnel's steps are written; any of them; 1 to 20.</param>
/// <param name="Goals">What shows that all is well again; any of them; none: any further event does.</param>
/// <param name="Window">Without an event for so long a customer has left; within so long a contact makes up.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record RecoveryQuestion(IReadOnlyList<string> Bad, IReadOnlyList<string> Goals, TimeSpan Window, JourneyFilter Filter)
{
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromDays(30);
}

/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="Affected">Of them, who had a bad contact: those who left, stayed or are open.</param>
/// <param name="Left">No further event within the window.</param>
/// <param name="Stayed">A next contact within the window.</param>
/// <param name="Open">No further event so far, and the window is not over at the last event.</param>
/// <param name="LeftShare">Share of those who left or stayed who left, 0 to 1, with its 95 % interval.</param>
/// <param name="Judged">Who stayed and whose window after the next contact is over.</param>
/// <param name="MadeUp">Of them, for whom the next contact made up.</param>
/// <param name="BaseShare">Their share: what a next contact does on average.</param>
/// <param name="Next">The next contacts, the surest first: by the lower bound of the interval; then those with too few, the most frequent first.</param>
public sealed record RecoveryAnswer(
    long Customers, long Affected, long Left, long Stayed, long Open, ShareOf LeftShare, long Judged, long MadeUp, double BaseShare, IReadOnlyList<RecoveryContact> Next);

/// <summary>A share with its 95 % interval (Wilson).</summary>
/// <param name="N">Of how many.</param>
/// <param name="Share">0 to 1.</param>
/// <param name="Low">Lower bound.</param>
/// <param name="High">Upper bound.</param>
/// <param name="TooFew">Under 30: an accident is as likely as anything.</param>
public sealed record ShareOf(long N, double Share, double Low, double High, bool TooFew);

/// <param name="Name">Touchpoint of the next contact.</param>
/// <param name="Customers">Who had it and can be judged.</param>
/// <param name="MadeUp">Of them, for whom it made up.</param>
/// <param name="Share">Their share.</param>
/// <param name="Lift">The share over the base share; null where that is 0.</param>
/// <param name="Verdict"><c>better</c> or <c>worse</c> where the interval excludes the base share, <c>unclear</c> where it does not, <c>tooFew</c> under 30 customers.</param>
/// <param name="Open">Who had it and cannot be judged yet.</param>
public sealed record RecoveryContact(string Name, long Customers, long MadeUp, ShareOf Share, double? Lift, string Verdict, long Open);

/// <summary>The customers behind a number of recovery.</summary>
/// <param name="Who"><c>affected</c>, <c>left</c>, <c>stayed</c>, <c>open</c>, <c>judged</c>, <c>madeUp</c>, <c>notMadeUp</c>, or <c>stayedOpen</c> for who stayed and cannot be judged yet.</param>
/// <param name="Next">Only with this next contact.</param>
public sealed record RecoveryPick(string Who, string? Next);
