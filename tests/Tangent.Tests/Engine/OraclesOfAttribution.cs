using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>A path written out: what happened before a conversion, or before nothing.</summary>
internal sealed record PlainPath(int Customer, List<PlainTouch> Touches, bool Converted, double Value, long At);

internal sealed record PlainTouch(int Touchpoint, bool HasSource, long Ms);

/// <summary>Attribution the slow way: every path is written out, equations are solved by elimination on a full matrix, Shapley's value by all orders.</summary>
internal static class OraclesOfAttribution
{
    public static List<PlainPath> Paths(AttributionQuestion q, Model model)
    {
        var paths = new List<PlainPath>();
        // A conversion needs no touchpoint: for the journeys it gets one that nothing else has.
        const ushort conversion = 60_000;
        ushort[] touchpoints = [.. Enumerable.Range(0, Given.Signatures).Select(s =>
            s < q.ConversionOfSignature.Length && q.ConversionOfSignature[s] ? conversion : s < q.TouchpointOfSignature.Length ? q.TouchpointOfSignature[s] : Code.None)];
        foreach (var journey in model.Journeys(touchpoints, q.Filter))
        {
            var open = new List<ModelStep>();
            foreach (var step in journey.Steps)
            {
                if (step.Touchpoint != conversion)
                {
                    open.Add(step);
                    continue;
                }

                Close(open.Where(s => step.Ms - s.Ms > q.LookbackMs), null);
                Close(open.Where(s => step.Ms - s.Ms <= q.LookbackMs), step);
                open.Clear();
            }

            Close(open, null);

            void Close(IEnumerable<ModelStep> steps, ModelStep? end)
            {
                var touches = steps.Select(s => new PlainTouch(s.Touchpoint, HasSource(q, s), s.Ms)).ToList();
                var worth = end is null ? 0 : end.Source.Event.Value * (q.Rates?[end.Source.Event.Currency] ?? 0);
                if (end is null && touches.Count == 0) return;
                if (touches.Count == 0) touches.Add(new PlainTouch(Direct(q), false, end!.Ms));
                paths.Add(new PlainPath(journey.Customer, touches, end is not null, worth, end?.Ms ?? 0));
            }
        }

        return paths;
    }

    public static int Direct(AttributionQuestion q) => q.TouchpointOfSignature
        .Where((code, s) => code != Code.None && !(s < q.ConversionOfSignature.Length && q.ConversionOfSignature[s])).Select(code => code + 1).DefaultIfEmpty(0).Max();

    /// <summary>Credit in conversions and value by touchpoint.</summary>
    public static (double[] Conversions, double[] Value) Credit(AttributionModels model, List<PlainPath> paths, int touchpoints, double halfLifeMs = 1)
    {
        var (conversions, value) = (new double[touchpoints], new double[touchpoints]);
        foreach (var path in paths.Where(p => p.Converted))
        {
            var shares = Shares(model, path, halfLifeMs);
            for (var i = 0; i < shares.Length; i++)
            {
                conversions[path.Touches[i].Touchpoint] += shares[i];
                value[path.Touches[i].Touchpoint] += shares[i] * path.Value;
            }
        }

        return (conversions, value);
    }

    private static double[] Shares(AttributionModels model, PlainPath path, double halfLifeMs)
    {
        var n = path.Touches.Count;
        var shares = new double[n];
        switch (model)
        {
            case AttributionModels.First: shares[0] = 1; break;
            case AttributionModels.Last: shares[n - 1] = 1; break;
            case AttributionModels.LastWithSource: shares[path.Touches.FindLastIndex(t => t.HasSource) is >= 0 and var at ? at : n - 1] = 1; break;
            case AttributionModels.Linear: Array.Fill(shares, 1.0 / n); break;
            case AttributionModels.PositionBased when n <= 2: Array.Fill(shares, 1.0 / n); break;
            case AttributionModels.PositionBased:
                Array.Fill(shares, 0.2 / (n - 2));
                shares[0] = shares[n - 1] = 0.4;
                break;
            case AttributionModels.TimeDecay:
                // Only ratios matter: none may vanish because all are far from the conversion.
                var ages = path.Touches.Select(t => (path.At - t.Ms) / halfLifeMs).ToArray();
                var weights = ages.Select(age => Math.Pow(2, ages.Min() - age)).ToArray();
                return [.. weights.Select(w => w / weights.Sum())];
            default: throw new ArgumentOutOfRangeException(nameof(model));
        }

        return shares;
    }

