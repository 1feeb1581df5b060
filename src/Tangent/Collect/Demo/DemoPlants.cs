using System.Globalization;
using System.Text.Json;
using static Tangent.Collect.DemoKind;

namespace Tangent.Collect;

/// <summary>One thing that is true of the demo company, to test analyses against.</summary>
/// <param name="Id">Stable name.</param>
/// <param name="Touchpoint">Name of the touchpoint that is the cause (or, with effect 0, is not).</param>
/// <param name="From">First day, yyyy-MM-dd.</param>
/// <param name="To">Last day, yyyy-MM-dd, included.</param>
/// <param name="Condition">Which contacts count as treated, what they are compared with, and within what time.</param>
/// <param name="Outcome">nps, csat, ces, call, conversion, repurchase or referral.</param>
/// <param name="Effect">Treated minus untreated: points of the mean score for nps (0–10), csat (1–5) and ces (1–7); difference of shares (−1 to 1) for call, conversion, repurchase and referral.</param>
internal sealed record DemoTruth(string Id, string Touchpoint, string From, string To, string Condition, string Outcome, double Effect);

/// <summary>An answer scale as the chance of each value.</summary>
internal sealed class DemoScale(int lowest, params double[] shares)
{
    public double Mean { get; } = shares.Select((share, i) => share * (lowest + i)).Sum() / shares.Sum();

    public int Draw(Random random)
    {
        var pick = random.NextDouble() * shares.Sum();
        for (var i = 0; i < shares.Length; i++)
        {
            pick -= shares[i];
            if (pick < 0) return lowest + i;
        }

        return lowest + shares.Length - 1;
    }
}

/// <summary>The planted problems and strengths: when they hold, how strong they are, and the truth file that follows from the same numbers.</summary>
internal sealed class DemoPlants(DemoCalendar calendar)
{
    public const int NpsMemoryDays = 90, RepurchaseDays = 120;

    public const double InvoiceCallClear = 0.03, InvoiceCallUnclear = 0.19, InvoiceCallHard = 0.6;
    public const double CheckoutDone = 0.64, CheckoutDonePhoneBroken = 0.15, CheckoutCallBroken = 0.16;
    public const double SlowMailAngry = 0.65, SlowMailCall = 0.26, SlowMailNps = 0.4;
    public const double OfferOrder = 0.10, OfferOrderWrongPrice = 0.02;
    public const double PickUpDelight = 0.6, ComeBack = 0.08, ComeBackAfterCall = 0.27;
    public const double StaffAngry = 0.55, StaffNps = 0.3;
    public const double PickUpInvites = 0.10;
    public const int InviteDays = 20;
    public const double BookingEasy = 0.6, CheckoutAngry = 0.8;

    // Chance of buying within 120 days after a workshop job whatever happened there; only scales the stated repurchase effect.
    private const double BackgroundRepurchase = 0.28;

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static readonly DemoScale[] NpsByTemper =
    [
        new(0, 0, 0, 0, 0, 0, 0, 0, .08, .20, .34, .38),
        new(0, 0, 0, 0, 0, .05, .10, .15, .28, .27, .10, .05),
        new(0, .10, .06, .10, .14, .14, .20, .14, .08, .04, 0, 0),
    ];

    public static readonly double[] TemperShares = [.40, .45, .15];
    public static readonly DemoScale NpsDelighted = new(8, .15, .35, .50);
    public static readonly DemoScale NpsAngry = new(0, .20, .10, .15, .20, .15, .12, .08);
    public static readonly DemoScale Csat = new(1, .04, .07, .16, .38, .35);
    public static readonly DemoScale CsatAngry = new(1, .45, .35, .20);
    public static readonly DemoScale Ces = new(1, .03, .05, .10, .17, .25, .25, .15);
    public static readonly DemoScale CesEasy = new(6, .40, .60);
    public static readonly DemoScale CesHard = new(1, .40, .35, .25);

    /// <summary>First day of the unclear invoice layout; it stays to the end.</summary>
    public int UnclearInvoice { get; } = DemoCalendar.Days - 130;

    /// <summary>Three weeks in which the checkout fails on phones.</summary>
    public (int From, int Until) BrokenCheckout { get; } = (DemoCalendar.Days - 84, DemoCalendar.Days - 63);

    /// <summary>The month in which e-mails wait four days for an answer.</summary>
    public (int From, int Until) SlowMail { get; } = (DemoCalendar.Days - 190, DemoCalendar.Days - 160);

    /// <summary>The three weekly newsletters whose price is not the one on the web page.</summary>
    public (int From, int Until) WrongPrice { get; } = (DemoCalendar.Days - 49, DemoCalendar.Days - 28);

    public const byte UnfriendlyShop = 2;

    public static bool Holds((int From, int Until) days, int day) => day >= days.From && day < days.Until;

