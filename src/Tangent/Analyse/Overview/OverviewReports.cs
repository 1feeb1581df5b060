using System.Globalization;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>Puts the overview together from the journeys.</summary>
internal sealed class OverviewReports(JourneyStore journeys, TouchpointCatalogue catalogue, TimeZoneInfo zone)
{
    private const int TrendDays = 91;
    private const int MostTouchpoints = 10;
    private const int MostSignatures = 5;

    private readonly Marks _marks = new(catalogue);

    public Asked<OverviewReport> Of(JourneyFilter filter, int days)
    {
        var everything = filter with { From = null, To = null };
        return Volumes(everything, null).Then(all => all.Items.Count == 0
            ? new Refusal("filter", T("Analyse.Overview.Nothing"))
            : Of(filter, everything, days, all));
    }

    private Asked<OverviewReport> Of(JourneyFilter filter, JourneyFilter everything, int days, TouchpointsAnswer all)
    {
        var (first, last) = (Local(all.Items.Min(t => t.First)), Local(all.Items.Max(t => t.Last)));
        var to = filter.To ?? DateOnly.FromDateTime(last);
        var period = new Period(filter.From ?? to.AddDays(1 - days), to);
        if (period.Days < 1) return new Refusal("from", T("Analyse.Overview.NoDays", Figures.Date(DateOnly.FromDateTime(last))));
        Period? before = period.Preceding().From >= DateOnly.FromDateTime(first) ? period.Preceding() : null;
        return Volumes(everything, period).Then(now => (before is null ? (Asked<TouchpointsAnswer>)new TouchpointsAnswer(0, 0, [], []) : Volumes(everything, before)).Then(then =>
            Volumes(everything, new Period(to.AddDays(1 - TrendDays), to), "day").Map(trend => new OverviewReport(
                period, before, Compare(now.Events, then.Events, before), Compare(now.Customers, then.Customers, before), EventsAddress.Everybody(In(everything, period)),
                last, Math.Max(0, (DateTime.UtcNow - all.Items.Max(t => t.Last)).TotalSeconds),
                Trend(trend, everything), Changes(everything, period, before, now, then), LossesOf(In(everything, period)), UnmappedOf(In(everything, period))))));
    }

    private Asked<TouchpointsAnswer> Volumes(JourneyFilter everything, Period? period, string? bucket = null) =>
        journeys.Ask(new TouchpointsQuestion(bucket, In(everything, period)));

    private static JourneyFilter In(JourneyFilter everything, Period? period) => everything with { From = period?.From, To = period?.To };

    private static Change Compare(long now, long then, Period? before) => new(now, before is null ? null : then);

    private static SeriesChart Trend(TouchpointsAnswer answer, JourneyFilter everything)
    {
        var events = new double[answer.Buckets.Count];
        foreach (var item in answer.Items)
            for (var i = 0; i < events.Length; i++) events[i] += item.EventSeries[i];
        return new SeriesChart(
            "line", [.. answer.Buckets.Select(b => b.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))],
            [new Series(T("Analyse.Events"), events, null, [.. answer.Buckets.Select(day => EventsAddress.Everybody(In(everything, new Period(day, day))))])], T("Analyse.Unit.Events"));
    }

    private List<TouchpointChange> Changes(JourneyFilter everything, Period period, Period? before, TouchpointsAnswer now, TouchpointsAnswer then)
    {
        var earlier = then.Items.ToDictionary(t => t.Name, StringComparer.Ordinal);
        var here = now.Items.ToDictionary(t => t.Name, StringComparer.Ordinal);
        return [.. here.Keys.Union(earlier.Keys, StringComparer.Ordinal).Select(name =>
        {
            var (a, b) = (here.GetValueOrDefault(name), earlier.GetValueOrDefault(name));
            var reach = Compare(a?.Customers ?? 0, b?.Customers ?? 0, before);
            return new TouchpointChange(
                _marks.Of(name), Compare(a?.Events ?? 0, b?.Events ?? 0, before), reach,
                Counted(everything, period, name, reach.Now), before is null ? null : Counted(everything, before, name, reach.Before ?? 0));
        }).OrderByDescending(c => Math.Abs(c.Reach.Distance)).ThenByDescending(c => c.Reach.Now).Take(MostTouchpoints)];
    }

    private static Count Counted(JourneyFilter everything, Period? period, string name, long customers) =>
        new(customers, VolumesAddress.Behind(new TouchpointsQuestion(null, In(everything, period)), new TouchpointPick(name)).ToString());

    private Losses? LossesOf(JourneyFilter filter)
    {
        if (DefaultFunnel.Propose(journeys, catalogue, filter) is not { Steps.Count: > 1 } question || journeys.Ask(question).Answer is not { } answer) return null;
        var steps = FunnelReports.Of(question, answer, false, _marks).Rows;
        List<Loss> losses = [.. steps.Zip(steps.Skip(1), (from, to) => new Loss(from.Touchpoint, to.Touchpoint, from.Reached, from.Lost!))];
        // Of a handful of customers a share says nothing.
        var worst = Enumerable.Range(0, losses.Count).Where(i => losses[i].Reached.Customers >= Figures.Enough && losses[i].Lost.Customers > 0)
            .Select(i => (int?)i).MaxBy(i => (double)losses[i!.Value].Lost.Customers / losses[i.Value].Reached.Customers);
        return new Losses(FunnelAddress.Of(question).ToString(), question.Window.TotalSeconds, losses, worst);
    }

    private Unmapped UnmappedOf(JourneyFilter filter)
    {
        var signatures = journeys.Signatures(filter).Answer?.Items ?? [];
        List<SignatureVolume> unmapped = [.. signatures.Where(s => !s.Mapped).OrderByDescending(s => s.Events)];
        return new Unmapped(unmapped.Count, unmapped.Sum(s => s.Events), signatures.Sum(s => s.Events), [.. unmapped.Take(MostSignatures).Select(s => new UnmappedSignature(
            s.Signature, s.Events, new Count(s.Customers, EventsAddress.Of(EventsAddress.Of(s.Signature, filter)).Customers().ToString())))]);
    }

    private DateTime Local(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), zone);
}
