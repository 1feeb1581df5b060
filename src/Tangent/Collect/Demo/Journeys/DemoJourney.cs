using static Tangent.Collect.DemoKind;

namespace Tangent.Collect;

/// <summary>Lives one customer's year after the other. Not thread-safe: each worker has its own.</summary>
internal sealed partial class DemoJourney(DemoCalendar calendar, DemoPlants plants, int seed)
{
    private const long SecondMs = 1_000, MinuteMs = 60_000, HourMs = 3_600_000, DayMs = 86_400_000;

    private readonly List<DemoEvent> _events = [];
    private readonly List<(long TimeMs, DemoTopic Topic)> _experiences = [];
    private readonly List<long> _npsTimes = [];
    private Random _random = new(0);
    private DemoCustomer _customer = new(0, 0);
    private int _numbers;

    /// <summary>Appends the customer's events in the order of time, with the calls that identify them.</summary>
    public void Live(DemoCustomer customer, List<DemoEvent> into)
    {
        (_customer, _numbers) = (customer, 0);
        _random = new Random(DemoSeeds.Of(seed, customer.Index, DemoSeeds.Journey));
        _events.Clear();
        _experiences.Clear();
        _npsTimes.Clear();

        Browse();
        if (!customer.Anonymous)
        {
            if (customer.Account >= 0) BuyForFleet();
            else
            {
                Buy();
                LookInAtShops();
                BringBikes();
            }

            ReadNewsletters();
            WriteMails();
            TalkAndShare();
            AnswerNps();
        }

        if (!customer.Anonymous) InviteFriends();
        Finish(into);
        if (!customer.Anonymous && _friend is { } friend) into.Add(friend);
    }

    private bool Chance(double p) => _random.NextDouble() < p;

    private int Poisson(double mean)
    {
        var (limit, product, n) = (Math.Exp(-mean), _random.NextDouble(), 0);
        while (product > limit)
        {
            product *= _random.NextDouble();
            n++;
        }

        return n;
    }

    /// <summary>How often something happens that only customers do, from the day they became one.</summary>
    private int CountAsCustomer(double perYear) => Poisson(perYear * calendar.ShareFrom(_customer.SinceDay));

    private int DayAsCustomer() => calendar.PickDay(_random, _customer.SinceDay);

    private long SecondsLater(long time, int min, int max) => time + (_random.Next(min, max) * SecondMs) + _random.Next(1_000);

    private int NextNumber() => (_customer.Index << 8) | (_numbers++ & 255);

    private DemoDevice PickDevice()
    {
        var pick = _random.NextDouble();
        var wanted = pick < 0.58 ? 0 : pick < 0.91 ? 1 : 2;
        for (var i = 0; i < 3; i++)
            if ((_customer.Devices & (1 << ((wanted + i) % 3))) != 0) return (DemoDevice)(1 + ((wanted + i) % 3));
        return DemoDevice.Phone;
    }

    private void Add(DemoKind kind, long time, DemoDevice device = DemoDevice.None, byte campaign = 0, byte product = 0, byte shop = 0, int number = 0) =>
        Add(new DemoEvent { Kind = kind, TimeMs = time, Device = device, Campaign = campaign, Product = product, Shop = shop, Number = number });

    private void Add(DemoEvent e)
    {
        // Offline and server events know the customer; a browser does only after it was told (see Finish).
        e.Who = e.Device == DemoDevice.None ? DemoWho.Customer : DemoWho.Device;
        e.Customer = _customer.Index;
        _events.Add(e);
    }

    private void Browse()
    {
        for (var visits = Poisson(1.5 * _customer.Activity); visits > 0; visits--)
        {
            var device = PickDevice();
            var leaves = Chance(0.3);
            var time = Visit(calendar.At(calendar.PickDay(_random), DemoRhythm.Web, _random), device, leaves);
            if (!leaves && Chance(0.11)) Add(CartPage, SecondsLater(time, 10, 200), device);
        }
    }

    /// <summary>A visit to the web shop. How it begins does not depend on why it is made: advertisements and review portals sell nothing here. Who leaves sees the first page or two.</summary>
    private long Visit(long time, DemoDevice device, bool leaves = false)
    {
        var start = _random.NextDouble();
        if (start < 0.13)
        {
            var ad = (byte)(DemoCatalogue.FirstAd + _random.Next(3));
            Add(AdClicked, time, device, ad);
            Add(LandingPage, time = SecondsLater(time, 1, 4), device, ad);
        }
        else if (start < 0.21)
        {
            Add(ReviewsRead, time, device);
            Add(HomePage, time = SecondsLater(time, 5, 90), device);
        }
        else if (start < 0.36) Add(LandingPage, time, device, DemoCatalogue.SearchBrand);
        else Add(HomePage, time, device);

        if (leaves && Chance(0.6)) return time;
        var product = PickProduct();
        if (Chance(0.75)) Add(CategoryPage, time = SecondsLater(time, 4, 60), device, product: product);
        if (leaves) return time;
        for (var looks = 1 + (Chance(0.35) ? 1 : 0) + (Chance(0.12) ? 1 : 0); looks > 0; looks--)
        {
            Add(new DemoEvent { Kind = ProductPage, TimeMs = time = SecondsLater(time, 10, 240), Device = device, Product = product, Cents = Price(product) });
            if (Chance(0.4)) product = PickProduct();
        }

        if (DemoCatalogue.Products[product].Bike && Chance(0.3)) Add(ConfiguratorUsed, time = SecondsLater(time, 60, 600), device, product: product);
        if (DemoCatalogue.Products[product].Bike && Chance(0.1)) Add(SizeAdvised, time = SecondsLater(time, 30, 300), device, product: product);
        if (Chance(0.03)) Add(BlogPage, time = SecondsLater(time, 30, 300), device, number: _random.Next(100, 160));
        if (Chance(0.02)) Add(ChatOpened, time = SecondsLater(time, 20, 200), device);
        if (Chance(0.004)) Add(JobsPage, time = SecondsLater(time, 20, 200), device, number: _random.Next(100, 999));
        if (Chance(0.02)) Add(ClubPage, time = SecondsLater(time, 20, 200), device);
        return time;
    }

