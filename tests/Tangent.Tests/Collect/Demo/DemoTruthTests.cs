using System.Globalization;
using Tangent.Collect;
using Xunit.Abstractions;

namespace Tangent.Tests.Collect;

/// <summary>What the truth file states is in the events: each effect is computed again, treated against untreated, from the JSON alone.</summary>
public sealed class DemoTruthTests(DemoTruthTests.Company company, ITestOutputHelper output) : IClassFixture<DemoTruthTests.Company>
{
    public static TheoryData<string> Plants => [.. new DemoPlants(new DemoCalendar(Company.Run.End)).Truth().Select(t => t.Id)];

    [Theory]
    [MemberData(nameof(Plants))]
    public void A_planted_effect_is_found_in_the_events_in_its_size(string id)
    {
        var truth = company.Truth[id];
        var samples = company.Samples(id).ToList();
        var treated = samples.Where(s => s.Treated).Select(s => s.Outcome).ToList();
        var untreated = samples.Where(s => !s.Treated).Select(s => s.Outcome).ToList();
        treated.Count.ShouldBeGreaterThan(50);
        untreated.Count.ShouldBeGreaterThan(50);
        var effect = treated.Average() - untreated.Average();
        var error = Math.Sqrt((Variance(treated) / treated.Count) + (Variance(untreated) / untreated.Count));
        output.WriteLine($"{id}: stated {truth.Effect:+0.000;-0.000}, found {effect:+0.000;-0.000} ± {1.96 * error:0.000} (treated {treated.Count}, untreated {untreated.Count})");

        Math.Abs(effect - truth.Effect).ShouldBeLessThan((0.15 * Math.Abs(truth.Effect)) + (3.3 * error));
        if (truth.Effect != 0) (effect * Math.Sign(truth.Effect)).ShouldBeGreaterThan(3.3 * error, "The direction must be beyond doubt.");
    }

    [Theory]
    [InlineData("pickup-text-nps")]
    [InlineData("pickup-text-repurchase")]
    [InlineData("invoice-download-call")]
    public void What_is_merely_correlated_looks_like_a_cause_until_the_real_one_is_held_fixed(string id)
    {
        var raw = company.Samples(id, holdFixed: false).ToList();
        var treated = raw.Where(s => s.Treated).Select(s => s.Outcome).ToList();
        var untreated = raw.Where(s => !s.Treated).Select(s => s.Outcome).ToList();
        var error = Math.Sqrt((Variance(treated) / treated.Count) + (Variance(untreated) / untreated.Count));
        (treated.Average() - untreated.Average()).ShouldBeGreaterThan(2 * error);
    }

