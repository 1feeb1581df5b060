using System.Globalization;
using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <param name="NotNow">Why it cannot be done at the moment.</param>
internal sealed record Corrected(Refusal? Refusal = null, string? NotNow = null);

/// <summary>What is decided about a person's data, checked and kept: restrictions, corrections, requests.</summary>
internal sealed class PersonDecisions(PrivacyQueries queries, Corrections corrections, JourneyStore journeys, IOptionsMonitor<CompanyOptions> company, TimeProvider time)
{
    // Nobody lives who was born before, as yyyymmdd.
    private const int FirstBirth = 1880_00_00;

    /// <returns>Why it is refused; null where it holds.</returns>
    public async Task<Refusal?> RestrictAsync(CustomerAnswer customer, string? reason, string by, CancellationToken ct)
    {
        if (reason?.Trim() is not { Length: > 0 and <= PrivacyRequest.MostCharacters } why) return new Refusal("reason", T("Unify.Privacy.ReasonNeeded", PrivacyRequest.MostCharacters));
        await queries.RestrictAsync(new Restriction { Key = KnownBy(customer), SinceUtc = Now, By = by, Reason = why }, ct);
        return null;
    }

    public async Task<Corrected> CorrectAsync(CustomerAnswer customer, string? trait, string? value, string by, CancellationToken ct)
    {
        var name = trait?.Trim() ?? "";
        if (name.Length is 0 or > 100 || name.Any(char.IsControl)) return new Corrected(new Refusal("name", T("Unify.Privacy.TraitNeeded")));
        if (value is { Length: > PrivacyEndpoints.LongestValue } || value?.Any(char.IsControl) == true) return new Corrected(new Refusal("value", T("Unify.Privacy.ValueTooLong", PrivacyEndpoints.LongestValue)));
        try
        {
            var said = value?.Trim() is { Length: > 0 } text ? text : null;
            if (said is not null)
            {
                var formed = Formed(customer, name, said);
                if (formed.Refusal is { } wrong) return new Corrected(wrong);
                said = formed.Answer;
            }

            await corrections.SayOfCustomerAsync(customer.Customer.Customer, name, said, by, ct);
            return new Corrected();
        }
        catch (EventLogUnavailableException e)
        {
            return new Corrected(NotNow: e.Message);
        }
    }

    /// <summary>What stands above every source must be what it is said to be, and is kept in the form in which imports keep it, so that conditions compare it with what they bring.</summary>
    /// <returns>The value; why it is none.</returns>
    private Asked<string> Formed(CustomerAnswer customer, string trait, string value)
    {
        var country = TraitReading.Text(customer.Traits, "country") is { Length: 2 } own ? own : company.CurrentValue.OwnCountry();
        Asked<string> Or(string? formed, string wrong) => formed is { Length: > 0 } ? formed : new Refusal("value", T(wrong, value));
        return trait switch
        {
            "email" => Or(EmailValue.Address(value), "Unify.Privacy.NoEmail"),
            _ when ContactPoints.PhoneTraits.Contains(trait) => Or(PhoneValue.Of(value, country), "Unify.Privacy.NoPhone"),
            "birthDate" => Or(DateValue.Of(value) is > FirstBirth and var day && day <= Today ? day.ToString("0000-00-00", CultureInfo.InvariantCulture) : null, "Unify.Privacy.NoBirthDate"),
            "country" => CountryValue.Of(value) ?? value,
            "street" => AddressValue.Written(value, country),
            _ => value,
        };
    }

    private int Today => int.Parse(Now.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    public async Task<Asked<PrivacyRequest>> RecordAsync(PrivacyRequestModel model, string by, CancellationToken ct)
    {
        if (model.Kind is not { } kind || !Enum.IsDefined(kind)) return new Refusal("kind", T("Unify.Privacy.KindNeeded"));
        if ((WrongState(model.State) ?? WrongNote(model.Note)) is { } refusal) return refusal;
        var received = model.Received?.ToUniversalTime() ?? Now;
        if (received > Now.AddDays(1) || received < Now.AddYears(-10)) return new Refusal("received", T("Unify.Privacy.ReceivedWrong"));
        var named = model.Customer?.Trim() is { Length: > 0 } name ? journeys.Named(name) : null;
        if (named is null && !string.IsNullOrWhiteSpace(model.Customer)) return new Refusal("customer", T("Unify.Privacy.NoCustomer", model.Customer.Trim()));
        var request = new PrivacyRequest
        {
            Kind = kind,
            State = model.State ?? PrivacyRequestState.Open,
            ReceivedUtc = received,
            DueUtc = MonthAfter(received),
            Key = named?.Identifier ?? "",
            Note = model.Note?.Trim() ?? "",
            By = by,
            ChangedUtc = Now,
        };
        await queries.SaveAsync(request, ct);
        return request;
    }

    public Task ChangeAsync(PrivacyRequest request, PrivacyRequestState? state, string? note, string by, CancellationToken ct)
    {
        (request.State, request.Note, request.By, request.ChangedUtc) = (state ?? request.State, note?.Trim() ?? request.Note, by, Now);
        return queries.SaveAsync(request, ct);
    }

    public static Refusal? WrongNote(string? note) => note is { Length: > PrivacyRequest.MostCharacters } ? new Refusal("note", T("Unify.Privacy.NoteTooLong", PrivacyRequest.MostCharacters)) : null;

    public static Refusal? WrongState(PrivacyRequestState? state) => state is { } given && !Enum.IsDefined(given) ? new Refusal("state", T("Unify.Privacy.StateNeeded")) : null;

    /// <summary>A month is one of the company's calendar, also where its clocks change in between.</summary>
    private DateTime MonthAfter(DateTime utc)
    {
        var zone = company.CurrentValue.Zone();
        var due = TimeZoneInfo.ConvertTimeFromUtc(utc, zone).AddMonths(1);
        return zone.ToUtc(due);
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>The identifier by which the customer stays known when others are joined.</summary>
    private static string KnownBy(CustomerAnswer customer) => customer.Identifiers.FirstOrDefault(i => i.StartsWith("user:", StringComparison.Ordinal)) ?? customer.Identifiers[0];
}
