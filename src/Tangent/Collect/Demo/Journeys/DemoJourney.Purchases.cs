using static Tangent.Collect.DemoKind;

namespace Tangent.Collect;

internal sealed partial class DemoJourney
{
    private void Buy()
    {
        var first = _customer.SinceDay >= 0 ? 1 : 0;
        for (var n = first + CountAsCustomer(0.85); n > 0; n--)
        {
            var day = n == 1 && first == 1 ? _customer.SinceDay : DayAsCustomer();
            if (_customer.NearShop && Chance(0.5)) VisitShop(calendar.At(day, DemoRhythm.Shop, _random), buys: Chance(0.7));
            else Checkout(calendar.At(day, DemoRhythm.Web, _random));
        }
    }

    private void LookInAtShops()
    {
        if (!_customer.NearShop) return;
        for (var n = CountAsCustomer(0.5); n > 0; n--) VisitShop(calendar.At(DayAsCustomer(), DemoRhythm.Shop, _random), buys: false);
    }

    private void Checkout(long time)
    {
        var device = PickDevice();
        var product = PickProduct();
        time = Visit(time, device);
        Add(CartPage, time = SecondsLater(time, 10, 200), device);
        Add(CheckoutStarted, time = SecondsLater(time, 10, 120), device, product: product);
        var broken = device == DemoDevice.Phone && DemoPlants.Holds(plants.BrokenCheckout, calendar.DayOf(time));
        if (Chance(0.18))
        {
            var score = (broken && Chance(DemoPlants.CheckoutAngry) ? DemoPlants.CesHard : DemoPlants.Ces).Draw(_random);
            Survey(time + HourMs, DemoMetric.Ces, CheckoutStarted, score, broken || score > 3 ? DemoTopic.Checkout : DemoTopic.General);
        }

        if (Chance(broken ? DemoPlants.CheckoutDonePhoneBroken : DemoPlants.CheckoutDone))
        {
            Complete(SecondsLater(time, 60, 400), device, product);
            return;
        }

        if (!broken)
        {
            if (Chance(0.05)) Add(PaymentFailed, SecondsLater(time, 60, 200), device);
            return;
        }

        Add(PaymentFailed, time = SecondsLater(time, 40, 120), device);
        if (Chance(0.4)) Add(PaymentFailed, time = SecondsLater(time, 20, 120), device);
        if (Chance(DemoPlants.CheckoutCallBroken)) Call(ComplaintCall, calendar.After(time, 0, 2, DemoRhythm.Office, _random));
        else if (Chance(0.15)) Order(time + DayMs + _random.NextInt64(2 * DayMs), DemoDevice.Desktop, product);
    }

    /// <summary>An order that is certain to succeed; never from a phone, so that it does not blur how well phones do.</summary>
    private void Order(long time, DemoDevice device, byte product)
    {
        Add(CartPage, time, device);
        Add(CheckoutStarted, time = SecondsLater(time, 10, 120), device, product: product);
        Complete(SecondsLater(time, 60, 400), device, product);
    }

    private void Complete(long time, DemoDevice device, byte product)
    {
        var number = NextNumber();
        var cents = Basket(product);
        Add(new DemoEvent { Kind = OrderCompleted, TimeMs = time, Device = device, Product = product, Cents = cents, Number = number });
        Add(OrderConfirmed, SecondsLater(time, 5, 90), number: number);
        Invoice(time, cents, number);

        var delivered = calendar.After(time, 2, 5, DemoRhythm.Parcel, _random);
        if (Chance(0.4))
        {
            Add(TrackingViewed, time + (long)((delivered - time) * (0.3 + (0.6 * _random.NextDouble()))), number: number);
            if (Chance(0.3)) Add(TrackingViewed, delivered - _random.NextInt64(6 * HourMs), number: number);
        }

        Add(ParcelDelivered, delivered, number: number);
        if (Chance(0.24)) Survey(calendar.After(delivered, 1, 2, DemoRhythm.Web, _random), DemoMetric.Csat, ParcelDelivered, DemoPlants.Csat.Draw(_random), DemoTopic.Parcel);
        if (Chance(0.07)) Add(ReturnReceived, calendar.After(delivered, 4, 16, DemoRhythm.Parcel, _random), number: number);
        if (Chance(0.02)) Call(ComplaintCall, calendar.After(delivered, 1, 6, DemoRhythm.Office, _random));
        if (Chance(0.06)) Review(calendar.After(delivered, 3, 25, DemoRhythm.Web, _random));
    }

