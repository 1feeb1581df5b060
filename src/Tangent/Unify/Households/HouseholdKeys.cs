using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>What persons of one household share: the address together with the surname, with the telephone number, or by itself; and the contract, where contracts count. Numbers are hashes; 0 stands for a blank.</summary>
internal readonly record struct HouseholdKeys(uint First, uint Second, uint Contract)
{
    public static readonly HouseholdKeys None = new(0, 0, 0);

    // How senders write the number of a contract, in the form names of traits are compared in.
    private static readonly HashSet<string> ContractNames = new("contractnumber contractno contractid contract vertragsnummer vertragsnr vertrag numerumowy nrumowy umowa".Split(' '), StringComparer.Ordinal);

    public bool IsNone => First == 0 && Second == 0 && Contract == 0;

    public IEnumerable<uint> All => new[] { First, Second, Contract }.Where(k => k != 0);

    public bool Share(HouseholdKeys other) => (First != 0 && First == other.First) || (Second != 0 && Second == other.Second) || SharesContract(other);

    public bool SharesContract(HouseholdKeys other) => Contract != 0 && Contract == other.Contract;

    /// <param name="record">What is known of a person.</param>
    /// <param name="options">What must be shared.</param>
    /// <param name="country">Country of telephone numbers without calling code.</param>
    public static HouseholdKeys Of(GoldenRecord record, HouseholdOptions options, string country)
    {
        var home = OfAddress(StoredPersons.Values(record), options.SharedBy, country);
        // Capitals, blanks and strokes are written this way and that.
        var contract = options.SharedContract ? string.Concat(FoldedText.Of(ContractOf(record)).Where(char.IsLetterOrDigit)) : "";
        return contract.Length == 0 ? home : home with { Contract = Hash($"contract\n{contract}") };
    }

    /// <summary>The number of the person's contract; empty where none is known.</summary>
    public static string ContractOf(GoldenRecord record) =>
        record.Values.FirstOrDefault(v => ContractNames.Contains(string.Concat(FoldedText.Of(v.Name).Where(char.IsLetterOrDigit)))) is { } said ? TraitReading.Simple(said.Value) ?? "" : "";

    private static HouseholdKeys OfAddress(IReadOnlyDictionary<string, string> values, HouseholdBond bond, string country)
    {
        string Value(string column) => values.GetValueOrDefault(column, "");
        var street = AddressValue.Of($"{Value("street")} {Value("houseNumber")}".Trim());
        // A postcode is also written with its country before it.
        var place = Value("postcode") is { Length: > 0 } code ? string.Concat(FoldedText.Of(code).SkipWhile(c => !char.IsAsciiDigit(c)).Where(char.IsLetterOrDigit)) : FoldedText.Of(Value("city"));
        // A street without a number is a quarter, and a number without a place is anywhere.
        if (place.Length == 0 || !street.Any(char.IsAsciiDigit) || !street.Any(char.IsLetter)) return None;
        var address = $"{place}\n{street}\n";
        if (bond == HouseholdBond.Address) return None with { First = Hash(address) };
        var surname = bond == HouseholdBond.Phone ? "" : Family(NameValue.Of(Value("lastName")));
        var phone = bond == HouseholdBond.Surname ? "" : PhoneValue.Of(Value("phone"), country) ?? "";
        return new HouseholdKeys(surname.Length == 0 ? 0 : Hash($"{address}n{surname}"), phone.Length == 0 ? 0 : Hash($"{address}p{phone}"), 0);
    }

    /// <summary>Polish wives and daughters have their own form of a family's name.</summary>
    private static string Family(string surname) =>
        surname.EndsWith("ska", StringComparison.Ordinal) || surname.EndsWith("cka", StringComparison.Ordinal) || surname.EndsWith("dzka", StringComparison.Ordinal) ? surname[..^1] + 'i' : surname;

    private static uint Hash(string text) => (uint)(TextHash.Of(text) >> 32) | 1;
}
