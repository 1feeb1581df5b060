namespace Tangent.Collect;

internal enum DemoCountry : byte
{
    Germany,
    Austria,
    Poland,
}

/// <summary>What kind of customer: says how often and what people buy, and where they meet the company.</summary>
internal enum DemoPersona : byte
{
    Commuter,
    Family,
    Sporty,
    BargainHunter,
    Enthusiast,
    FleetContact,
}

/// <summary>The roles of a buying committee.</summary>
internal enum DemoRole : byte
{
    Initiator,
    User,
    Influencer,
    Decider,
    Buyer,
    Gatekeeper,
    None,
}

/// <summary>One simulated person; everything follows from the seed and the number.</summary>
internal sealed class DemoCustomer
{
    public const int BlockSize = 100;

    private static readonly double[] CountryShares = [.50, .22, .28];
    private static readonly double[] PersonaShares = [.34, .20, .16, .18, .12];
    private static readonly double[] AgeShares = [.10, .24, .25, .20, .14, .07];

    public DemoCustomer(int seed, int index)
    {
        Index = index;
        var random = new Random(DemoSeeds.Of(seed, index, DemoSeeds.Person));
        var inBlock = index % BlockSize;
        var account = index / BlockSize;
        var committee = DemoAccount.Members(seed, account);
        Account = inBlock < committee ? account : -1;
        Role = Account < 0 ? DemoRole.None : (DemoRole)inBlock;
        Country = Account < 0 ? (DemoCountry)Pick(CountryShares, random) : DemoAccount.CountryOf(seed, account);
        Persona = Account < 0 ? (DemoPersona)Pick(PersonaShares, random) : DemoPersona.FleetContact;
        Anonymous = Account < 0 && random.NextDouble() < 0.10;
        Woman = random.NextDouble() < 0.48;
        (First, Last) = (random.Next(), random.Next());
        NearShop = random.NextDouble() < 0.45;
        City = random.Next();
        Age = (byte)Pick(AgeShares, random);
        // Log-normal with mean 1: a few people click all day, most hardly ever.
        Activity = Math.Min(12, Math.Exp((0.9 * Gauss(random)) - 0.405));
        Temper = (byte)Pick(DemoPlants.TemperShares, random);
        Devices = (byte)((random.NextDouble() < 0.86 ? 1 : 0) | (random.NextDouble() < 0.6 ? 2 : 0) | (random.NextDouble() < 0.15 ? 4 : 0));
        if (Devices == 0) Devices = 1;
        SinceDay = random.NextDouble() < 0.68 || Account >= 0 ? -random.Next(1, 2_600) : random.Next(DemoCalendar.Days);
        Newsletter = !Anonymous && random.NextDouble() < (Persona == DemoPersona.BargainHunter ? 0.7 : 0.4);
        TwoNumbers = !Anonymous && Account < 0 && NearShop && random.NextDouble() < 0.12;
    }

    public int Index { get; }

    public int Account { get; }

    public DemoRole Role { get; }

    public DemoCountry Country { get; }

    public DemoPersona Persona { get; }

    /// <summary>Never says who they are.</summary>
    public bool Anonymous { get; }

    public bool Woman { get; }

    public int First { get; }

    public int Last { get; }

    /// <summary>Lives where the company has a shop and a workshop.</summary>
    public bool NearShop { get; }

    public int City { get; }

    public byte Age { get; }

    /// <summary>How much this person browses, 1 on average; it does not change what they buy or say.</summary>
    public double Activity { get; }

    /// <summary>Index into <see cref="DemoPlants.NpsByTemper"/>.</summary>
    public byte Temper { get; }

    /// <summary>Bits: phone, desktop, tablet.</summary>
    public byte Devices { get; }

    /// <summary>Day of the period on which this person became a customer; negative = before it.</summary>
    public int SinceDay { get; }

    public bool Newsletter { get; }

    /// <summary>Has a customer card whose number the shops use until it is joined with the customer number.</summary>
    public bool TwoNumbers { get; }

    public byte HomeShop => NearShop ? (byte)(1 + (int)Country) : (byte)0;

    private static int Pick(double[] shares, Random random)
    {
        var pick = random.NextDouble();
        for (var i = 0; i < shares.Length; i++)
            if ((pick -= shares[i]) < 0) return i;
        return shares.Length - 1;
    }

    private static double Gauss(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

/// <summary>A business with a bicycle fleet: its buying committee are the first customers of every hundred.</summary>
internal static class DemoAccount
{
    public const int FirstNumber = 1_000;

    public static int Members(int seed, int account) => 4 + (DemoSeeds.Of(seed, account, DemoSeeds.Account) % 3);

    public static DemoCountry CountryOf(int seed, int account) => (DemoSeeds.Of(seed, account, DemoSeeds.Account + 1) % 10) switch
    {
        < 5 => DemoCountry.Germany,
        < 7 => DemoCountry.Austria,
        _ => DemoCountry.Poland,
    };

    /// <summary>Day on which the need is felt, and days from there to the contract; no contract in three of ten accounts.</summary>
    public static (int Need, int ToContract, bool Signs) Timeline(int seed, int account)
    {
        var random = new Random(DemoSeeds.Of(seed, account, DemoSeeds.Account + 2));
        return (random.Next(5, 270), random.Next(28, 75), random.NextDouble() < 0.7);
    }
}

/// <summary>Seeds derived from the one seed of a run, so that no result depends on the order of work.</summary>
internal static class DemoSeeds
{
    public const int Person = 1, Journey = 2, Referral = 3, Account = 10, Crm = 20;

    /// <returns>0 to 2,147,483,647.</returns>
    public static int Of(int seed, int index, int purpose) => (int)(Mix(((ulong)(uint)seed << 32 | (uint)index) + ((ulong)purpose * 0x9E3779B97F4A7C15)) >> 33);

    /// <summary>SplitMix64's finaliser (Steele, Lea, Flood 2014).</summary>
    public static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
