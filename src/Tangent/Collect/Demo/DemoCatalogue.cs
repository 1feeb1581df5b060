using Tangent.Map;
using static Tangent.Collect.DemoKind;

namespace Tangent.Collect;

internal enum DemoSource : byte
{
    WebShop, Tills, Workshop, Hotline, Mail, Newsletter, Parcel, Erp, Reviews, Social, Surveys,
}

/// <summary>How a kind of event looks from outside.</summary>
/// <param name="Name">Name of the track call; empty for page calls, which browsers send without one.</param>
/// <param name="Path">Path of the page, <c>#</c> standing for an id; null where there is no page.</param>
internal sealed record DemoShape(DemoKind Kind, DemoSource Source, string Channel, string Name, string? Path = null);

/// <param name="Kinds">The events that happen at this touchpoint; the first says its channel.</param>
internal sealed record DemoTouchpoint(string Name, LifeCycleStage Stage, Control Control, Directness Directness, bool Online, params DemoKind[] Kinds)
{
    public string Channel => DemoCatalogue.Shapes[(int)Kinds[0]].Channel;
}

internal sealed record DemoProduct(string Category, string Name, int Euro, bool Bike);

/// <summary>What the demo company is made of: sources, touchpoints, campaigns, products, shops.</summary>
internal static class DemoCatalogue
{
    public const string Company = "Velora";

    /// <summary>Source of what the CRM knows.</summary>
    public const string Crm = "CRM";

    public static readonly string[] Sources =
        ["Web shop", "Shop tills", "Workshop", "Hotline", "E-mail", "Newsletter", "Parcel service", "ERP", "Review portals", "Social media", "Surveys"];

    public static readonly string[] Shops = ["", "Berlin", "Wien", "Kraków"];

    public static readonly string[] Campaigns =
        ["", "winter-check", "spring-start", "summer-tour", "autumn-offers", "helmet-week", "city-bikes", "e-bike-days", "kids-bikes", "search-brand"];

    public const byte WinterCheck = 1, SpringStart = 2, SummerTour = 3, AutumnOffers = 4, HelmetWeek = 5, FirstAd = 6, SearchBrand = 9;

    public static readonly DemoProduct[] Products =
    [
        new("city", "Velora Boulevard", 749, true), new("trekking", "Velora Fernweh", 1_199, true), new("e-bike", "Velora Strom 5", 2_799, true),
        new("cargo", "Velora Lasto", 4_490, true), new("gravel", "Velora Schotter", 1_899, true), new("kids", "Velora Zwerg 20", 349, true),
        new("helmets", "Helmet Kuppel", 79, false), new("locks", "Chain lock 9 mm", 59, false), new("lights", "Light set Funkel", 39, false),
        new("bags", "Pannier Rolltop", 89, false), new("pumps", "Floor pump", 35, false), new("tyres", "Tyre Asphalt 28", 34, false),
        new("parts", "Pedals Grip", 49, false), new("child-seats", "Child seat Mitfahrer", 129, false), new("clothing", "Rain jacket Pfütze", 99, false),
    ];

    public const byte Helmet = 6, FirstAccessory = 6;