    public IReadOnlyList<DemoTruth> Truth()
    {
        const string pickUps = "workshop jobs with this contact, compared with workshop jobs without it; ";
        var shop = $"shop = {DemoCatalogue.Shops[UnfriendlyShop]}, compared with the other shops; ";
        var npsMean = NpsByTemper.Zip(TemperShares, (scale, share) => scale.Mean * share).Sum();
        var unclear = (UnclearInvoice, DemoCalendar.Days);
        var always = (0, DemoCalendar.Days);
        return
        [
            Plant("invoice-layout-call", InvoiceSent, unclear, "compared with invoices sent before; a hotline call within 14 days of the invoice", "call", InvoiceCallUnclear - InvoiceCallClear),
            Plant("invoice-layout-ces", InvoiceCall, unclear, "compared with invoice calls before; the effort of the call", "ces", InvoiceCallHard * (CesHard.Mean - Ces.Mean)),
            Plant("checkout-phone-conversion", CheckoutStarted, BrokenCheckout, "device = phone, compared with phones on other days; an order within 1 day of the checkout", "conversion", CheckoutDonePhoneBroken - CheckoutDone),
            Plant("checkout-phone-call", CheckoutStarted, BrokenCheckout, "device = phone, compared with phones on other days; a complaint call within 7 days of the checkout", "call", CheckoutCallBroken * (1 - CheckoutDonePhoneBroken)),
            Plant("checkout-phone-ces", CheckoutStarted, BrokenCheckout, "device = phone, compared with phones on other days; the effort of the checkout", "ces", CheckoutAngry * (CesHard.Mean - Ces.Mean)),
            Plant("slow-mail-csat", MailAnswered, SlowMail, "e-mails received in these days, compared with other days; satisfaction with the answer", "csat", SlowMailAngry * (CsatAngry.Mean - Csat.Mean)),
            Plant("slow-mail-call", MailAnswered, SlowMail, "e-mails received in these days, compared with other days; a complaint call within 7 days of the e-mail", "call", SlowMailCall),
            Plant("slow-mail-nps", MailAnswered, SlowMail, "e-mails received in these days, compared with other days; NPS within 90 days of the answer", "nps", SlowMailNps * (NpsAngry.Mean - npsMean)),
            Plant("newsletter-price-conversion", NewsletterClicked, WrongPrice, "campaign = helmet-week, compared with clicks on other campaigns; an order within 7 days of the click", "conversion", OfferOrderWrongPrice - OfferOrder),
            Plant("newsletter-offer-conversion", NewsletterClicked, always, "campaign other than helmet-week, compared with days without a click; an order within 7 days of the click", "conversion", OfferOrder),
            Plant("pickup-call-nps", PickUpCall, always, pickUps + "NPS within 90 days", "nps", PickUpDelight * (NpsDelighted.Mean - npsMean)),
            Plant("pickup-call-repurchase", PickUpCall, always, pickUps + "an order or shop purchase within 120 days", "repurchase", (ComeBackAfterCall - ComeBack) * (1 - BackgroundRepurchase)),
            Plant("pickup-call-referral", PickUpCall, always, pickUps + "an invitation of a friend within 20 days of the call", "referral", PickUpInvites),
            Plant("shop-staff-csat", ShopVisited, always, shop + "satisfaction with the visit", "csat", StaffAngry * (CsatAngry.Mean - Csat.Mean)),
            Plant("shop-staff-nps", ShopVisited, always, shop + "NPS within 90 days of the visit", "nps", StaffNps * (NpsAngry.Mean - npsMean)),
            Plant("online-booking-ces", WorkshopBooked, always, "compared with bookings by phone; the effort of booking", "ces", BookingEasy * (CesEasy.Mean - Ces.Mean)),
            Plant("pickup-text-nps", PickUpText, always, pickUps + "NPS within 90 days; no effect: merely correlated, because it often goes with the pick-up call", "nps", 0),
            Plant("pickup-text-repurchase", PickUpText, always, pickUps + "an order or shop purchase within 120 days; no effect: merely correlated, because it often goes with the pick-up call", "repurchase", 0),
            Plant("invoice-download-call", InvoicePage, always, "invoices looked up on the web, compared with others of the same layout; a hotline call within 14 days; no effect: merely correlated, because the unclear layout makes people look twice and call", "call", 0),
            Plant("parcel-tracking-csat", TrackingViewed, always, "parcels that were tracked, compared with others; satisfaction with the delivery; no effect", "csat", 0),
            Plant("newsletter-opened-nps", NewsletterOpened, always, "opened within 90 days before the answer, compared with answers without; no effect", "nps", 0),
            Plant("social-ad-conversion", AdClicked, always, "visits that began with the advertisement, compared with other visits; an order within 7 days; no effect", "conversion", 0),
            Plant("review-portal-conversion", ReviewsRead, always, "visits that began at a review portal, compared with other visits; an order within 7 days; no effect", "conversion", 0),
        ];
    }

    public byte[] TruthJson() => JsonSerializer.SerializeToUtf8Bytes(Truth(), Readable);

    private DemoTruth Plant(string id, DemoKind kind, (int From, int Until) days, string condition, string outcome, double effect) => new(
        id, DemoCatalogue.TouchpointOf(kind), Iso(days.From), Iso(days.Until - 1), condition, outcome, Math.Round(effect, 3));

    private string Iso(int day) => calendar.Date(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
