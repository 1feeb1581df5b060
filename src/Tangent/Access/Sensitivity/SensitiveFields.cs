using Tangent.Web;

namespace Tangent.Access;

/// <summary>Kinds of personal values that not every role sees.</summary>
public enum SensitiveKind
{
    Email,
    Phone,
    Address,
    BirthDate,
    Comments,
    Recordings,
}

/// <summary>Tells by its name what kind of personal value a field holds, however senders spell it.</summary>
internal static class SensitiveFields
{
    private static readonly (SensitiveKind Kind, string[] Whole, string[] Parts)[] Known =
    [
        (SensitiveKind.Email, ["mail"], ["email", "mailaddress", "mailadresse"]),
        (SensitiveKind.Phone, ["tel", "fax", "handy", "mobile", "mobil", "cell", "komorka", "rufnummer", "rufnr", "telnr", "nrtel"], ["phone", "telefon", "mobilenumber", "mobilnummer", "mobilnr", "handynummer", "handynr", "rufnummer", "faxnumber", "faxnummer", "komorkow"]),
        (SensitiveKind.BirthDate, ["dob"], ["birth", "geburt", "urodzenia"]),
        (SensitiveKind.Address, ["zip", "plz"], ["street", "strasse", "postcode", "postalcode", "zipcode", "postleitzahl", "kodpocztowy", "housenumber", "hausnummer", "hausnr", "anschrift", "billingaddress", "shippingaddress", "deliveryaddress", "homeaddress", "postaladdress", "rechnungsadresse", "lieferadresse", "wohnadresse", "addressline", "address1", "address2", "ulica", "numerdomu", "nrdomu", "nrmieszkania", "numermieszkania", "adreszam", "adresdo", "adreskoresp"]),
        (SensitiveKind.Comments, ["note", "notes", "text", "subject", "betreff", "temat", "description", "beschreibung", "opis", "tresc", "message", "remark", "remarks", "notiz", "notizen", "nachricht", "opinia", "opinie", "uwagi", "uwaga", "notatka", "notatki", "wiadomosc", "recenzja", "verbatim"], ["comment", "kommentar", "komentarz", "feedbacktext", "bemerkung", "anmerkung", "freitext", "reviewtext", "rezension"]),
        (SensitiveKind.Recordings, [], ["recording", "transcript", "aufzeichnung", "nagranie"]),
    ];

    /// <summary>What ends so is where somebody lives, unless it says what else it is the address of.</summary>
    private static readonly string[] Addresses = ["address", "addresses", "adresse", "adressen", "adres", "adresy"];

    private static readonly string[] OtherAddresses = ["ip", "clientip", "remoteip", "serverip", "sourceip", "ipv4", "ipv6", "mac", "web", "www", "url", "internet", "host", "server"];

    /// <returns>Null for what everybody sees.</returns>
    public static SensitiveKind? KindOf(string name)
    {
        var folded = string.Concat(FoldedText.Of(name).Where(char.IsLetterOrDigit));
        foreach (var (kind, whole, parts) in Known)
            if (whole.Contains(folded) || parts.Any(p => folded.Contains(p, StringComparison.Ordinal))) return kind;
        return Addresses.FirstOrDefault(a => folded.EndsWith(a, StringComparison.Ordinal)) is { } address && !OtherAddresses.Contains(folded[..^address.Length]) ? SensitiveKind.Address : null;
    }
}

/// <summary>The least role that sees each kind of personal value; each role sees what the ones before it see.</summary>
public sealed class SensitivityOptions
{
    public const string Section = "Sensitivity";

    /// <summary>E-mail addresses; others see <c>a…@example.org</c>.</summary>
    public Role Email { get; set; } = Role.Contributor;

    /// <summary>Phone and fax numbers; others see <c>+49 … 67</c>.</summary>
    public Role Phone { get; set; } = Role.Contributor;

    /// <summary>Street, house number, postcode and addresses as a whole; towns and countries are seen by all.</summary>
    public Role Address { get; set; } = Role.Contributor;

    /// <summary>Birth dates.</summary>
    public Role BirthDate { get; set; } = Role.Contributor;

    /// <summary>What people wrote in their own words.</summary>
    public Role Comments { get; set; } = Role.Viewer;

    /// <summary>Recordings and transcripts of calls.</summary>
    public Role Recordings { get; set; } = Role.Contributor;

    internal Role LeastFor(SensitiveKind kind) => kind switch
    {
        SensitiveKind.Email => Email,
        SensitiveKind.Phone => Phone,
        SensitiveKind.Address => Address,
        SensitiveKind.BirthDate => BirthDate,
        SensitiveKind.Comments => Comments,
        _ => Recordings,
    };
}
