using System.Globalization;
using System.Text;

namespace Tangent.Collect;

/// <summary>
/// What only all rows of a file of records together say: which number of a date is the day, and whether the rows of an order name its whole
/// amount or each a part of it.
/// </summary>
internal sealed class ColumnFacts
{
    // So many values of a form that can be read in one way only decide.
    private const int Enough = 1_000;

    private readonly Dictionary<int, DateDetection> _dates;

    private ColumnFacts(Dictionary<int, DateDetection> dates, bool addsUp) => (_dates, AddsUp) = (dates, addsUp);

    /// <summary>Rows of the same order name different amounts: each is of one product.</summary>
    public bool AddsUp { get; }

    /// <summary>How the dates of a column are written.</summary>
    public DateOrder OrderOf(int column) => _dates[column].Order;

    public DateDetection? DatesOf(int column) => _dates.GetValueOrDefault(column);

    /// <summary>Looks through a file.</summary>
    /// <param name="open">Opens its rows with a plan.</param>
    /// <param name="names">Its columns.</param>
    /// <param name="columns">What they become.</param>
    /// <param name="numbers">How amounts are written.</param>
    /// <param name="dayFirst">What was said of dates that leave it open; null: nothing.</param>
    /// <exception cref="FileRefusedException">Dates can be read in two ways.</exception>
    public static ColumnFacts Of(Func<RowPlan<Looked>, ImportRows<Looked>> open, IReadOnlyList<string> names, IReadOnlyList<PlannedColumn> columns, NumberFormat numbers, bool? dayFirst)
    {
        var look = new Look(columns, numbers);
        if (!look.IsNeeded) return new ColumnFacts(look.Dates, false);
        using var rows = open(look);
        var row = new Looked();
        var seen = 0L;
        while (rows.Next(row))
        {
            foreach (var column in look.NowDoubtful) look.Doubts[column] = (rows.Line, look.Doubts[column].Value);
            look.NowDoubtful.Clear();
            if (++seen % Enough == 0 && look.IsDecided) break;
        }

        foreach (var dates in look.Dates.Values)
            if ((dayFirst ?? look.DayFirstElsewhere) is { } said) dates.Decide(said);
        foreach (var (column, dates) in look.Dates)
            if (dates.Ambiguous) throw new FileRefusedException($"The dates of the column '{names[column]}' can be read with the day first or with the month first (line {look.Doubts[column].Line}: '{look.Doubts[column].Value}'), and no row decides it. Say which: dates=day-first or dates=month-first.");
        return new ColumnFacts(look.Dates, look.AddsUp);
    }

    /// <summary>A row that is only looked at.</summary>
    internal sealed class Looked : ImportedRow
    {
        public override bool End() => Reason == Rejection.None;
    }

    private sealed class Look : RowPlan<Looked>
    {
        private readonly NumberFormat _numbers;
        private readonly int _id = -1, _time, _product, _status, _value = -1;
        private (byte[] Id, byte[] Time, byte[] Status, decimal? Amount) _order = ([], [], [], null);

        public Look(IReadOnlyList<PlannedColumn> columns, NumberFormat numbers)
        {
            _numbers = numbers;
            foreach (var column in columns.Where(c => RecordPlan.IsDate(c.Field) && c.Column >= 0)) Dates[column.Column] = new DateDetection();
            int Of(ImportField field) => columns.FirstOrDefault(c => c.Field == field)?.Column ?? -1;
            (_time, _product, _status) = (Of(ImportField.Time), Of(ImportField.Product), Of(ImportField.Status));
            if (_product >= 0) (_id, _value) = (Of(ImportField.RecordId), Of(ImportField.Value));
        }

        public Dictionary<int, DateDetection> Dates { get; } = [];

        /// <summary>First value of a column that can be read in two ways, and its line.</summary>
        public Dictionary<int, (long Line, string Value)> Doubts { get; } = [];

        public List<int> NowDoubtful { get; } = [];

        public bool AddsUp { get; private set; }

        public bool IsNeeded => Dates.Count > 0 || ComparesAmounts;

        public bool IsDecided => !ComparesAmounts && Dates.Values.All(d => d.Seen >= Enough && !d.Ambiguous);

        /// <summary>What the dates of another column of the file decide: a program writes them all alike.</summary>
        public bool? DayFirstElsewhere => Dates.Values.FirstOrDefault(d => d is { Seen: > 0, Ambiguous: false, Order: DateOrder.DayFirst or DateOrder.MonthFirst }) is { } decided ? decided.Order == DateOrder.DayFirst : null;

        private bool ComparesAmounts => _id >= 0 && _value >= 0 && !AddsUp;

        public override bool LeavesOut(ColumnPlan.Values values) => false;

        public override void Write(Looked into, ColumnPlan.Values values)
        {
            foreach (var (column, dates) in Dates)
            {
                var value = values(column).Trim(" \t"u8);
                dates.Add(value);
                if (value.IsEmpty || Doubts.ContainsKey(column) || !DateDetection.IsDoubtful(value)) continue;
                Doubts[column] = (0, Encoding.UTF8.GetString(value));
                NowDoubtful.Add(column);
            }

            if (ComparesAmounts) CompareAmounts(values);
        }

        /// <summary>Rows are of one order as <see cref="RecordRow.IsContinuedBy"/> takes them together.</summary>
        private void CompareAmounts(ColumnPlan.Values values)
        {
            var amount = Amount(values(_value));
            if (!IsContinued(values)) _order = (Value(values, _id).ToArray(), Value(values, _time).ToArray(), Value(values, _status).ToArray(), amount);
            else if (_order.Amount is not { } first) _order.Amount = amount;
            else AddsUp |= amount is { } next && next != first;
        }

        private bool IsContinued(ColumnPlan.Values values)
        {
            if (!Value(values, _id).SequenceEqual(_order.Id) || _order.Id.Length == 0) return false;
            if (Value(values, _time).IsEmpty) return true;
            return !Value(values, _product).IsEmpty && Value(values, _time).SequenceEqual(_order.Time) && (Value(values, _status).IsEmpty || Value(values, _status).SequenceEqual(_order.Status));
        }

        private static ReadOnlySpan<byte> Value(ColumnPlan.Values values, int column) => column < 0 ? [] : values(column).Trim(" \t"u8);

        private decimal? Amount(ReadOnlySpan<byte> text)
        {
            Span<byte> number = stackalloc byte[48];
            return _numbers.TryWrite(text.Trim(" \t"u8), number, out var written) && decimal.TryParse(number[..written], NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) ? amount : null;
        }
    }
}
