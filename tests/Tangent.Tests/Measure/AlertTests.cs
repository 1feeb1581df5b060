using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Measure;
using Tangent.Tests.Analyse;
using Tangent.Tests.Collect;
using Tangent.Tests.Mail;
using Xunit.Abstractions;

namespace Tangent.Tests.Measure;

/// <summary>Alerts: what is wrong is told once, and what is merely chance hardly ever.</summary>
public sealed class AlertTests(ITestOutputHelper output)
{
    private const string Alerts = "/api/v1/measure/alerts";
    private static readonly DateOnly Start = new(2025, 1, 1);

    [SdkTheory]
    [InlineData("anna@firma.example")]
    public async Task A_fall_and_a_silence_are_told_by_one_letter_taken_note_of_and_over_when_their_cause_is(string to)
    {
        await using var mail = new MailServer();
        await using var server = await TestServer.StartAsync(true, null, mail.Settings("None", "--Mail:PublicAddress=https://tangent.firma.example/"));
        (await server.Http.PatchAsJsonAsync("/api/v1/operate/settings", new Dictionary<string, string> { ["Alerts:Recipients"] = "no address" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.PatchAsJsonAsync("/api/v1/operate/settings", new Dictionary<string, string> { ["Alerts:Recipients"] = to })).EnsureSuccessStatusCode();
        (await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "Delivery", channel = "Parcel", stage = "Conversion" })).EnsureSuccessStatusCode();
        // A scan that came every day until six days ago, one that still does, and answers that were good and are bad now.
        var events = new List<object>();
        for (var day = 100; day >= 1; day--)
        {
            if (day > 6) events.AddRange(Enumerable.Range(0, 8).Select(n => Event($"c{n}", "Parcel scanned", day, null)));
            events.AddRange(Enumerable.Range(0, 8).Select(n => Event($"c{n}", "Parcel sent", day, null)));
            if (day is < 50 and > 7) events.AddRange(Enumerable.Range(0, 3).Select(n => Event($"d{day}-{n}", "Survey answered", day, day <= 28 ? 1 : 5)));
        }

        await Shop.AppendAsync(server, [.. events]);
        await server.Get<FeedbackFeed>().WaitUntilCurrentAsync(CancellationToken.None);
        await server.Get<FeedbackFeed>().WaitUntilKeptAsync(server.Get<Tangent.Collect.EventLog>().EndPosition, CancellationToken.None);

        (await CheckAsync(server)).ShouldBe(2);
        var items = await ListAsync(server);
        items.Select(i => (i.GetProperty("kind").GetString(), i.GetProperty("touchpoint").GetString())).ShouldBe([("fell", "Delivery"), ("stopped", "Parcel scanned")], ignoreOrder: true);
        var fell = items.Single(i => i.GetProperty("kind").GetString() == "fell");
        (fell.GetProperty("now").GetDouble(), fell.GetProperty("usual").GetDouble(), fell.GetProperty("metric").GetString()).ShouldBe((0, 1, "csat"));
        var silence = items.Single(i => i.GetProperty("kind").GetString() == "stopped");
        silence.GetProperty("now").GetDouble().ShouldBe(6);
        silence.GetProperty("usual").GetDouble().ShouldBe(48, 1e-9);
        foreach (var (alert, behind) in new[] { (fell, 63), (silence, 8) })
            (await server.Http.GetFromJsonAsync<JsonElement>("/api/v1" + alert.GetProperty("customers").GetString())).GetProperty("total").GetInt64().ShouldBe(behind);

        var letter = await mail.NextAsync();
        letter.GetProperty("recipients")[0].GetString().ShouldBe(to);
        letter.GetProperty("subject").GetString().ShouldBe("2 new alerts");
        var text = letter.GetProperty("text").GetString()!;
        text.ShouldContain("Delivery");
        text.ShouldContain("no event on 6 days");
        text.ShouldContain("https://tangent.firma.example/measure/alerts");
        (await CheckAsync(server)).ShouldBe(0);
        (await mail.MoreAsync(TimeSpan.FromSeconds(2))).ShouldBe(0);

        (await server.Http.GetStringAsync("/?lang=en")).ShouldContain("nav-count\" title=\"2 not taken note of yet\">2<");
        (await server.Http.PostAsync($"{Alerts}/{fell.GetProperty("id").GetInt32()}/acknowledgement", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await server.Http.PostAsync($"{Alerts}/999/acknowledgement", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Http.GetAsync(Alerts + "?ended=perhaps")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.GetStringAsync("/measure/alerts?lang=de")).ShouldContain("kein Ereignis an 6 Tagen seit");

        await Shop.AppendAsync(server, Event("c1", "Parcel scanned", 0, null));
        (await CheckAsync(server)).ShouldBe(0);
        (await ListAsync(server)).Select(i => i.GetProperty("kind").GetString()).ShouldBe(["fell"], "a scan came");
        var all = (await server.Http.GetFromJsonAsync<JsonElement>(Alerts + "?ended=true")).GetProperty("items").EnumerateArray().ToList();
        all.Count.ShouldBe(2);
        all[1].GetProperty("ended").ValueKind.ShouldBe(JsonValueKind.String);
        (await server.Http.GetStringAsync("/?lang=en")).ShouldNotContain("nav-count");
    }

    [Fact]
    public void A_year_in_which_nothing_changes_has_few_alerts()
    {
        // Ten companies of thirty touchpoints, each with its own scores, number of events and rhythm; looked at on each of 548 days.
        const int Companies = 10;
        var (began, years) = (0, Companies * (Company.Days - VolumeAlerts.Days) / 365.0);
        for (var year = 0; year < Companies; year++)
        {
            var company = new Company(new Random(year));
            var open = new List<Alert>();
            for (var day = VolumeAlerts.Days; day < Company.Days; day++)
            {
                var found = Look(company, day);
                var news = AlertCheck.Decide(found, open, DateTime.UnixEpoch.AddDays(day), _ => false);
                foreach (var alert in news) output.WriteLine($"year {year} day {day}: {alert.Kind} {alert.Touchpoint} {alert.Now} {alert.Usual} {alert.Chance}");
                began += news.Count;
                open = [.. open.Where(a => a.EndedUtc is null), .. news];
            }
        }

        output.WriteLine($"{began} false alarms in {years} years");
        ((double)began).ShouldBeLessThanOrEqualTo(2 * years, "at most a few in a year");
    }

    [Theory]
    [InlineData(AlertKind.Fell, 28)]
    [InlineData(AlertKind.Flood, 7)]
    [InlineData(AlertKind.Stopped, 5)]
    public void What_is_wrong_is_found_in_time(AlertKind kind, int within)
    {
        var found = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var company = new Company(new Random(seed), wrong: kind, since: Company.Days - within);
            if (Look(company, Company.Days).Any(f => f.IsNew && f.Cause.Kind == kind && f.Cause.Touchpoint == "t0")) found++;
        }

        output.WriteLine($"{kind}: {found} of 20 found");
        found.ShouldBeGreaterThanOrEqualTo(18);
    }

    [Fact]
    public void A_closed_day_and_a_monthly_letter_are_no_silence_and_when_all_is_quiet_there_is_one_alert()
    {
        var today = Start.AddDays(VolumeAlerts.Days);
        DailyVolume Of(string name, Func<DateOnly, long> events) => new(name, [.. Enumerable.Range(0, VolumeAlerts.Days).Select(i => events(Start.AddDays(i)))]);
        var always = Of("always", _ => 10);
        // Today is a Wednesday: the shop was last open on Friday, and Monday and Tuesday were holidays.
        today.DayOfWeek.ShouldBe(DayOfWeek.Wednesday);
        bool IsHoliday(DateOnly day) => day >= today.AddDays(-2);
        var shop = Of("shop", d => IsHoliday(d) || d.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0 : 20);
        var letter = Of("letter", d => d.Day == 1 ? 500 : 0);
        VolumeAlerts.Stopped([always, shop, letter], today, IsHoliday).ShouldBeEmpty();
        VolumeAlerts.Stopped([always, shop, letter], today, _ => false).Single().Cause.Touchpoint.ShouldBe("shop", "on common Mondays it is open");

        DailyVolume Until(DailyVolume volume) => volume with { Events = [.. volume.Events.Select((e, i) => i < VolumeAlerts.Days - 10 ? e : 0)] };
        VolumeAlerts.Stopped([Until(always), Until(shop)], today, _ => false).Single().Cause.Touchpoint.ShouldBe("");
    }

    [Fact]
    public void The_tail_of_the_hypergeometric_distribution_is_worked_out_by_hand()
    {
        // Of 10, 4 are bad; of 5 drawn at least 3: (4·15 + 1·6) ÷ 252.
        ScoreAlerts.AtLeast(3, 5, 4, 10).ShouldBe(66.0 / 252, 1e-12);
        ScoreAlerts.AtLeast(0, 5, 4, 10).ShouldBe(1, 1e-12);
        ScoreAlerts.AtLeast(5, 5, 5, 6).ShouldBe(1.0 / 6, 1e-12);
    }

    private static List<Tangent.Measure.Finding> Look(Company company, int day)
    {
        var today = Start.AddDays(day);
        return
        [
            .. ScoreAlerts.Fell(company.Compared(day, ScoreAlerts.FellDays, ScoreAlerts.FellDays), today),
            .. ScoreAlerts.Floods(company.Compared(day, ScoreAlerts.FloodDays, ScoreAlerts.FloodUsualDays), today),
            .. VolumeAlerts.Stopped(company.Volumes(day), today, _ => false),
        ];
    }

    private static object Event(string user, string name, int daysAgo, int? score) => new
    {
        type = "track",
        @event = name,
        userId = user,
        timestamp = At(daysAgo),
        properties = score is null ? new { metric = (string?)null, score = (int?)null, touchpoint = (string?)null } : new { metric = (string?)"csat", score, touchpoint = (string?)"Delivery" },
    };

    // Noon of the company's day: hours near midnight fall on another day before the clocks were changed.
    private static DateTime At(int daysAgo)
    {
        var (now, zone) = (DateTime.UtcNow, new CompanyOptions().Zone());
        return daysAgo == 0 ? now : TimeZoneInfo.ConvertTimeToUtc(TimeZoneInfo.ConvertTimeFromUtc(now, zone).Date.AddDays(-daysAgo).AddHours(12), zone);
    }

    private static async Task<int> CheckAsync(TestServer server)
    {
        using var answer = await server.Http.PostAsync(Alerts + "/checks", null);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("began").GetInt32();
    }

    private static async Task<List<JsonElement>> ListAsync(TestServer server) => [.. (await server.Http.GetFromJsonAsync<JsonElement>(Alerts)).GetProperty("items").EnumerateArray()];

    /// <summary>Touchpoints that always bring as much, and people who always answer alike, until something goes wrong at the first.</summary>
    private sealed class Company
    {
        public const int Days = 2 * 365;
        private const int Touchpoints = 30;
        private static readonly Metric[] Kinds = [Metric.Nps, Metric.Csat, Metric.Ces];
        private readonly long[][][] _scores = new long[Touchpoints][][];
        private readonly long[][] _events = new long[Touchpoints][];

        public Company(Random chance, AlertKind? wrong = null, int since = Days)
        {
            for (var t = 0; t < Touchpoints; t++)
            {
                var (metric, good, perDay, level, bunch) = (Kinds[t % 3], 0.3 + (0.5 * chance.NextDouble()), 0.5 + (8 * chance.NextDouble()), Math.Exp(6 * chance.NextDouble()) / 4, 1 + chance.Next(4));
                if (t == 0 && wrong is not null) (good, perDay, level) = (0.6, 8, 40);
                var weekend = chance.Next(3) / 2.0;
                _scores[t] = new long[Days][];
                _events[t] = new long[Days];
                for (var day = 0; day < Days; day++)
                {
                    _scores[t][day] = new long[ScoreFormulas.Scores];
                    var isWrong = t == 0 && day >= since;
                    for (var n = Poisson(chance, perDay); n > 0; n--) _scores[t][day][Score(chance, metric, !isWrong ? good : wrong == AlertKind.Fell ? good - 0.35 : wrong == AlertKind.Flood ? good - 0.5 : good)]++;
                    var isWeekend = Start.AddDays(day).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
                    if (!isWrong || wrong != AlertKind.Stopped) _events[t][day] = bunch * Poisson(chance, level / bunch * (isWeekend ? weekend : 1));
                }
            }
        }

        public List<AnswersCompared> Compared(int today, int days, int before) => [.. Enumerable.Range(0, Touchpoints).Select(t => new AnswersCompared($"t{t}", Kinds[t % 3], Sum(t, today - days, today), Sum(t, today - days - before, today - days)))];

        public List<DailyVolume> Volumes(int today) => [.. _events.Select((events, t) => new DailyVolume($"t{t}", new ArraySegment<long>(events, today - VolumeAlerts.Days, VolumeAlerts.Days)))];

        private static int Score(Random chance, Metric metric, double good)
        {
            var (least, most) = Metrics.Scale(metric);
            return chance.NextDouble() < good ? chance.Next(Metrics.Good(metric), most + 1) : chance.Next(least, Metrics.Good(metric));
        }

        private static int Poisson(Random chance, double mean)
        {
            if (mean > 30) return Math.Max(0, (int)Math.Round(mean + (Math.Sqrt(mean) * MathNet.Numerics.Distributions.Normal.Sample(chance, 0, 1))));
            var (limit, product, n) = (Math.Exp(-mean), chance.NextDouble(), 0);
            for (; product > limit; n++) product *= chance.NextDouble();
            return n;
        }

        private long[] Sum(int t, int from, int until)
        {
            var sum = new long[ScoreFormulas.Scores];
            for (var day = from; day < until; day++)
                for (var score = 0; score < sum.Length; score++) sum[score] += _scores[t][day][score];
            return sum;
        }
    }
}