    public static readonly DemoShape[] Shapes =
    [
        new(AdClicked, DemoSource.WebShop, "Social media", "Ad clicked"),
        new(PostLiked, DemoSource.Social, "Social media", "Post liked"),
        new(ReviewsRead, DemoSource.WebShop, "Review portals", "Reviews read"),
        new(LandingPage, DemoSource.WebShop, "Web shop", "", "/lp/"),
        new(HomePage, DemoSource.WebShop, "Web shop", "", "/"),
        new(NewsletterSubscribed, DemoSource.WebShop, "Newsletter", "Newsletter subscribed"),
        new(CategoryPage, DemoSource.WebShop, "Web shop", "", "/c/"),
        new(ProductPage, DemoSource.WebShop, "Web shop", "", "/p/"),
        new(ConfiguratorUsed, DemoSource.WebShop, "Web shop", "Configurator used", "/configurator"),
        new(NewsletterOpened, DemoSource.Newsletter, "Newsletter", "Newsletter opened"),
        new(NewsletterClicked, DemoSource.Newsletter, "Newsletter", "Newsletter clicked"),
        new(ShopVisited, DemoSource.Tills, "Shop", "Shop visited"),
        new(TestRideTaken, DemoSource.Tills, "Shop", "Test ride taken"),
        new(AdviceCall, DemoSource.Hotline, "Hotline", "Advice call ended"),
        new(MailReceived, DemoSource.Mail, "E-mail", "E-mail received"),
        new(MailAnswered, DemoSource.Mail, "E-mail", "E-mail answered"),
        new(FleetPage, DemoSource.WebShop, "Web shop", "", "/business/"),
        new(FleetCall, DemoSource.Hotline, "Hotline", "Fleet call ended"),
        new(FleetOffer, DemoSource.Mail, "E-mail", "Fleet offer sent"),
        new(CartPage, DemoSource.WebShop, "Web shop", "", "/cart"),
        new(CheckoutStarted, DemoSource.WebShop, "Web shop", "Checkout started", "/checkout"),
        new(PaymentFailed, DemoSource.WebShop, "Web shop", "Payment failed", "/checkout/payment"),
        new(OrderCompleted, DemoSource.WebShop, "Web shop", "Order completed", "/checkout/done/#"),
        new(ReceiptPrinted, DemoSource.Tills, "Shop", "Receipt printed"),
        new(OrderConfirmed, DemoSource.Mail, "E-mail", "Order confirmed"),
        new(ContractSigned, DemoSource.Erp, "E-mail", "Contract signed"),
        new(TrackingViewed, DemoSource.Parcel, "Parcel", "Tracking viewed"),
        new(ParcelDelivered, DemoSource.Parcel, "Parcel", "Parcel delivered"),
        new(ReturnReceived, DemoSource.Parcel, "Parcel", "Return received"),
        new(InvoiceSent, DemoSource.Erp, "Invoice", "Invoice sent"),
        new(InvoicePage, DemoSource.WebShop, "Invoice", "", "/account/invoices/#"),
        new(ReminderSent, DemoSource.Erp, "Invoice", "Payment reminder sent"),
        new(InvoiceCall, DemoSource.Hotline, "Hotline", "Invoice call ended"),
        new(ComplaintCall, DemoSource.Hotline, "Hotline", "Complaint call ended"),
        new(AccountPage, DemoSource.WebShop, "Web shop", "", "/account"),
        new(WorkshopBooked, DemoSource.WebShop, "Workshop", "Workshop booked", "/workshop/booking"),
        new(BookingCall, DemoSource.Hotline, "Hotline", "Booking call ended"),
        new(BikeReceived, DemoSource.Workshop, "Workshop", "Bike received"),
        new(PickUpCall, DemoSource.Workshop, "Workshop", "Pick-up call made"),
        new(PickUpText, DemoSource.Workshop, "Workshop", "Pick-up text sent"),
        new(BikePickedUp, DemoSource.Workshop, "Workshop", "Bike picked up"),
        new(ReviewWritten, DemoSource.Reviews, "Review portals", "Review written"),
        new(FriendInvited, DemoSource.Mail, "E-mail", "Friend invited"),
        new(CodeUsed, DemoSource.Erp, "Web shop", "Referral code used"),
        new(PostShared, DemoSource.Social, "Social media", "Post shared"),
        new(SurveyAnswered, DemoSource.Surveys, "E-mail", "Survey answered"),
        new(ClubPage, DemoSource.WebShop, "Web shop", "", "/club"),
        new(BlogPage, DemoSource.WebShop, "Web shop", "", "/blog/#"),
        new(JobsPage, DemoSource.WebShop, "Web shop", "", "/jobs/#"),
        new(ChatOpened, DemoSource.WebShop, "Web shop", "Chat opened"),
        new(GiftCardBought, DemoSource.Tills, "Shop", "Gift card bought"),
        new(SizeAdvised, DemoSource.WebShop, "Web shop", "Size adviser finished", "/size"),
        new(IdentifyOnWeb, DemoSource.WebShop, "", ""),
        new(IdentifyInErp, DemoSource.Erp, "", ""),
        new(Group, DemoSource.Erp, "", ""),
        new(Alias, DemoSource.Erp, "", ""),
    ];

