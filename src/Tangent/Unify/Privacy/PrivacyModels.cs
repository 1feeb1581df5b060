using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>A request of a person about the own data.</summary>
/// <param name="Id">Number of the request; given by the server.</param>
/// <param name="Kind">Access, erasure, restriction, rectification, objection or portability.</param>
/// <param name="State">Open, done or refused; a new one is open.</param>
/// <param name="Received">When it came, UTC; now, where it is not said.</param>
/// <param name="Due">When it must be answered: one month after it came; given by the server.</param>
/// <param name="Customer">The customer: an id, user:…, anonymous:… or number:…; empty where it is not known.</param>
/// <param name="Note">What was agreed; it must not say more of the person than is needed.</param>
/// <param name="By">Who changed it last; given by the server.</param>
public sealed record PrivacyRequestModel(
    int Id, PrivacyRequestKind? Kind, PrivacyRequestState? State, DateTime? Received, DateTime? Due, string? Customer, string? Note, string? By)
{
    internal static PrivacyRequestModel Of(PrivacyRequest r) => new(r.Id, r.Kind, r.State, r.ReceivedUtc, r.DueUtc, r.Key, r.Note, r.By);
}

/// <param name="Items">Open ones first, by when they are due.</param>
public sealed record PrivacyRequestsAnswer(IReadOnlyList<PrivacyRequestModel> Items);

/// <param name="Reason">Why processing is restricted, such as the number of the request.</param>
public sealed record RestrictionBody(string? Reason);

/// <param name="Value">The value that holds from now on, whatever sources say; null lets the sources count again.</param>
public sealed record CorrectionBody(string? Value);

/// <param name="Since">Null where processing is not restricted.</param>
/// <param name="Open">Requests that wait for an answer, the first due first.</param>
public sealed record RestrictionMarkModel(DateTime? Since, string? Reason, IReadOnlyList<PrivacyRequestModel> Open);

/// <summary>The fields with which a request is recorded.</summary>
public sealed class PrivacyRequestForm
{
    public PrivacyRequestKind Kind { get; set; }

    public DateOnly? Received { get; set; }

    public string? Customer { get; set; }

    public string? Note { get; set; }
}

/// <summary>The fields of the forms on a customer's data page.</summary>
public sealed class PersonDataForm
{
    public string? Reason { get; set; }

    /// <summary>The customer's id, typed by who erases.</summary>
    public string? Confirmation { get; set; }

    public string? Trait { get; set; }

    public string? Value { get; set; }
}

/// <param name="Tombstones">Erasures that left tombstones; only for owners.</param>
/// <param name="Done">What was just done, in words.</param>
public sealed record PrivacyPageModel(IReadOnlyList<PrivacyRow> Requests, IReadOnlyList<TombstoneItem> Tombstones, PrivacyRequestForm Form, string? Error = null, string? Done = null);

/// <param name="Customer">Number of the customer; null where it is not known.</param>
public sealed record PrivacyRow(PrivacyRequestModel Request, int? Customer, bool IsLate);

/// <param name="NoExport">Why the reader gets no export.</param>
public sealed record PersonDataModel(PersonDataAnswer Answer, IReadOnlyList<PrivacyRequestModel> Requests, IReadOnlyList<string> Traits, PersonDataForm Form, string? NoExport, string? Error = null);
