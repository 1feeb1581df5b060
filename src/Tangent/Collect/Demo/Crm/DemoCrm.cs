using System.Globalization;
using static Tangent.Collect.DemoKind;

namespace Tangent.Collect;

/// <summary>One file that the company's CRM exports.</summary>
/// <param name="Kind">What its rows are.</param>
/// <param name="Rows">How many there are.</param>
internal sealed record DemoFile(string Name, ImportKind Kind, byte[] Content, int Rows)
{
    public static DemoFile Of(string name, ImportKind kind, DemoTable table) => new(name, kind, table.ToUtf8(), table.Rows - 1);
}

/// <summary>
/// The company's CRM: persons, companies with their deals, contracts and invoices, consents with their history, and orders as records. It knows all
/// contacts of business customers and one private customer in <see cref="OneIn"/>, some of them twice. Orders and invoices are those of the year that was lived.
/// </summary>
internal sealed class DemoCrm(DemoRun run, DemoCalendar calendar)
{
    private const int OneIn = 25;

    private readonly Dictionary<int, DemoCustomer> _persons = [];
    private DemoGroup? _group;
    private readonly Dictionary<int, DemoCountry> _accounts = [];
    private readonly Dictionary<int, int> _contracts = [];
    private readonly DemoTable _orders = new("order number", "date", "product", "amount", "currency", "status");
    private readonly DemoTable _buyers = new("order number", "customer id");
    private readonly DemoTable _invoices = new("invoice number", "company id", "date", "amount", "currency", "status", "subject");

    private static string Id(DemoCustomer customer) => string.Create(CultureInfo.InvariantCulture, $"C{DemoEventWriter.FirstCustomer + customer.Index}");

    private static string Account(int account) => string.Create(CultureInfo.InvariantCulture, $"F{DemoAccount.FirstNumber + account}");

    private static string Currency(DemoCountry country) => country == DemoCountry.Poland ? "PLN" : "EUR";

