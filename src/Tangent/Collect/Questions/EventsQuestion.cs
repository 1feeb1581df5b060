namespace Tangent.Collect;

/// <summary>Events told by what is known of them before any rule. A part that is null fits everything, else exactly this; empty fits events that have none.</summary>
/// <param name="Event">Event name.</param>
/// <param name="Channel">Channel of the event itself.</param>
/// <param name="Path">Page path.</param>
/// <param name="Campaign">Campaign.</param>
/// <param name="Unmapped">Only events that no touchpoint claims.</param>
/// <param name="Rule">Only events that the touchpoint rule of this number decides.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record EventsQuestion(string? Event, string? Channel, string? Path, string? Campaign, bool Unmapped, int? Rule, JourneyFilter Filter);

/// <param name="Customers">Customers with such an event.</param>
/// <param name="Events">How many such events.</param>
public sealed record EventsAnswer(long Customers, long Events);
