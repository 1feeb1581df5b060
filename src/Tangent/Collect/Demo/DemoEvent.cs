namespace Tangent.Collect;

/// <summary>Everything that can happen between the demo company and a customer; see <see cref="DemoCatalogue"/> for what each looks like as an event.</summary>
internal enum DemoKind : byte
{
    AdClicked, PostLiked, ReviewsRead, LandingPage, HomePage, NewsletterSubscribed,
    CategoryPage, ProductPage, ConfiguratorUsed, NewsletterOpened, NewsletterClicked, ShopVisited, TestRideTaken,
    AdviceCall, MailReceived, MailAnswered, FleetPage, FleetCall, FleetOffer,
    CartPage, CheckoutStarted, PaymentFailed, OrderCompleted, ReceiptPrinted, OrderConfirmed, ContractSigned,
    TrackingViewed, ParcelDelivered, ReturnReceived, InvoiceSent, InvoicePage, ReminderSent, InvoiceCall, ComplaintCall, AccountPage,
    WorkshopBooked, BookingCall, BikeReceived, PickUpCall, PickUpText, BikePickedUp,
    ReviewWritten, FriendInvited, CodeUsed, PostShared, SurveyAnswered,
    ClubPage, BlogPage, JobsPage, ChatOpened, GiftCardBought, SizeAdvised,
    IdentifyOnWeb, IdentifyInErp, Group, Alias,
}

internal enum DemoDevice : byte
{
    None,
    Phone,
    Desktop,
    Tablet,
}

/// <summary>Who an event says it is about.</summary>
internal enum DemoWho : byte
{
    /// <summary>Only the device is known.</summary>
    Device,

    /// <summary>The customer number (and the device, where there is one).</summary>
    Customer,

    /// <summary>The number of the shop's customer card, not yet joined with the customer number.</summary>
    Card,
}

internal enum DemoMetric : byte
{
    Nps,
    Csat,
    Ces,
}

/// <summary>What a comment talks about.</summary>
internal enum DemoTopic : byte
{
    General, PickUp, Staff, SlowMail, Shop, Parcel, Booking, Hotline, Mail, Invoice, Checkout,
}

/// <summary>One simulated event, small enough that a million of them wait in memory until they are written in the order of time.</summary>
internal struct DemoEvent
{
    public long TimeMs;
    public int Customer;

    /// <summary>Distinguishes the events of a customer, in the order of time.</summary>
    public ushort Sequence;
    public DemoKind Kind;
    public DemoDevice Device;
    public DemoWho Who;

    /// <summary>Index into <see cref="DemoCatalogue.Campaigns"/>; 0 is none.</summary>
    public byte Campaign;

    /// <summary>Index into <see cref="DemoCatalogue.Products"/>.</summary>
    public byte Product;

    /// <summary>1 to 3 for the shops, 0 for none.</summary>
    public byte Shop;

    /// <summary>Answer of a survey, stars of a review.</summary>
    public byte Score;

    public DemoMetric Metric;

    public DemoTopic Topic;

    /// <summary>What a survey asks about.</summary>
    public DemoKind About;

    /// <summary>Amount in hundredths of the customer's currency; 0 is none.</summary>
    public int Cents;

    /// <summary>Number of the order, invoice, job, ticket or invitation that events share; in surveys it picks the comment.</summary>
    public int Number;

    /// <summary>Minutes waited for an answer; 1 in identify calls that carry all traits; 1 in invoices of the unclear layout.</summary>
    public int Detail;
}
