using static Tangent.Collect.DemoKind;

namespace Tangent.Collect;

internal sealed partial class DemoJourney
{
    private void BringBikes()
    {
        for (var n = CountAsCustomer(_customer.NearShop ? 0.95 : 0.25); n > 0; n--) BringBike(DayAsCustomer());
    }

    private void BringBike(int day)
    {
        var shop = (byte)(1 + (int)_customer.Country);
        var number = NextNumber();
        var online = Chance(0.6);
        var booked = calendar.At(day, online ? DemoRhythm.Web : DemoRhythm.Office, _random);
        if (online) Add(WorkshopBooked, booked, PickDevice(), shop: shop, number: number);
        else Call(BookingCall, booked);
        if (Chance(0.25))
        {
            var score = online && Chance(DemoPlants.BookingEasy) ? DemoPlants.CesEasy : DemoPlants.Ces;
            Survey(booked + (2 * HourMs), DemoMetric.Ces, online ? WorkshopBooked : BookingCall, score.Draw(_random), DemoTopic.Booking);
        }

        var received = calendar.After(booked, 2, 10, DemoRhythm.Shop, _random);
        var ready = calendar.After(received, 1, 6, DemoRhythm.Shop, _random);
        Add(BikeReceived, received, shop: shop, number: number);

        // The text message often goes with the call, and does nothing by itself.
        var called = Chance(0.4);
        if (called)
        {
            Add(PickUpCall, ready, shop: shop, number: number);
            _experiences.Add((ready, DemoTopic.PickUp));
        }

        if (Chance(called ? 0.8 : 0.35)) Add(PickUpText, ready + (3 * MinuteMs), shop: shop, number: number);
        var pickedUp = calendar.After(ready, 0, 3, DemoRhythm.Shop, _random);
        var cents = (_customer.Country == DemoCountry.Poland ? 43 : 10) * _random.Next(250, 2_400);
        Add(new DemoEvent { Kind = BikePickedUp, TimeMs = pickedUp, Shop = shop, Cents = cents, Number = number });
        Invoice(pickedUp, cents, number);
        if (Chance(0.32)) _npsTimes.Add(calendar.After(pickedUp, 4, 12, DemoRhythm.Web, _random));
        if (Chance(0.04)) Review(calendar.After(pickedUp, 2, 20, DemoRhythm.Web, _random));
        if (Chance(called ? DemoPlants.ComeBackAfterCall : DemoPlants.ComeBack)) ComeBack(pickedUp);
    }

    private void ComeBack(long pickedUp)
    {
        var day = calendar.DayOf(pickedUp) + _random.Next(6, DemoPlants.RepurchaseDays - 12);
        if (_customer.NearShop && Chance(0.5)) VisitShop(calendar.At(day, DemoRhythm.Shop, _random), buys: true);
        else Order(calendar.At(day, DemoRhythm.Web, _random), DemoDevice.Desktop, PickProduct());
    }

    private void WriteMails()
    {
        for (var n = CountAsCustomer(0.45); n > 0; n--) WriteMail(calendar.At(DayAsCustomer(), DemoRhythm.Web, _random));
    }

    private void WriteMail(long time)
    {
        var number = NextNumber();
        var slow = DemoPlants.Holds(plants.SlowMail, calendar.DayOf(time));
        var minutes = slow ? _random.Next(80 * 60, 112 * 60) : (int)(60 * Math.Exp(_random.NextDouble() * 3));
        var answered = time + (minutes * MinuteMs);
        Add(MailReceived, time, number: number);
        Add(new DemoEvent { Kind = MailAnswered, TimeMs = answered, Number = number, Detail = minutes });
        if (slow) _experiences.Add((answered, DemoTopic.SlowMail));
        if (slow && Chance(DemoPlants.SlowMailCall)) Call(ComplaintCall, calendar.After(time, 1, 3, DemoRhythm.Office, _random));
        if (!Chance(0.38)) return;
        var angry = slow && Chance(DemoPlants.SlowMailAngry);
        Survey(answered + (2 * HourMs), DemoMetric.Csat, MailAnswered, (angry ? DemoPlants.CsatAngry : DemoPlants.Csat).Draw(_random), angry ? DemoTopic.SlowMail : DemoTopic.Mail);
    }

    private void Call(DemoKind kind, long time) => Add(new DemoEvent
    {
        Kind = kind,
        TimeMs = time,
        Number = NextNumber(),
        // Seconds waited; nobody's answer depends on them.
        Detail = (int)(8 * Math.Exp(_random.NextDouble() * 3.5)),
    });

    private void Review(long time)
    {
        var score = DemoPlants.Csat.Draw(_random);
        Add(new DemoEvent { Kind = ReviewWritten, TimeMs = time, Score = (byte)score, Metric = DemoMetric.Csat, Number = _random.Next() });
    }

    private void AnswerNps()
    {
        for (var half = 0; half < 2; half++)
        {
            var day = (half * 182) + _random.Next(182);
            if (day > _customer.SinceDay + 20 && Chance(0.27)) _npsTimes.Add(calendar.At(day, DemoRhythm.Web, _random));
        }

        foreach (var time in _npsTimes)
        {
            var (score, topic) = Felt(time);
            Survey(time, DemoMetric.Nps, SurveyAnswered, score, topic);
        }
    }

    /// <summary>What a person answers to "would you recommend us": their temper, unless something of the last 90 days outshines it.</summary>
    private (int Score, DemoTopic Topic) Felt(long time)
    {
        foreach (var (at, topic) in _experiences)
        {
            if (at >= time || at < time - (DemoPlants.NpsMemoryDays * DayMs)) continue;
            if (topic == DemoTopic.PickUp && Chance(DemoPlants.PickUpDelight)) return (DemoPlants.NpsDelighted.Draw(_random), topic);
            if (topic == DemoTopic.Staff && Chance(DemoPlants.StaffNps)) return (DemoPlants.NpsAngry.Draw(_random), topic);
            if (topic == DemoTopic.SlowMail && Chance(DemoPlants.SlowMailNps)) return (DemoPlants.NpsAngry.Draw(_random), topic);
        }

        return (DemoPlants.NpsByTemper[_customer.Temper].Draw(_random), DemoTopic.General);
    }

    private void Survey(long time, DemoMetric metric, DemoKind about, int score, DemoTopic topic, byte shop = 0) => Add(new DemoEvent
    {
        Kind = SurveyAnswered,
        TimeMs = time,
        Metric = metric,
        About = about,
        Score = (byte)score,
        Topic = topic,
        Shop = shop,
        Number = _random.Next(),
    });
}
