using AggregatedPaths = Tangent.Engine.AggregatedPaths;
using AttributionModels = Tangent.Engine.AttributionModels;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    private const string ReferrerProperty = "referrer";

    public Asked<AttributionAnswer> Ask(AttributionQuestion question)
    {
        if (Prepare(question, out var scope, out var engine, out var names) is { } refusal) return refusal;
        var answer = engine.Ask(scope.View);
        return Attributions.Of(answer, code => code == answer.Direct ? AttributionQuestion.Direct : names[code], answer.Customers, engine.Customers(scope.View, null).Total);
    }

    public Asked<CustomersAnswer> Behind(AttributionQuestion question, AttributionPick pick, Paging page)
    {
        if (Prepare(question, out var scope, out var engine, out var names) is { } refusal) return refusal;
        int? code = null;
        if (pick.Name == AttributionQuestion.Direct) code = engine.DirectOn(scope.View);
        else if (pick.Name is { } name)
        {
            code = names.FindIndex(n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase));
            if (code < 0) return question.By == AttributionUnit.Touchpoint ? Unknown("at", name) : new Refusal("at", T("Collect.Refusal.NoUnit", name));
        }

        return Page(scope, engine.Customers(scope.View, code), page);
    }

    /// <summary>Attribution of the paths of a file that lies on the disk.</summary>
    public static Asked<AttributionAnswer> Ask(PathsFileQuestion question, string file, CancellationToken ct)
    {
        if (question.Order is < 1 or > 3) return new Refusal("order", T("Collect.Refusal.Order"));
        var rows = new PathsFile(file, question);
        var paths = new AggregatedPaths(question.Order);
        var codes = new Dictionary<string, int>(StringComparer.Ordinal);
        var names = new List<string>();
        var touchpoints = new List<int>();
        foreach (var row in rows.Rows())
        {
            ct.ThrowIfCancellationRequested();
            touchpoints.Clear();
            var sourced = row.Touchpoints.Count - 1;
            for (var at = 0; at < row.Touchpoints.Count; at++)
            {
                var name = row.Touchpoints[at];
                if (codes.TryAdd(name, names.Count)) names.Add(name);
                touchpoints.Add(codes[name]);
            }

            if (names.Count > AggregatedPaths.MostTouchpoints) return new Refusal("file", T("Collect.PathsFile.Touchpoints", AggregatedPaths.MostTouchpoints));
            while (sourced > 0 && HasNoSource(row.Touchpoints[sourced])) sourced--;
            if (HasNoSource(row.Touchpoints[sourced])) sourced = row.Touchpoints.Count - 1;
            paths.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(touchpoints), row.Conversions, row.Value, row.Lost, sourced);
        }

        return rows.Refusal is { } refusal ? refusal : Attributions.Of(paths.Ask(ct), code => names[code], null, null);
    }

    // A file says where a visit came from by the touchpoint's name only.
    private static bool HasNoSource(string name) => name.Trim('(', ')').ToUpperInvariant() is "DIRECT" or "NONE";

    private Refusal? Prepare(AttributionQuestion question, out Scope scope, out Engine.AttributionQuestion engine, out List<string> names)
    {
        (scope, engine, names) = (default, null!, []);
        if (question.Conversions.Count is 0 or > AttributionQuestion.MostConversions) return new Refusal("conversion", T("Collect.Refusal.Conversions", AttributionQuestion.MostConversions));
        if (question.Lookback <= TimeSpan.Zero || question.Lookback > TimeSpan.FromDays(3660)) return new Refusal("lookback", T("Collect.Refusal.Window"));
        if (question.HalfLife <= TimeSpan.Zero || question.HalfLife > TimeSpan.FromDays(3660)) return new Refusal("halfLife", T("Collect.Refusal.Window"));
        if (question.Order is < 1 or > 3) return new Refusal("order", T("Collect.Refusal.Order"));
        if (ScopeOf(question.Filter, out var refusal) is not { } found) return refusal;
        scope = found;
        var conversions = new HashSet<ushort>();
        foreach (var name in question.Conversions)
        {
            if (found.Touchpoints.Find(name) is not { } code) return Unknown("conversion", name);
            conversions.Add(code);
        }

        var referrer = Column(ReferrerProperty);
        var units = UnitsOf(question.By, found.Touchpoints, names);
        if (names.Count >= AggregatedPaths.MostTouchpoints) return new Refusal("by", T("Collect.PathsFile.Touchpoints", AggregatedPaths.MostTouchpoints));
        engine = new Engine.AttributionQuestion
        {
            TouchpointOfSignature = units,
            ConversionOfSignature = [.. found.OfSignature.Select(conversions.Contains)],
            Filter = found.Filter,
            LookbackMs = (long)question.Lookback.TotalMilliseconds,
            HalfLifeMs = (long)question.HalfLife.TotalMilliseconds,
            MarkovOrder = question.Order,
            Rates = Rates(),
            SourceOfSignature = [.. found.Touchpoints.Signatures.Select(s => s.Campaign.Length > 0)],
            SourceColumn = referrer < 0 ? null : referrer,
            NoSource = EventCodes.Absent,
        };
        return null;
    }

    /// <summary>What of each signature gets the credit, and the names of these by code.</summary>
    private static ushort[] UnitsOf(AttributionUnit by, TouchpointTable touchpoints, List<string> names)
    {
        if (by == AttributionUnit.Touchpoint)
        {
            names.AddRange(Enumerable.Range(0, touchpoints.Count).Select(c => touchpoints.Name((ushort)c)));
            return touchpoints.OfSignature;
        }

        var codes = new Dictionary<string, ushort>(StringComparer.OrdinalIgnoreCase);
        var units = new ushort[touchpoints.Signatures.Count];
        for (var s = 0; s < units.Length; s++)
        {
            var name = by == AttributionUnit.Channel ? touchpoints.Channels[s] : touchpoints.Signatures[s].Campaign;
            if (name.Length == 0) name = AttributionQuestion.None;
            if (codes.TryAdd(name, (ushort)names.Count)) names.Add(name);
            units[s] = codes[name];
        }

        return units;
    }
}

