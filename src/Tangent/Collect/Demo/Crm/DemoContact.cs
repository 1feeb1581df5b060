using System.Globalization;

namespace Tangent.Collect;

/// <summary>A person as the CRM writes it down.</summary>
internal sealed record DemoContact
{
    private static readonly int[] Ages = [18, 25, 35, 45, 55, 65];
    private static readonly string[] Jobs = ["Office manager", "Courier", "Mobility consultant", "Managing director", "Head of purchasing", "Assistant to the board"];
    private static readonly string[] RoleNames = ["initiator", "user", "influencer", "decider", "buyer", "gatekeeper"];

    // Out of a hundred: entered again with a slip in the name, after a move, and the other half of a couple, who is somebody else.
    private const int Slips = 5, Moves = 8, Couples = 10;

    private readonly int _seed;

    public DemoContact(int seed, DemoCustomer customer, DemoCalendar calendar)
    {
        _seed = seed;
        var pick = DemoSeeds.Of(seed, customer.Index, DemoSeeds.Crm + 1);
        (First, Last, Email, Phone) = (DemoWords.First(customer), DemoWords.Last(customer), DemoEventWriter.Email(customer), DemoEventWriter.Phone(customer));
        Address = DemoAddress.Of(customer, pick);
        // A contact of a company tells its birthday to nobody.
        Birth = customer.Account >= 0 ? "" : calendar.First.AddYears(-Ages[customer.Age] - (pick % 9)).AddDays(-(pick % 365)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (customer.Account < 0) return;
        (CompanyId, Company) = (string.Create(CultureInfo.InvariantCulture, $"F{DemoAccount.FirstNumber + customer.Account}"), DemoWords.CompanyName(customer.Country, customer.Account));
        (Job, Role) = (Jobs[(int)customer.Role], RoleNames[(int)customer.Role]);
    }

    public string First { get; private init; }

    public string Last { get; private init; }

    public string Email { get; private init; }

    public string Phone { get; private init; }

    public DemoAddress Address { get; private init; }

    public string Birth { get; private init; }

    public string CompanyId { get; private init; } = "";

    public string Company { get; private init; } = "";

    public string Job { get; private init; } = "";

    public string Role { get; private init; } = "";

    public string[] Row(string id, string number, string changed) =>
        [id, number, First, Last, Email, Phone, Address.Street, Address.Postcode, Address.City, Address.Country, Birth, CompanyId, Company, Job, Role, changed];

    /// <summary>The same person as somebody entered it once more, or somebody of the same household; null where it is there once.</summary>
    public DemoContact? Again(DemoCustomer customer)
    {
        var pick = DemoSeeds.Of(_seed, customer.Index, DemoSeeds.Crm + 3);
        var other = $"{DemoWords.Ascii(Last)}.{DemoWords.Ascii(First)}{customer.Index % 97}@mail.example";
        return (pick % 100) switch
        {
            < Slips => this with { Last = Slip(Last, pick / 100), Email = other, Job = "", Role = "" },
            < Moves => this with { Email = other, Phone = "", Address = DemoAddress.Of(customer, pick / 100), Job = "", Role = "" },
            < Couples when customer.Account < 0 => this with { First = DemoWords.First(customer.Country, !customer.Woman, pick / 100), Email = "", Birth = Birth[..4] + "-07-" + (10 + (pick % 18)).ToString(CultureInfo.InvariantCulture) },
            _ => null,
        };
    }

    /// <summary>Two letters exchanged, or one left out.</summary>
    private static string Slip(string name, int pick)
    {
        if (name.Length < 4) return name + "e";
        var at = 1 + (pick % (name.Length - 2));
        return pick % 2 == 0 ? name.Remove(at, 1) : name[..at] + name[at + 1] + name[at] + name[(at + 2)..];
    }
}