    /// <summary>Removal effects: the conversion probability by elimination on the full matrix, once with everything and once without each touchpoint.</summary>
    public static (double[] Effects, double[] ValueEffects) Markov(List<PlainPath> paths, int touchpoints, int order)
    {
        var number = new Dictionary<string, int>();
        var last = new List<int>();
        var transitions = new Dictionary<(int From, int To), (double Count, double Value)>();
        foreach (var path in paths)
        {
            var state = State([]);
            for (var i = 0; i < path.Touches.Count; i++)
            {
                var next = State([.. path.Touches.Skip(Math.Max(0, i + 1 - order)).Take(Math.Min(order, i + 1)).Select(t => t.Touchpoint)]);
                Count(state, next, 0);
                state = next;
            }

            Count(state, path.Converted ? -2 : -1, path.Value);
        }

        var whole = Solve(null);
        var without = Enumerable.Range(0, touchpoints).Select(x => Solve(x)).ToArray();
        return ([.. without.Select(w => whole.Conversion == 0 ? 0 : 1 - w.Conversion / whole.Conversion)],
            [.. without.Select(w => whole.Value == 0 ? 0 : 1 - w.Value / whole.Value)]);

        int State(List<int> touches)
        {
            var key = string.Join('>', touches);
            if (number.TryGetValue(key, out var known)) return known;
            number.Add(key, last.Count);
            last.Add(touches.Count == 0 ? -1 : touches[^1]);
            return last.Count - 1;
        }

        void Count(int from, int to, double worth) =>
            transitions[(from, to)] = transitions.TryGetValue((from, to), out var known) ? (known.Count + 1, known.Value + worth) : (1, worth);

        (double Conversion, double Value) Solve(int? removed)
        {
            var n = last.Count;
            if (n == 0) return (0, 0);
            var outgoing = new double[n];
            foreach (var ((from, _), counted) in transitions) outgoing[from] += counted.Count;
            var matrix = new double[n, n + 2];
            for (var s = 0; s < n; s++) matrix[s, s] = 1;
            foreach (var ((from, to), counted) in transitions)
            {
                // A state that ends in what is taken out leads nowhere.
                if (removed is { } x && last[from] == x) continue;
                if (to >= 0) matrix[from, to] -= counted.Count / outgoing[from];
                if (to == -2) (matrix[from, n], matrix[from, n + 1]) = (counted.Count / outgoing[from], counted.Value / outgoing[from]);
            }

            return Eliminate(matrix, n);
        }
    }

    private static (double, double) Eliminate(double[,] a, int n)
    {
        for (var column = 0; column < n; column++)
        {
            var pivot = Enumerable.Range(column, n - column).MaxBy(row => Math.Abs(a[row, column]));
            for (var k = 0; k < n + 2; k++) (a[column, k], a[pivot, k]) = (a[pivot, k], a[column, k]);
            for (var row = 0; row < n; row++)
            {
                if (row == column || a[row, column] == 0) continue;
                var factor = a[row, column] / a[column, column];
                for (var k = column; k < n + 2; k++) a[row, k] -= factor * a[column, k];
            }
        }

        return (a[0, n] / a[0, 0], a[0, n + 1] / a[0, 0]);
    }

    /// <summary>Shapley's value as it is defined: what each touchpoint adds when it joins, over all orders of joining.</summary>
    public static double[] Shapley(List<(int[] Set, double Conversions)> paths, int touchpoints)
    {
        var credit = new double[touchpoints];
        var orders = 0;
        foreach (var order in Orders([.. Enumerable.Range(0, touchpoints)]))
        {
            orders++;
            var joined = new HashSet<int>();
            foreach (var touchpoint in order)
            {
                var before = Worth();
                joined.Add(touchpoint);
                credit[touchpoint] += Worth() - before;
            }

            double Worth() => paths.Where(p => p.Set.All(joined.Contains)).Sum(p => p.Conversions);
        }

        return [.. credit.Select(c => c / orders)];
    }

    private static IEnumerable<int[]> Orders(int[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany(first => Orders([.. items.Where(i => i != first)]).Select(rest => (int[])[first, .. rest]));

    private static bool HasSource(AttributionQuestion q, ModelStep step) =>
        (q.SourceOfSignature is { } sources && step.Source.Event.Signature < sources.Length && sources[step.Source.Event.Signature])
        || (q.SourceColumn is { } column && step.Source.Properties[column] > q.NoSource);
}
