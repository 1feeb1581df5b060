using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>What persons of one household share: the address together with the surname, with the telephone number, or by itself. Numbers are hashes; 0 stands for a blank.</summary>
internal readonly record struct HouseholdKeys(uint First, uint Second)
{
    public static readonly HouseholdKeys None = new(0, 0);

    public bool IsNone => First == 0 && Second == 0;

    public IEnumerable<uint> All => new[] { First, Second }.Where(k => k != 0);

    public bool Share(HouseholdKeys other) => (First != 0 && First == other.First) || (Second != 0 && Second == other.Second);

    /// <param name="values">What is known of a person, by the columns of <see cref="StoredPersons"/>.</param>
    /// <param name="bond">What must be shared.</param>
    /// <param name="country">Country of telephone numbers without calling code.</param>
    public static HouseholdKeys Of(IReadOnlyDictionary<string, string> values, HouseholdBond bond, string country)
    {
        string Value(string column) => values.GetValueOrDefault(column, "");
        var street = AddressValue.Of($"{Value("street")} {Value("houseNumber")}".Trim());
        // A postcode is also written with its country before it.
        var place = Value("postcode") is { Length: > 0 } code ? string.Concat(FoldedText.Of(code).SkipWhile(c => !char.IsAsciiDigit(c)).Where(char.IsLetterOrDigit)) : FoldedText.Of(Value("city"));
        // A street without a number is a quarter, and a number without a place is anywhere.
        if (place.Length == 0 || !street.Any(char.IsAsciiDigit) || !street.Any(char.IsLetter)) return None;
        var address = $"{place}\n{street}\n";
        if (bond == HouseholdBond.Address) return new HouseholdKeys(Hash(address), 0);
        var surname = bond == HouseholdBond.Phone ? "" : Family(NameValue.Of(Value("lastName")));
        var phone = bond == HouseholdBond.Surname ? "" : PhoneValue.Of(Value("phone"), country) ?? "";
        return new HouseholdKeys(surname.Length == 0 ? 0 : Hash($"{address}n{surname}"), phone.Length == 0 ? 0 : Hash($"{address}p{phone}"));
    }

    /// <summary>Polish wives and daughters have their own form of a family's name.</summary>
    private static string Family(string surname) =>
        surname.EndsWith("ska", StringComparison.Ordinal) || surname.EndsWith("cka", StringComparison.Ordinal) || surname.EndsWith("dzka", StringComparison.Ordinal) ? surname[..^1] + 'i' : surname;

    private static uint Hash(string text) => (uint)(TextHash.Of(text) >> 32) | 1;
}