    private string Day(int day) => calendar.Date(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Money(int cents) => (cents / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>Takes in what was lived, batch after batch in the order of time.</summary>
    public void Learn(DemoBatch batch)
    {
        if (_group != batch.Customers) Learn(_group = batch.Customers);
        foreach (var index in batch.Order)
        {
            ref readonly var e = ref batch.Events[index];
            if (e.Kind is not (OrderCompleted or InvoiceSent or ContractSigned) || e.Who == DemoWho.Card) continue;
            var customer = batch.Customers[e.Customer];
            if (!Knows(customer)) continue;
            var date = DateTimeOffset.FromUnixTimeMilliseconds(e.TimeMs).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            var late = calendar.DayOf(e.TimeMs) > DemoCalendar.Days - 14;
            if (e.Kind == ContractSigned) _contracts[customer.Account] = e.Cents;
            else if (e.Kind == InvoiceSent && customer.Account >= 0)
                _invoices.Add($"R{e.Number}", Account(customer.Account), date, Money(e.Cents), Currency(customer.Country), late ? "sent" : "paid", customer.Role == DemoRole.Buyer ? "Fleet rate" : "Workshop");
            else if (e.Kind == OrderCompleted)
            {
                _orders.Add($"{e.Number}", date, DemoCatalogue.Products[e.Product].Name, Money(e.Cents), Currency(customer.Country), late ? "shipped" : "completed");
                _buyers.Add($"{e.Number}", Id(customer));
            }
        }
    }

    private void Learn(DemoGroup group)
    {
        foreach (var customer in group.Customers)
        {
            if (!Knows(customer)) continue;
            _persons[customer.Index] = customer;
            if (customer.Account >= 0) _accounts[customer.Account] = customer.Country;
        }
    }

    private static bool Knows(DemoCustomer customer) => customer.Account >= 0 || (!customer.Anonymous && customer.Index % OneIn == OneIn - 1);

    /// <summary>What it exports, in the order in which it is brought in. Orders and who bought come as two tables, as shops keep them.</summary>
    public IEnumerable<DemoFile> Files()
    {
        yield return DemoFile.Of("crm-companies.csv", ImportKind.Companies, Companies());
        yield return DemoFile.Of("crm-contacts.csv", ImportKind.Persons, Persons());
        yield return DemoFile.Of("crm-consents.csv", ImportKind.Consents, Consents());
        yield return DemoFile.Of("crm-deals.csv", ImportKind.Deals, Deals());
        yield return DemoFile.Of("crm-contracts.csv", ImportKind.Subscriptions, Contracts());
        yield return DemoFile.Of("crm-invoices.csv", ImportKind.Invoices, _invoices);
        yield return DemoFile.Of("shop-orders.csv", ImportKind.Orders, _orders);
        yield return DemoFile.Of("shop-buyers.csv", ImportKind.Orders, _buyers);
    }

    private DemoTable Companies()
    {
        var table = new DemoTable("id", "name", "street", "postcode", "city", "country", "industry", "website", "owner", "modified at");
        foreach (var (account, country) in _accounts)
        {
            var address = DemoAddress.Of(country, DemoSeeds.Of(run.Seed, account, DemoSeeds.Crm), near: account % 2 == 0);
            var name = DemoWords.CompanyName(country, account);
            table.Add(Account(account), name, address.Street, address.Postcode, address.City, address.Country, DemoWords.Industry(account), $"https://{DemoWords.Ascii(name)}.example", DemoAddress.Owners[account % DemoAddress.Owners.Length], Day(DemoCalendar.Days - 30));
        }

        return table;
    }

    private DemoTable Persons()
    {
        var table = new DemoTable("id", "customer number", "first name", "last name", "email", "phone", "street", "postcode", "city", "country", "birth date", "company id", "company", "job title", "buying role", "modified at");
        foreach (var customer in _persons.Values)
        {
            var person = new DemoContact(run.Seed, customer, calendar);
            table.Add(person.Row(Id(customer), Id(customer), Day(DemoCalendar.Days - 20)));
            if (person.Again(customer) is { } again) table.Add(again.Row($"P{customer.Index}", "", Day(DemoCalendar.Days - 10)));
        }

        return table;
    }

    private DemoTable Consents()
    {
        var table = new DemoTable("customer id", "contact point", "purpose", "topic", "state", "date", "wording", "wording version");
        const string letter = "I would like to receive the newsletter by e-mail. I can withdraw this at any time.";
        foreach (var customer in _persons.Values.Where(c => c.Newsletter || c.Account >= 0))
        {
            var pick = DemoSeeds.Of(run.Seed, customer.Index, DemoSeeds.Crm + 2);
            void Say(string point, string topic, string state, int day, string wording) => table.Add(Id(customer), point, "commercial", topic, state, Day(day), wording, "2024-1");
            if (customer.Newsletter)
            {
                Say($"email:{DemoEventWriter.Email(customer)}", "newsletter", "given", Math.Min(customer.SinceDay, 200), letter);
                if (pick % 6 == 0) Say($"email:{DemoEventWriter.Email(customer)}", "newsletter", "withdrawn", 205 + (pick % 60), "");
                if (pick % 18 == 0) Say($"email:{DemoEventWriter.Email(customer)}", "newsletter", "given", 280 + (pick % 60), letter);
            }

            if (customer.Account >= 0 && pick % 3 != 0) Say($"phone:{DemoEventWriter.Phone(customer)}", "", pick % 11 == 0 ? "withdrawn" : "given", 10 + (pick % 300), "You may call me about our fleet.");
        }

        return table;
    }

    private DemoTable Deals()
    {
        var table = new DemoTable("deal id", "deal name", "company id", "amount", "currency", "stage", "create date", "close date", "owner");
        foreach (var (account, country) in _accounts)
        {
            var (need, toContract, signs) = DemoAccount.Timeline(run.Seed, account);
            var ends = need + toContract;
            var bicycles = 8 + (DemoSeeds.Of(run.Seed, account, DemoSeeds.Account + 3) % 40);
            var cents = _contracts.GetValueOrDefault(account, bicycles * DemoCatalogue.Products[3].Euro * (country == DemoCountry.Poland ? 430 : 100));
            table.Add(
                $"D{DemoAccount.FirstNumber + account}", $"Fleet of {bicycles} {DemoCatalogue.Products[3].Name}", Account(account), Money(cents), Currency(country),
                _contracts.ContainsKey(account) ? "closed won" : ends >= DemoCalendar.Days ? "negotiation" : signs ? "contract sent" : "closed lost", Day(need + 8), Day(ends), DemoAddress.Owners[account % DemoAddress.Owners.Length]);
        }

        return table;
    }

    private DemoTable Contracts()
    {
        var table = new DemoTable("contract number", "company id", "name", "start date", "end date", "amount", "currency", "status");
        foreach (var (account, cents) in _contracts)
        {
            var (need, toContract, _) = DemoAccount.Timeline(run.Seed, account);
            table.Add($"S{DemoAccount.FirstNumber + account}", Account(account), "Fleet service", Day(need + toContract), Day(need + toContract + (3 * 365)), Money(cents / 36), Currency(_accounts[account]), "active");
        }

        return table;
    }
}