    // ClubPage, BlogPage, JobsPage, ChatOpened, GiftCardBought and SizeAdvised belong to no touchpoint: they wait on the mapping page.
    public static readonly DemoTouchpoint[] Touchpoints =
    [
        new("Social media ad", LifeCycleStage.Awareness, Control.Partner, Directness.Direct, true, AdClicked),
        new("Social media post", LifeCycleStage.Awareness, Control.Owned, Directness.Direct, true, PostLiked),
        new("Review portal", LifeCycleStage.Awareness, Control.ThirdParty, Directness.Indirect, true, ReviewsRead),
        new("Landing page", LifeCycleStage.Awareness, Control.Owned, Directness.Direct, true, LandingPage),
        new("Home page", LifeCycleStage.Awareness, Control.Owned, Directness.Direct, true, HomePage),
        new("Newsletter sign-up", LifeCycleStage.Awareness, Control.Owned, Directness.Direct, true, NewsletterSubscribed),
        new("Category page", LifeCycleStage.Consideration, Control.Owned, Directness.Direct, true, CategoryPage),
        new("Product page", LifeCycleStage.Consideration, Control.Owned, Directness.Direct, true, ProductPage),
        new("Bike configurator", LifeCycleStage.Consideration, Control.Owned, Directness.Direct, true, ConfiguratorUsed),
        new("Newsletter", LifeCycleStage.Consideration, Control.Owned, Directness.Direct, true, NewsletterOpened),
        new("Newsletter offer", LifeCycleStage.Consideration, Control.Owned, Directness.Direct, true, NewsletterClicked),
        new("Shop visit", LifeCycleStage.Consideration, Control.Owned, Directness.Direct, false, ShopVisited),
        new("Test ride", LifeCycleStage.Consideration, Control.Owned, Directness.Direct, false, TestRideTaken),
        new("Advice call", LifeCycleStage.Consideration, Control.Owned, Directness.Direct, false, AdviceCall),
        new("Question by e-mail", LifeCycleStage.Consideration, Control.Owned, Directness.Direct, true, MailReceived),
        new("Answer by e-mail", LifeCycleStage.Consideration, Control.Owned, Directness.Direct, true, MailAnswered),
        new("Fleet page", LifeCycleStage.Consideration, Control.Owned, Directness.Direct, true, FleetPage),
        new("Fleet consultation", LifeCycleStage.Consideration, Control.Owned, Directness.Direct, false, FleetCall),
        new("Fleet offer", LifeCycleStage.Consideration, Control.Owned, Directness.Direct, true, FleetOffer),
        new("Cart", LifeCycleStage.Conversion, Control.Owned, Directness.Direct, true, CartPage, CodeUsed),
        new("Checkout", LifeCycleStage.Conversion, Control.Owned, Directness.Direct, true, CheckoutStarted, PaymentFailed),
        new("Online order", LifeCycleStage.Conversion, Control.Owned, Directness.Direct, true, OrderCompleted),
        new("Shop purchase", LifeCycleStage.Conversion, Control.Owned, Directness.Direct, false, ReceiptPrinted),
        new("Order confirmation", LifeCycleStage.Conversion, Control.Owned, Directness.Direct, true, OrderConfirmed),
        new("Fleet contract", LifeCycleStage.Conversion, Control.Owned, Directness.Direct, true, ContractSigned),
        new("Parcel tracking", LifeCycleStage.Retention, Control.Partner, Directness.Indirect, true, TrackingViewed),
        new("Parcel delivery", LifeCycleStage.Retention, Control.Partner, Directness.Indirect, false, ParcelDelivered),
        new("Return", LifeCycleStage.Retention, Control.Partner, Directness.Direct, false, ReturnReceived),
        new("Invoice", LifeCycleStage.Retention, Control.Owned, Directness.Direct, true, InvoiceSent),
        new("Invoice download", LifeCycleStage.Retention, Control.Owned, Directness.Direct, true, InvoicePage),
        new("Payment reminder", LifeCycleStage.Retention, Control.Owned, Directness.Direct, true, ReminderSent),
        new("Invoice call", LifeCycleStage.Retention, Control.Owned, Directness.Direct, false, InvoiceCall),
        new("Complaint call", LifeCycleStage.Retention, Control.Owned, Directness.Direct, false, ComplaintCall),
        new("Customer account", LifeCycleStage.Retention, Control.Owned, Directness.Direct, true, AccountPage),
        new("Online booking", LifeCycleStage.Retention, Control.Owned, Directness.Direct, true, WorkshopBooked),
        new("Booking by phone", LifeCycleStage.Retention, Control.Owned, Directness.Direct, false, BookingCall),
        new("Bike drop-off", LifeCycleStage.Retention, Control.Owned, Directness.Direct, false, BikeReceived),
        new("Pick-up call", LifeCycleStage.Retention, Control.Owned, Directness.Direct, false, PickUpCall),
        new("Pick-up text message", LifeCycleStage.Retention, Control.Owned, Directness.Direct, true, PickUpText),
        new("Bike pick-up", LifeCycleStage.Retention, Control.Owned, Directness.Direct, false, BikePickedUp),
        new("Written review", LifeCycleStage.Advocacy, Control.ThirdParty, Directness.Indirect, true, ReviewWritten),
        new("Recommendation", LifeCycleStage.Advocacy, Control.Owned, Directness.Indirect, true, FriendInvited),
        new("Shared post", LifeCycleStage.Advocacy, Control.ThirdParty, Directness.Indirect, true, PostShared),
        new("Survey", LifeCycleStage.Advocacy, Control.Owned, Directness.Direct, true, SurveyAnswered),
    ];

