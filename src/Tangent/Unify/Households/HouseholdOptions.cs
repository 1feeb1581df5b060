using System.ComponentModel.DataAnnotations;

namespace Tangent.Unify;

/// <summary>Who lives together. Persons of one address form a household; it groups them and merges nobody.</summary>
public sealed class HouseholdOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Households";

    /// <summary>What persons of one address share besides: <c>SurnameOrPhone</c>, <c>Surname</c>, <c>Phone</c>, or <c>Address</c> for nothing.</summary>
    public HouseholdBond SharedBy { get; set; } = HouseholdBond.SurnameOrPhone;

    /// <summary>Persons with the same contract number (trait <c>contractNumber</c>, <c>Vertragsnummer</c>, <c>numerUmowy</c>) are a household too, wherever they live.</summary>
    public bool SharedContract { get; set; }

    /// <summary>More persons than this are no household: a block of flats, a home, a company's address.</summary>
    [Range(2, 50)]
    public int MostPersons { get; set; } = 8;
}

/// <summary>What persons of one address share.</summary>
public enum HouseholdBond
{
    /// <summary>Surname or telephone number.</summary>
    SurnameOrPhone,

    /// <summary>Surname.</summary>
    Surname,

    /// <summary>Telephone number.</summary>
    Phone,

    /// <summary>Nothing but the address.</summary>
    Address,
}
