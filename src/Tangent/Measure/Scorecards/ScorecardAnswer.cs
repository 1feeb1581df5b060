using Tangent.Unify;

namespace Tangent.Measure;

/// <summary>Everything that is said of one touchpoint.</summary>
/// <param name="TouchpointId">Its number in the catalogue.</param>
/// <param name="Stage">Stage of the life cycle.</param>
/// <param name="Owner">Who answers for it; empty where nobody does.</param>
/// <param name="Scores">Its scores with their targets, and their trend by month.</param>
/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="Goals">What counts as going on.</param>
/// <param name="Contacts">How many were there, and went on to a goal; null where nobody was.</param>
/// <param name="Response">How soon customers are answered there; null where what answers them was not named.</param>
/// <param name="Comments">The latest, and how many there are.</param>
/// <param name="Pains">What the journey maps say hurts there.</param>
public sealed record ScorecardAnswer(
    string Touchpoint, int TouchpointId, string Channel, string Stage, string Owner, IReadOnlyList<Score> Scores, long Customers, IReadOnlyList<string> Goals, TouchpointContacts? Contacts, FirstResponse? Response,
    CommentsAnswer Comments, IReadOnlyList<ScorecardPainLine> Pains)
{
    internal static ScorecardAnswer Of(ScorecardModel card, Map.Touchpoint touchpoint) => new(
        card.Name, card.Id, card.Channel, touchpoint.Stage.ToString(), card.Owner, [.. card.Scores.Select(r => r.Score)], card.Contacts.Customers, card.Contacts.Goals, card.Contacts.Row?.Item, card.Contacts.Response?.Response,
        card.Comments, [.. card.Pains.Select(p => new ScorecardPainLine(p.MapId, p.Map, p.Step, p.Card.Text))]);
}

/// <param name="MapId">Number of the journey map.</param>
/// <param name="Map">Its name.</param>
/// <param name="Step">The step at the touchpoint.</param>
/// <param name="Text">What hurts.</param>
public sealed record ScorecardPainLine(int MapId, string Map, string Step, string Text);