    /// <summary>What customers are asked: name, template, touchpoint (none: the company) and key of the question.</summary>
    public static readonly (string Name, string Template, string? Touchpoint, string Question)[] Surveys =
    [
        ("Recommendation", "relationship", null, "nps"),
        ("Parcel delivery", "delivery", "Parcel delivery", "csat"),
        ("Invoice call", "support-call", "Invoice call", "ces"),
    ];

    /// <summary>The survey that an answer belongs to, in <see cref="Surveys"/>; −1 for questions that are asked elsewhere.</summary>
    public static int SurveyOf(DemoMetric metric, DemoKind about) => (metric, about) switch
    {
        (DemoMetric.Nps, _) => 0,
        (DemoMetric.Csat, ParcelDelivered) => 1,
        (DemoMetric.Ces, InvoiceCall) => 2,
        _ => -1,
    };

    /// <summary>The department that answers for a channel.</summary>
    public static string OwnerOf(string channel) => channel switch
    {
        "Web shop" => "E-commerce",
        "Shop" => "Shops",
        "Hotline" or "E-mail" => "Customer service",
        "Invoice" => "Finance",
        "Parcel" => "Logistics",
        "Workshop" => "Workshop",
        _ => "Marketing",
    };

    /// <summary>Name of the touchpoint where this happens; empty where none is mapped.</summary>
    public static string TouchpointOf(DemoKind kind) => Touchpoints.FirstOrDefault(t => t.Kinds.Contains(kind))?.Name ?? "";
}
