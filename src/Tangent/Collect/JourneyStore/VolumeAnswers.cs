using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    private const int MostBuckets = 4000;

    public Asked<TouchpointsAnswer> Ask(TouchpointsQuestion question)
    {
        if (question.Bucket is not (null or "day" or "week" or "month")) return new Refusal("bucket", T("Collect.Refusal.Bucket"));
        if (ScopeOf(question.Filter, out var refusal) is not { } scope) return refusal!;
        var engine = new Engine.TouchpointsQuestion { TouchpointOfSignature = scope.OfSignature, Filter = scope.Filter };
        var answer = engine.Ask(scope.View);
        List<DateOnly> days = [];
        if (question.Bucket is { } bucket && answer.Touchpoints.Length > 0)
        {
            days = Buckets(bucket, question.Filter, answer.Touchpoints);
            if (days.Count > MostBuckets || days.Count * (long)scope.Touchpoints.Count > Engine.TouchpointsQuestion.MaxCells / 2)
                return new Refusal("bucket", T("Collect.Refusal.Buckets", days.Count));
            answer = (engine with { BucketBoundsMs = [.. days.Select(StartOf), StartOf(Next(bucket, days[^1]))] }).Ask(scope.View);
        }

        var values = new Engine.ValuesQuestion { TouchpointOfSignature = scope.OfSignature, Filter = scope.Filter, Rates = Rates() }
            .Ask(scope.View).Touchpoints.ToDictionary(v => v.Touchpoint, v => v.Value);
        return new TouchpointsAnswer(answer.Customers, answer.Events, days, [.. answer.Touchpoints.OrderByDescending(v => v.Events).Select(Volume)]);

        TouchpointVolume Volume(Engine.Volume v)
        {
            var interval = Interval.Wilson(v.Customers, answer.Customers);
            return new TouchpointVolume(
                scope.Touchpoints.Name(v.Number), scope.Touchpoints.CatalogueId(v.Number), v.Events, v.Customers, Share(v.Customers, answer.Customers), interval.Low, interval.High,
                values.GetValueOrDefault(v.Number), Utc(v.FirstMs), Utc(v.LastMs), answer.Series?.Events[v.Number] ?? [], answer.Series?.Customers[v.Number] ?? []);
        }
    }

    public Asked<CustomersAnswer> Behind(TouchpointsQuestion question, TouchpointPick pick, Paging page)
    {
        if (ScopeOf(question.Filter, out var refusal) is not { } scope) return refusal!;
        if (scope.Touchpoints.Find(pick.Name) is not { } code) return Unknown("name", pick.Name);
        var engine = new Engine.TouchpointsQuestion { TouchpointOfSignature = scope.OfSignature, Filter = scope.Filter };
        return Page(scope, engine.Customers(scope.View, code), page);
    }

    /// <summary>All signatures with their volume, the most frequent first.</summary>
    public IReadOnlyList<SignatureVolume> Signatures() => Signatures(JourneyFilter.None).Answer!.Items;

    private List<DateOnly> Buckets(string bucket, JourneyFilter filter, Engine.Volume[] volumes)
    {
        var first = filter.From is { } from ? from : DayOf(volumes.Min(v => v.FirstMs));
        var last = filter.To is { } to ? to : DayOf(volumes.Max(v => v.LastMs));
        var days = new List<DateOnly>();
        for (var day = Begin(bucket, first); day <= last && days.Count <= MostBuckets; day = Next(bucket, day)) days.Add(day);
        return days;
    }

    private static DateOnly Begin(string bucket, DateOnly day) => bucket switch
    {
        "week" => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        "month" => new DateOnly(day.Year, day.Month, 1),
        _ => day,
    };

    private static DateOnly Next(string bucket, DateOnly day) => bucket switch
    {
        "week" => day.AddDays(7),
        "month" => day.AddMonths(1),
        _ => day.AddDays(1),
    };

    private double[] Rates()
    {
        var rates = new double[256];
        var own = company.CurrentValue;
        lock (feed.Journeys.Gate)
        {
            for (var code = 0; code < feed.Journeys.Codes.CurrencyCount; code++)
            {
                // A value without a currency is taken as one in the reporting currency.
                var currency = feed.Journeys.Codes.CurrencyText(code);
                rates[code] = currency.Length == 0 || string.Equals(currency, own.ReportingCurrency, StringComparison.OrdinalIgnoreCase) ? 1 : own.Rates.GetValueOrDefault(currency);
            }
        }

        return rates;
    }
}