/// <summary>The engine's arrays by code as lists by name.</summary>
internal static class Attributions
{
    private static readonly (AttributionModels Model, string Name)[] Names =
    [
        (AttributionModels.First, AttributionModel.First), (AttributionModels.Last, AttributionModel.Last), (AttributionModels.LastWithSource, AttributionModel.LastWithSource),
        (AttributionModels.Linear, AttributionModel.Linear), (AttributionModels.PositionBased, AttributionModel.PositionBased), (AttributionModels.TimeDecay, AttributionModel.TimeDecay),
        (AttributionModels.Markov, AttributionModel.Markov), (AttributionModels.Shapley, AttributionModel.Shapley),
    ];

    public static AttributionAnswer Of(Engine.AttributionAnswer answer, Func<int, string> name, long? customers, long? converters)
    {
        var reach = answer.Reach!;
        int[] listed = [.. Enumerable.Range(0, reach.Length).Where(code => reach[code].Conversions + reach[code].Lost > 0)];
        var models = Names.Where(m => answer.Models.ContainsKey(m.Model)).ToDictionary(m => m.Name, m => Credits(answer, m.Model, listed, name));
        return new AttributionAnswer(
            customers, converters, answer.Conversions, Finite(answer.Value), answer.LostPaths, models,
            [.. listed.Select(code => new AttributionReach(name(code), converters is null ? null : reach[code].Converters, reach[code].Conversions, reach[code].Lost))
                .OrderByDescending(r => r.Conversions).ThenBy(r => r.Name, StringComparer.Ordinal)],
            new AttributionChain(answer.Markov!.Order, answer.Markov.States, answer.Markov.Transitions, answer.Markov.Residual));
    }

    private static IReadOnlyList<AttributionCredit> Credits(Engine.AttributionAnswer answer, AttributionModels model, int[] listed, Func<int, string> name)
    {
        var credits = answer.Models[model];
        return [.. listed.Select(code => new AttributionCredit(
                name(code), credits.Conversions[code], Finite(credits.Value[code]), model == AttributionModels.Markov ? answer.Markov!.Effects[code] : null))
            .OrderByDescending(c => c.Conversions).ThenBy(c => c.Name, StringComparer.Ordinal)];
    }

    // Values near the largest number there is can add up to more than one; JSON has no word for it.
    private static double Finite(double value) => double.IsFinite(value) ? value : double.IsNaN(value) ? 0 : Math.CopySign(double.MaxValue, value);
}
