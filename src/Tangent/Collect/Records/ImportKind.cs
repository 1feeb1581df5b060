namespace Tangent.Collect;

/// <summary>What the rows of a file are.</summary>
public enum ImportKind
{
    Events = 0,
    Persons = 1,
    Companies = 2,
    Orders = 3,
    Invoices = 4,
    Tickets = 5,
    Deals = 6,
    Subscriptions = 7,
    Consents = 8,

    /// <summary>Which persons another program found to be one.</summary>
    Merges = 9,

    /// <summary>Calls, meetings and letters, and what became of them.</summary>
    Activities = 10,

    /// <summary>Answers and reviews.</summary>
    Feedback = 11,
}

/// <summary>Which fields files of each kind have, and which of them they need.</summary>
internal static class ImportKinds
{
    private static readonly ImportField[] Events =
        [ImportField.Customer, ImportField.AnonymousId, ImportField.Event, ImportField.Time, ImportField.Channel, ImportField.Value, ImportField.Currency, ImportField.Path, ImportField.Campaign];

    private static readonly ImportField[] Address = [ImportField.Street, ImportField.Postcode, ImportField.City, ImportField.Country];
    private static readonly ImportField[] Names = [ImportField.Email, ImportField.Phone, ImportField.Name, ImportField.FirstName, ImportField.LastName, ImportField.Title];

    private static readonly ImportField[] Persons =
        [ImportField.RecordId, ImportField.CustomerNumber, .. Names, ImportField.Mobile, .. Address, ImportField.BirthDate, ImportField.Company, ImportField.CompanyId, ImportField.JobTitle, ImportField.BuyingRole, ImportField.Owner, ImportField.MergedIds, ImportField.Updated];

    private static readonly ImportField[] Companies =
        [ImportField.RecordId, ImportField.Name, ImportField.ParentId, ImportField.Email, ImportField.Phone, ImportField.Website, ImportField.Industry, .. Address, ImportField.Owner, ImportField.Updated];

    private static readonly ImportField[] Records =
        [ImportField.RecordId, ImportField.Customer, .. Names, .. Address, ImportField.Company, ImportField.CompanyId, ImportField.Subject, ImportField.Time, ImportField.Closed, ImportField.Value, ImportField.Currency, ImportField.Status, ImportField.Product, ImportField.Owner, ImportField.Deal, ImportField.Updated];

    private static readonly ImportField[] Consents =
        [ImportField.Customer, ImportField.Email, ImportField.Phone, ImportField.ContactPoint, ImportField.Purpose, ImportField.Topic, ImportField.State, ImportField.Time, ImportField.Wording, ImportField.WordingVersion];

    private static readonly ImportField[] Activities =
        [ImportField.RecordId, ImportField.Customer, ImportField.Email, ImportField.Phone, ImportField.Event, ImportField.Channel, ImportField.Time, ImportField.Subject, ImportField.Status, ImportField.Campaign, ImportField.Owner, ImportField.Updated];

    private static readonly ImportField[] Feedback =
        [ImportField.RecordId, ImportField.Customer, ImportField.AnonymousId, ImportField.Email, ImportField.Touchpoint, ImportField.Metric, ImportField.Score, ImportField.Scale, ImportField.Comment, ImportField.Language, ImportField.Time, ImportField.Survey, ImportField.Question, ImportField.Channel];

    private static readonly ImportField[] Merges = [ImportField.RecordId, ImportField.MergedIds];

    public static IReadOnlyList<ImportKind> All { get; } = Enum.GetValues<ImportKind>();

    public static IReadOnlyList<ImportField> Fields(ImportKind kind) => kind switch
    {
        ImportKind.Events => Events,
        ImportKind.Persons => Persons,
        ImportKind.Companies => Companies,
        ImportKind.Consents => Consents,
        ImportKind.Merges => Merges,
        ImportKind.Activities => Activities,
        ImportKind.Feedback => Feedback,
        _ => Records,
    };

    /// <summary>The kind's name in commands and in the API.</summary>
    public static string NameOf(ImportKind kind) => kind.ToString().ToLowerInvariant();

    public static ImportKind? Find(string? name) => All.Where(k => string.Equals(NameOf(k), name, StringComparison.OrdinalIgnoreCase)).Cast<ImportKind?>().FirstOrDefault();

    /// <summary>What one of them is called in the log.</summary>
    public static string One(ImportKind kind) => kind switch { ImportKind.Companies => "company", ImportKind.Activities => "activity", ImportKind.Feedback => "feedback", _ => NameOf(kind)[..^1] };

    /// <summary>Name of the event that one of them is; empty where it is none.</summary>
    public static string EventOf(ImportKind kind) => kind switch
    {
        ImportKind.Orders => "Order",
        ImportKind.Invoices => "Invoice",
        ImportKind.Tickets => "Support ticket",
        ImportKind.Deals => "Deal",
        ImportKind.Subscriptions => "Subscription",
        ImportKind.Activities => "Activity",
        _ => "",
    };

    /// <summary>A field that a file of this kind needs and the mapping does not name; null where it names all.</summary>
    public static ImportField? Missing(ImportMapping mapping)
    {
        bool Has(params ReadOnlySpan<ImportField> any)
        {
            foreach (var field in any)
                if (mapping[field] is not null) return true;
            return false;
        }

        return mapping.Kind switch
        {
            ImportKind.Persons => Has(ImportField.RecordId, ImportField.CustomerNumber, ImportField.Email) ? null : ImportField.RecordId,
            ImportKind.Companies => Has(ImportField.RecordId, ImportField.Name) ? null : ImportField.RecordId,
            ImportKind.Consents when !Has(ImportField.Customer, ImportField.Email, ImportField.Phone) => ImportField.Email,
            ImportKind.Consents => Has(ImportField.Purpose) ? Has(ImportField.State) ? null : ImportField.State : ImportField.Purpose,
            ImportKind.Feedback when !Has(ImportField.Score, ImportField.Comment) => ImportField.Score,
            ImportKind.Feedback when Has(ImportField.Score) && !Has(ImportField.Metric) => ImportField.Metric,
            ImportKind.Feedback => Has(ImportField.Time) ? null : ImportField.Time,
            ImportKind.Merges => Has(ImportField.RecordId) ? Has(ImportField.MergedIds) ? null : ImportField.MergedIds : ImportField.RecordId,
            _ => Has(ImportField.RecordId) ? null : ImportField.RecordId,
        };
    }
}
