namespace Tangent.Engine;

/// <summary>Which rows of which layers make the new base, in its order. Neighbouring runs of one layer are copied as one piece.</summary>
internal sealed unsafe class CompactionPlan
{
    private readonly List<Piece> pieces = [];
    private readonly int[] starts;

    private CompactionPlan(int customers) => starts = new int[customers + 1];

    public int Events { get; private set; }

    public static CompactionPlan Of(Layer[] layers, int customers)
    {
        var plan = new CompactionPlan(customers);
        var sizes = 0;
        foreach (var layer in layers.AsSpan(1)) sizes += layer.Segment.Runs;
        var moved = new int[sizes];
        var places = new (int Layer, int Run)[sizes];
        var count = 0;
        for (var index = 1; index < layers.Length; index++)
            for (var run = 0; run < layers[index].Segment.Runs; run++)
            {
                if (Bitmap.Has(layers[index].Hidden, run)) continue;
                moved[count] = layers[index].Segment.Customers[run];
                places[count++] = (index, run);
            }

        Array.Sort(moved, places, 0, count);
        var oldBase = layers[0].Segment;
        for (int customer = 0, next = 0; customer < customers; customer++)
        {
            if (next < count && moved[next] == customer)
            {
                plan.Add(layers[places[next].Layer].Segment, places[next].Run);
                next++;
            }
            else if (customer < oldBase.Runs && !Bitmap.Has(layers[0].Hidden, customer)) plan.Add(oldBase, customer);

            plan.starts[customer + 1] = plan.Events;
        }

        return plan;
    }

    /// <summary>Writes the new base, its columns side by side on all processors.</summary>
    public Action<Segment> Fill(int[] customerOf) => segment =>
    {
        starts.CopyTo(new Span<int>(segment.Starts, starts.Length));
        customerOf.CopyTo(new Span<int>(segment.Assignments, customerOf.Length));
        Parallel.For(0, 5 + segment.PropertyColumns, column =>
        {
            if (column == 0) FillValues(segment);
            else
                foreach (var piece in pieces) piece.CopyColumn(segment, column);
        });
    };

    /// <summary>How many events have a value, or a currency without one.</summary>
    public int CountValued()
    {
        long valued = 0;
        Parallel.ForEach(pieces, () => 0L, (piece, _, count) => count + piece.CountValued(), count => Interlocked.Add(ref valued, count));
        return (int)valued;
    }

    private void FillValues(Segment segment)
    {
        var next = 0;
        foreach (var piece in pieces) next = piece.CopyValued(segment, next);
    }

    private void Add(Segment segment, int run)
    {
        int from = segment.Starts[run], rows = segment.Starts[run + 1] - from;
        if (rows == 0) return;
        if (pieces.Count > 0 && pieces[^1] is var last && last.From == segment && last.FromRow + last.Rows == from)
            pieces[^1] = last with { Rows = last.Rows + rows };
        else
            pieces.Add(new Piece(segment, from, Events, rows));
        var events = (long)Events + rows;
        if (events > 2_147_000_000) throw new InvalidOperationException("A base holds at most 2,147,000,000 events.");
        Events = (int)events;
    }

    private readonly record struct Piece(Segment From, int FromRow, int ToRow, int Rows)
    {
        public void CopyColumn(Segment to, int column)
        {
            switch (column)
            {
                case 1: Segment.Copy(From.Times, FromRow, to.Times, ToRow, Rows); break;
                case 2: Segment.Copy(From.Positions, FromRow, to.Positions, ToRow, Rows); break;
                case 3: Segment.Copy(From.Identities, FromRow, to.Identities, ToRow, Rows); break;
                case 4: Segment.Copy(From.Signatures, FromRow, to.Signatures, ToRow, Rows); break;
                default: Segment.Copy(From.Property(column - 5), FromRow, to.Property(column - 5), ToRow, Rows); break;
            }
        }

        public int CountValued()
        {
            if (From.ValuedRows is not null) return From.FirstValued(FromRow + Rows) - From.FirstValued(FromRow);
            var count = 0;
            for (var row = FromRow; row < FromRow + Rows; row++) count += IsValued(row) ? 1 : 0;
            return count;
        }

        public int CopyValued(Segment to, int next)
        {
            if (From.ValuedRows is null)
            {
                for (var row = FromRow; row < FromRow + Rows; row++)
                    if (IsValued(row)) Put(to, next++, row, row);
                return next;
            }

            for (var at = From.FirstValued(FromRow); at < From.Layout.Valued && From.ValuedRows[at] < FromRow + Rows; at++) Put(to, next++, From.ValuedRows[at], at);
            return next;
        }

        private bool IsValued(int row) => From.Values[row] != 0 || From.Currencies[row] != 0;

        private void Put(Segment to, int place, int row, int at)
        {
            to.ValuedRows[place] = row - FromRow + ToRow;
            to.Values[place] = From.Values[at];
            to.Currencies[place] = From.Currencies[at];
        }
    }
}