    private static double Variance(List<double> values)
    {
        var mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1);
    }

    public sealed class Company
    {
        internal static readonly DemoRun Run = new(20_000, 3, new DateOnly(2026, 11, 1));

        private readonly Dictionary<int, SentEvent[]> _journeys;
        private readonly Dictionary<string, Func<bool, IEnumerable<(bool, double)>>> _samples;

        public Company()
        {
            _journeys = SentEvent.All(Run).GroupBy(e => e.Customer).ToDictionary(g => g.Key, g => g.OrderBy(e => e.Time).ToArray());
            Truth = new DemoPlants(new DemoCalendar(Run.End)).Truth().ToDictionary(t => t.Id);
            _samples = new()
            {
                ["invoice-layout-call"] = _ => Contacts("Invoice sent", 14, Unclear, IsCall),
                ["invoice-layout-ces"] = _ => Answers("ces", "Invoice call", e => During(e, "invoice-layout-ces")),
                ["checkout-phone-conversion"] = _ => Contacts("Checkout started", 1, e => During(e, "checkout-phone-conversion"), Named("Order completed"), e => e["device"] == "phone"),
                ["checkout-phone-call"] = _ => Contacts("Checkout started", 7, e => During(e, "checkout-phone-call"), Named("Complaint call ended"), e => e["device"] == "phone"),
                ["checkout-phone-ces"] = _ => AnswersAfter("ces", "Checkout", "Checkout started", 0.1, e => During(e, "checkout-phone-ces"), e => e["device"] == "phone"),
                ["slow-mail-csat"] = _ => AnswersAfter("csat", "Answer by e-mail", "E-mail received", 6, e => During(e, "slow-mail-csat")),
                ["slow-mail-call"] = _ => Contacts("E-mail received", 7, e => During(e, "slow-mail-call"), Named("Complaint call ended")),
                ["slow-mail-nps"] = _ => AnswersAfter("nps", "", "E-mail answered", 90, e => double.Parse(e["waitMinutes"], CultureInfo.InvariantCulture) > 4_000),
                ["newsletter-price-conversion"] = _ => Contacts("Newsletter clicked", 7, e => e.Campaign == "helmet-week", Named("Order completed")),
                ["newsletter-offer-conversion"] = _ => Contacts("Newsletter clicked", 7, _ => true, Named("Order completed"), e => e.Campaign != "helmet-week").Concat(Weeks()),
                ["pickup-call-nps"] = _ => JobAnswers("Pick-up call made", null),
                ["pickup-call-repurchase"] = _ => JobPurchases("Pick-up call made", null),
                ["pickup-call-referral"] = _ => JobInvitations(),
                ["shop-staff-csat"] = _ => Answers("csat", "Shop visit", e => e["shop"] == "Wien"),
                ["shop-staff-nps"] = _ => AnswersAfter("nps", "", "Shop visited", 90, e => e["shop"] == "Wien"),
                ["online-booking-ces"] = _ => Answers("ces", "Online booking", _ => true).Concat(Answers("ces", "Booking by phone", _ => false)),
                ["pickup-text-nps"] = held => JobAnswers("Pick-up text sent", held ? "Pick-up call made" : null),
                ["pickup-text-repurchase"] = held => JobPurchases("Pick-up text sent", held ? "Pick-up call made" : null),
                ["invoice-download-call"] = held => Contacts("Invoice sent", 14, null, IsCall, e => !held || Unclear(e)),
                ["parcel-tracking-csat"] = _ => Deliveries(),
                ["newsletter-opened-nps"] = _ => Openers(),
                ["social-ad-conversion"] = _ => Visits("Ad clicked"),
                ["review-portal-conversion"] = _ => Visits("Reviews read"),
            };
        }

        internal Dictionary<string, DemoTruth> Truth { get; }

        public IEnumerable<(bool Treated, double Outcome)> Samples(string id, bool holdFixed = true) => _samples[id](holdFixed);

        private static Func<SentEvent, bool> Named(string name) => e => e.Name == name;

        private static bool IsCall(SentEvent e) => e.Name.EndsWith("call ended", StringComparison.Ordinal);

        private static bool IsPurchase(SentEvent e) => e.Name is "Order completed" or "Receipt printed";

        private static bool Unclear(SentEvent e) => e["layout"] == "B";

        private static DateTime End => Run.End.ToDateTime(TimeOnly.MinValue);

        private bool During(SentEvent e, string id)
        {
            var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(e.Time, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")));
            return day >= DateOnly.Parse(Truth[id].From, CultureInfo.InvariantCulture) && day <= DateOnly.Parse(Truth[id].To, CultureInfo.InvariantCulture);
        }

        /// <summary>Each contact with <paramref name="name"/>: did <paramref name="outcome"/> follow within the days? Without a treatment, looking the invoice up is one.</summary>
        private IEnumerable<(bool, double)> Contacts(string name, double days, Func<SentEvent, bool>? treated, Func<SentEvent, bool> outcome, Func<SentEvent, bool>? only = null)
        {
            foreach (var journey in _journeys.Values)
            {
                foreach (var e in journey.Where(e => e.Name == name && e.Time.AddDays(days) < End && (only is null || only(e))))
                {
                    var after = journey.Where(o => o.Time > e.Time && o.Time <= e.Time.AddDays(days)).ToList();
                    var isTreated = treated?.Invoke(e) ?? after.Any(o => o.Type == "page" && o["invoiceId"] == e["invoiceId"]);
                    yield return (isTreated, after.Any(outcome) ? 1 : 0);
                }
            }
        }

        private static IEnumerable<SentEvent> Surveys(SentEvent[] journey, string metric, string touchpoint) =>
            journey.Where(e => e.Name == "Survey answered" && e["metric"] == metric && e["touchpoint"] == touchpoint);

        private IEnumerable<(bool, double)> Answers(string metric, string touchpoint, Func<SentEvent, bool> treated) =>
            _journeys.Values.SelectMany(j => Surveys(j, metric, touchpoint)).Select(e => (treated(e), e.Score));

        /// <summary>Answers within the days after a contact, by what the contact was like.</summary>
        private IEnumerable<(bool, double)> AnswersAfter(string metric, string touchpoint, string contact, double days, Func<SentEvent, bool> treated, Func<SentEvent, bool>? only = null)
        {
            foreach (var journey in _journeys.Values)
            {
                foreach (var answer in Surveys(journey, metric, touchpoint))
                {
                    var before = journey.LastOrDefault(e => e.Name == contact && e.Time < answer.Time && e.Time > answer.Time.AddDays(-days));
                    if (before is not null && (only is null || only(before))) yield return (treated(before), answer.Score);
                }
            }
        }

        private IEnumerable<(SentEvent[] Journey, SentEvent PickUp, bool Treated)> Jobs(string contact, string? without)
        {
            foreach (var journey in _journeys.Values)
            {
                foreach (var pickUp in journey.Where(e => e.Name == "Bike picked up"))
                {
                    var job = journey.Where(e => e["jobId"] == pickUp["jobId"]).Select(e => e.Name).ToList();
                    if (without is null || !job.Contains(without)) yield return (journey, pickUp, job.Contains(contact));
                }
            }
        }

        /// <summary>NPS answers of people who had a bicycle in the workshop lately, by whether they had the contact.</summary>
        private IEnumerable<(bool, double)> JobAnswers(string contact, string? without)
        {
            foreach (var journey in _journeys.Values)
            {
                foreach (var answer in Surveys(journey, "nps", ""))
                {
                    bool Lately(string name, int days) => journey.Any(e => e.Name == name && e.Time < answer.Time && e.Time > answer.Time.AddDays(-days));
                    if (Lately("Bike picked up", 80) && (without is null || !Lately(without, 90))) yield return (Lately(contact, 90), answer.Score);
                }
            }
        }

        private IEnumerable<(bool, double)> JobPurchases(string contact, string? without) =>
            from job in Jobs(contact, without)
            where job.PickUp.Time.AddDays(DemoPlants.RepurchaseDays) < End
            select (job.Treated, job.Journey.Any(e => IsPurchase(e) && e.Time > job.PickUp.Time && e.Time < job.PickUp.Time.AddDays(DemoPlants.RepurchaseDays)) ? 1.0 : 0);

        /// <summary>Workshop jobs, by whether there was a call when the bicycle was ready: is a friend invited within the days after the call, or after the pick-up without one?</summary>
        private IEnumerable<(bool, double)> JobInvitations() =>
            from job in Jobs("Pick-up call made", null)
            let ready = job.Treated ? job.Journey.First(e => e.Name == "Pick-up call made" && e["jobId"] == job.PickUp["jobId"]).Time : job.PickUp.Time
            where ready.AddDays(DemoPlants.InviteDays) < End
            select (job.Treated, job.Journey.Any(e => e.Name == "Friend invited" && e.Time > ready && e.Time < ready.AddDays(DemoPlants.InviteDays)) ? 1.0 : 0);

        private IEnumerable<(bool, double)> Deliveries() =>
            from journey in _journeys.Values
            from answer in Surveys(journey, "csat", "Parcel delivery")
            let parcel = journey.Last(e => e.Name == "Parcel delivered" && e.Time < answer.Time)
            select (journey.Any(e => e.Name == "Tracking viewed" && e["orderId"] == parcel["orderId"]), answer.Score);

        private IEnumerable<(bool, double)> Openers() =>
            from journey in _journeys.Values
            from answer in Surveys(journey, "nps", "")
            select (journey.Any(e => e.Name == "Newsletter opened" && e.Time < answer.Time && e.Time > answer.Time.AddDays(-90)), answer.Score);

        private IEnumerable<(bool, double)> Visits(string start)
        {
            foreach (var journey in _journeys.Values)
            {
                var last = DateTime.MinValue;
                foreach (var e in journey.Where(e => e.Source == 0 && e.Type != "identify"))
                {
                    var begins = e.Time > last.AddMinutes(30) && (e.Name is "Ad clicked" or "Reviews read" || e.Path == "/" || e.Campaign == "search-brand");
                    last = e.Time;
                    if (begins && e.Time.AddDays(7) < End)
                        yield return (e.Name == start, journey.Any(o => o.Name == "Order completed" && o.Time > e.Time && o.Time < e.Time.AddDays(7)) ? 1 : 0);
                }
            }
        }

        /// <summary>A week of each customer's life without a click, for comparison.</summary>
        private IEnumerable<(bool, double)> Weeks()
        {
            foreach (var (customer, journey) in _journeys.Where(j => j.Value.Any(e => e.Name == "Newsletter opened")))
            {
                var from = End.AddDays(-30 - (customer % 300));
                if (!journey.Any(e => e.Name == "Newsletter clicked" && e.Time > from.AddDays(-5) && e.Time < from.AddDays(7)))
                    yield return (false, journey.Any(e => e.Name == "Order completed" && e.Time > from && e.Time < from.AddDays(7)) ? 1 : 0);
            }
        }
    }
}
