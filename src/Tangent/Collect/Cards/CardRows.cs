using System.Text;

namespace Tangent.Collect;

/// <summary>Persons as vCards.</summary>
internal sealed class CardRows<TRow> : ImportRows<TRow>
    where TRow : ImportedRow
{
    private static readonly string[] Rejects = ["card"];

    private readonly CardReader _cards;
    private readonly RowPlan<TRow> _plan;
    private readonly ColumnPlan.Values _values;
    private byte[][] _cells = [];

    /// <param name="reader">Stands at the beginning.</param>
    /// <param name="plan">What the columns of <see cref="VCard.Columns"/> become.</param>
    public CardRows(LineReader reader, RowPlan<TRow> plan)
    {
        (_cards, _plan) = (new CardReader(reader), plan);
        _values = column => _cells[column];
    }

    public override long Line => _cards.Line;

    public override IReadOnlyList<string> RejectColumns => Rejects;

    /// <summary>The first cards of a file.</summary>
    public static List<string[]> Sample(LineReader reader, int most)
    {
        using var cards = new CardReader(reader);
        var rows = new List<string[]>();
        while (rows.Count < most && cards.Read())
            if (cards.Problem is null && !VCard.IsNobody(cards.Card)) rows.Add(VCard.Row(cards.Card));
        return rows;
    }

    public override bool Next(TRow into)
    {
        try
        {
            if (!_cards.Read()) return false;
        }
        catch (InvalidDataException e)
        {
            BrokenOff = e.Message;
            return false;
        }

        into.Begin();
        if (_cards.Problem is { } problem) into.Reject(Rejection.NotAnObject, problem);
        else if (VCard.IsNobody(_cards.Card)) into.Reject(Rejection.UnknownType, "The card is of a company, a group or a place, not of a person.");
        if (into.Reason != Rejection.None) return true;
        _cells = [.. VCard.Row(_cards.Card).Select(Encoding.UTF8.GetBytes)];
        _plan.Write(into, _values);
        into.End();
        return true;
    }

    public override IEnumerable<string> Rejected() => [_cards.Raw];

    protected override void Dispose(bool disposing) => _cards.Dispose();
}