    private void Invoice(long after, int cents, int number)
    {
        var time = calendar.After(after, 0, 1, DemoRhythm.Night, _random);
        var unclear = calendar.DayOf(time) >= plants.UnclearInvoice;
        Add(new DemoEvent { Kind = InvoiceSent, TimeMs = time, Cents = cents, Number = number, Detail = unclear ? 1 : 0 });

        // Looking the invoice up and calling both follow from the layout, and only from it.
        if (Chance(unclear ? 0.42 : 0.12))
        {
            var looked = calendar.After(time, 0, 6, DemoRhythm.Web, _random);
            var device = PickDevice();
            if (Chance(0.5)) Add(AccountPage, looked - (20 * SecondMs), device);
            Add(InvoicePage, looked, device, number: number);
        }

        if (Chance(unclear ? DemoPlants.InvoiceCallUnclear : DemoPlants.InvoiceCallClear))
        {
            var called = calendar.After(time, 1, 8, DemoRhythm.Office, _random);
            Call(InvoiceCall, called);
            if (Chance(0.35))
            {
                var score = unclear && Chance(DemoPlants.InvoiceCallHard) ? DemoPlants.CesHard : DemoPlants.Ces;
                Survey(called + (3 * HourMs), DemoMetric.Ces, InvoiceCall, score.Draw(_random), unclear ? DemoTopic.Invoice : DemoTopic.Hotline);
            }
        }

        if (Chance(0.05)) Add(ReminderSent, calendar.After(time, 21, 24, DemoRhythm.Night, _random), number: number);
    }

    private void VisitShop(long time, bool buys)
    {
        var shop = _customer.HomeShop == 0 ? (byte)(1 + (int)_customer.Country) : _customer.HomeShop;
        var product = PickProduct();
        var unfriendly = shop == DemoPlants.UnfriendlyShop;
        Add(ShopVisited, time, shop: shop);
        if (unfriendly) _experiences.Add((time, DemoTopic.Staff));
        if (Chance(DemoCatalogue.Products[product].Bike ? 0.6 : 0.08)) Add(TestRideTaken, time + (12 * MinuteMs), shop: shop, product: product);
        if (buys) Add(new DemoEvent { Kind = ReceiptPrinted, TimeMs = time + (_random.Next(20, 50) * MinuteMs), Shop = shop, Product = product, Cents = Basket(product), Number = NextNumber() });
        else if (Chance(0.03)) Add(new DemoEvent { Kind = GiftCardBought, TimeMs = time + (15 * MinuteMs), Shop = shop, Cents = 5_000, Number = NextNumber() });
        if (!Chance(0.3)) return;
        var angry = unfriendly && Chance(DemoPlants.StaffAngry);
        Survey(calendar.After(time, 0, 2, DemoRhythm.Web, _random), DemoMetric.Csat, ShopVisited,
            (angry ? DemoPlants.CsatAngry : DemoPlants.Csat).Draw(_random), angry ? DemoTopic.Staff : DemoTopic.Shop, shop);
    }

    private int Basket(byte product)
    {
        var cents = Price(product);
        while (Chance(0.3)) cents += Price((byte)_random.Next(DemoCatalogue.FirstAccessory, DemoCatalogue.Products.Length));
        return cents;
    }
}
