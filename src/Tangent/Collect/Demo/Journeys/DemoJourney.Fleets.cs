using static Tangent.Collect.DemoKind;

namespace Tangent.Collect;

internal sealed partial class DemoJourney
{
    /// <summary>The part that this member of a buying committee has in winning, or losing, a bicycle fleet.</summary>
    private void BuyForFleet()
    {
        var (need, toContract, signs) = DemoAccount.Timeline(seed, _customer.Account);
        var contract = need + toContract;
        switch (_customer.Role)
        {
            case DemoRole.Initiator:
                LookAtFleets(need, 10, 4);
                Call(FleetCall, calendar.At(need + 8, DemoRhythm.Office, _random));
                break;
            case DemoRole.User:
                Add(TestRideTaken, calendar.At(need + 14, DemoRhythm.Shop, _random), shop: (byte)(1 + (int)_customer.Country), product: 3);
                for (var n = signs ? _random.Next(2, 5) : 0; n > 0; n--) BringBike(contract + _random.Next(20, 150));
                break;
            case DemoRole.Influencer:
                LookAtFleets(need + 5, 20, 7);
                for (var n = _random.Next(1, 4); n > 0; n--) Add(ConfiguratorUsed, calendar.At(need + _random.Next(8, 25), DemoRhythm.Office, _random), DemoDevice.Desktop, product: 3);
                break;
            case DemoRole.Decider:
                LookAtFleets(need + 12, 15, 2);
                Call(FleetCall, calendar.At(need + 18, DemoRhythm.Office, _random));
                Add(FleetOffer, calendar.At(need + 22, DemoRhythm.Office, _random), number: NextNumber());
                if (signs) Sign(contract);
                break;
            case DemoRole.Buyer:
                Add(FleetOffer, calendar.At(need + 22, DemoRhythm.Office, _random), number: NextNumber());
                Call(FleetCall, calendar.At(need + 25, DemoRhythm.Office, _random));
                PayRates(signs ? contract : DemoCalendar.Days);
                break;
            case DemoRole.Gatekeeper:
                Call(AdviceCall, calendar.At(need + 6, DemoRhythm.Office, _random));
                WriteMail(calendar.At(need + 10, DemoRhythm.Office, _random));
                LookAtFleets(need + 6, 12, 3);
                break;
        }
    }

    private void LookAtFleets(int from, int days, int upTo)
    {
        for (var n = _random.Next(1, upTo + 1); n > 0; n--)
        {
            var time = calendar.At(from + _random.Next(days), DemoRhythm.Office, _random);
            Add(FleetPage, time, DemoDevice.Desktop, product: 2);
            if (Chance(0.6)) Add(FleetPage, SecondsLater(time, 20, 300), DemoDevice.Desktop, product: 3);
            if (Chance(0.3)) Add(AccountPage, SecondsLater(time, 300, 500), DemoDevice.Desktop);
        }
    }

    private void Sign(int day) => Add(new DemoEvent
    {
        Kind = ContractSigned,
        TimeMs = calendar.At(day, DemoRhythm.Office, _random),
        Product = 3,
        Cents = _random.Next(8, 40) * Price(3),
        Number = NextNumber(),
    });

    private void PayRates(int from)
    {
        var cents = _random.Next(8, 40) * (_customer.Country == DemoCountry.Poland ? 38_900 : 8_900);
        for (var day = from + 2; day < DemoCalendar.Days; day += 30) Invoice(calendar.At(day, DemoRhythm.Office, _random), cents, NextNumber());
    }
}