    private void ReadNewsletters()
    {
        if (!_customer.Newsletter) return;
        var day = _customer.SinceDay;
        if (day < 0 && Chance(0.12)) day = calendar.PickDay(_random);
        if (day >= 0) Add(NewsletterSubscribed, calendar.At(day, DemoRhythm.Web, _random), PickDevice());
        var opens = Math.Min(0.5, 0.08 * Math.Pow(_customer.Activity, 0.8));
        for (day = Math.Max(0, day + 1); day < DemoCalendar.Days; day++)
            if (calendar.Weekday(day) == DayOfWeek.Thursday && Chance(opens)) ReadNewsletter(day);
    }

    private void ReadNewsletter(int day)
    {
        var wrongPrice = DemoPlants.Holds(plants.WrongPrice, day);
        var campaign = wrongPrice ? DemoCatalogue.HelmetWeek : CampaignOf(calendar.Date(day).Month);
        var product = wrongPrice ? DemoCatalogue.Helmet : PickProduct();
        var time = calendar.At(day, DemoRhythm.Night, _random) + (_random.Next(2, 14) * HourMs);
        Add(NewsletterOpened, time, campaign: campaign);
        if (!Chance(wrongPrice ? 0.45 : 0.17)) return;

        var device = PickDevice();
        var price = Price(product);
        Add(new DemoEvent { Kind = NewsletterClicked, TimeMs = time = SecondsLater(time, 5, 90), Campaign = campaign, Product = product, Cents = wrongPrice ? price * 3 / 4 : price });
        Add(LandingPage, time = SecondsLater(time, 1, 4), device, campaign);
        Add(new DemoEvent { Kind = ProductPage, TimeMs = time = SecondsLater(time, 5, 90), Device = device, Product = product, Cents = price });
        if (Chance(wrongPrice ? DemoPlants.OfferOrderWrongPrice : DemoPlants.OfferOrder))
            Order(time + (_random.NextInt64(4 * DayMs)), DemoDevice.Desktop, product);
    }

    private void TalkAndShare()
    {
        for (var n = Poisson(0.5 * _customer.Activity); n > 0; n--) Add(PostLiked, calendar.At(DayAsCustomer(), DemoRhythm.Web, _random));
        for (var n = Poisson(0.07 * _customer.Activity); n > 0; n--) Add(PostShared, calendar.At(DayAsCustomer(), DemoRhythm.Web, _random));
        for (var n = CountAsCustomer(0.4 * _customer.Activity); n > 0; n--) Add(AccountPage, calendar.At(DayAsCustomer(), DemoRhythm.Web, _random), PickDevice());
        for (var n = CountAsCustomer(0.12); n > 0; n--) Call(AdviceCall, calendar.At(DayAsCustomer(), DemoRhythm.Office, _random));
        for (var n = CountAsCustomer(0.03); n > 0; n--) Call(ComplaintCall, calendar.At(DayAsCustomer(), DemoRhythm.Office, _random));
        for (var n = CountAsCustomer(0.06); n > 0; n--) Add(FriendInvited, calendar.At(DayAsCustomer(), DemoRhythm.Web, _random));
    }

    private static byte CampaignOf(int month) => month switch
    {
        <= 2 or 12 => DemoCatalogue.WinterCheck,
        <= 5 => DemoCatalogue.SpringStart,
        <= 8 => DemoCatalogue.SummerTour,
        _ => DemoCatalogue.AutumnOffers,
    };

    private byte PickProduct()
    {
        var bikes = _customer.Persona == DemoPersona.BargainHunter ? 0.12 : 0.24;
        if (!Chance(bikes)) return (byte)_random.Next(DemoCatalogue.FirstAccessory, DemoCatalogue.Products.Length);
        return _customer.Persona switch
        {
            DemoPersona.Commuter => Chance(0.5) ? (byte)0 : (byte)2,
            DemoPersona.Family => Chance(0.5) ? (byte)5 : (byte)3,
            DemoPersona.Sporty => 4,
            DemoPersona.FleetContact => Chance(0.5) ? (byte)3 : (byte)2,
            _ => (byte)_random.Next(DemoCatalogue.FirstAccessory),
        };
    }

    /// <summary>In hundredths of the customer's currency; złoty prices end in 9.</summary>
    private int Price(byte product)
    {
        var euro = DemoCatalogue.Products[product].Euro;
        return (_customer.Country == DemoCountry.Poland ? (euro * 43 / 100 * 10) + 9 : euro) * 100;
    }
}
