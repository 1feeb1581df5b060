using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Unify;

namespace Tangent.Measure;

/// <param name="AnonymousId">What the page calls the visitor.</param>
/// <param name="Cookieless">The id is that of one page: nobody has it again.</param>
internal sealed record WebVisitor(string AnonymousId, bool Cookieless);

/// <summary>Decides whether a page shows a survey to a visitor, and notes it. Whoever calls may say anything: the visitor is the anonymous id alone, which nobody guesses.</summary>
internal sealed class WebDecider(
    WebDecisionQueries decided, WebDecisionNotes notes, DecisionQueries letters, Respondents respondents, JourneyStore journeys, EventLog log, Restrictions restrictions, Consents consents, IOptionsMonitor<CompanyOptions> company, TimeProvider time)
{
    // A page asks soon after its first event was sent.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // Only whoever would be asked waits: two pages of one visitor that ask at once, and the last place of a day's quota.
    private static readonly SemaphoreSlim OneByOne = new(1);

    /// <returns>Null where the visitor is not known, which is not noted: else anybody could fill the table.</returns>
    public async Task<AskOutcome?> DecideAsync(Survey survey, SurveyDefinition definition, WebVisitor visitor, CancellationToken ct)
    {
        var key = "anonymous:" + visitor.AnonymousId;
        if (await FindAsync(key, ct) is not { } customer) return null;
        var now = time.GetUtcNow().UtcDateTime;
        var asked = new PageAsked(survey, definition, key, customer, now);
        var not = visitor.Cookieless && definition.Widget is not { Cookieless: true } ? new NotAsked(AskOutcome.NotAsking) : await WhyNotAsync(asked, ct) ?? await TakeTurnAsync(asked, ct);
        // Of one page's visitor nothing is looked up again, so that only whoever was asked counts.
        if (not is not null && !visitor.Cookieless) notes.Add(survey.Id, key, not, now);
        return not?.Outcome ?? AskOutcome.Asked;
    }

    /// <summary>Nearly every page view ends before this: the second page sees here what was decided for the first.</summary>
    private async Task<NotAsked?> TakeTurnAsync(PageAsked asked, CancellationToken ct)
    {
        await OneByOne.WaitAsync(ct);
        try
        {
            if (await WhyNotAsync(asked, ct) is { } meanwhile) return meanwhile;
            await decided.AskAsync(asked.Survey.Id, asked.Key, asked.NowUtc, ct);
            return null;
        }
        finally
        {
            OneByOne.Release();
        }
    }

    private async Task<int?> FindAsync(string key, CancellationToken ct)
    {
        if (journeys.Named(key) is { } known) return known.Customer;
        try
        {
            await journeys.WaitUntilVisibleAsync(log.EndPosition, ct).WaitAsync(Patience, ct);
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            // Far behind: nobody is asked whose history is not known.
            return null;
        }

        return journeys.Named(key)?.Customer;
    }

    private async Task<NotAsked?> WhyNotAsync(PageAsked asked, CancellationToken ct)
    {
        var (survey, definition, key, customer, now) = asked;
        if (definition.Widget is not { On: true } rule) return new NotAsked(AskOutcome.NotAsking);
        var person = await respondents.FindAsync(key, ct);
        var facts = new ConditionFacts(new Dictionary<string, GivenAnswer>(), person?.Traits ?? [], definition.Touchpoint ?? "");
        if (SurveyCondition.FirstFailing(rule.Conditions, facts) is { } failing) return new NotAsked(AskOutcome.ConditionFails, failing);
        var keys = journeys.Identity(customer).Identifiers;
        if (!AskDecider.IsInSample(survey.Id, keys.Min(StringComparer.Ordinal)!, rule.Sample)) return new NotAsked(AskOutcome.NotInSample);
        if (restrictions.Of(keys) is not null) return new NotAsked(AskOutcome.NoConsent, nameof(ConsentReason.Restricted));
        if (person?.Point is { } point && await RefusalAsync(point, ct) is { } reason) return new NotAsked(AskOutcome.NoConsent, reason.ToString());
        if (rule.Once && await letters.AskedAsync(keys, survey.Id, ct) is not null) return new NotAsked(AskOutcome.AskedBefore);
        if (await letters.AskedAsync(keys, null, ct) > now.AddDays(-rule.WaitDays)) return new NotAsked(AskOutcome.AskedLately);
        return rule.DailyQuota is { } quota && quota <= await decided.AskedSinceAsync(survey.Id, StartOfDay(now), ct) ? new NotAsked(AskOutcome.QuotaReached) : null;
    }

    /// <summary>On a page somebody visits, a survey needs no agreement to letters; but whoever said no to being asked is left alone.</summary>
    private async Task<ConsentReason?> RefusalAsync(ContactPoint point, CancellationToken ct) =>
        await consents.MayContactAsync(point, ConsentPurpose.Commercial, "", ct) is { May: false, Reason: ConsentReason.Withdrawn or ConsentReason.Restricted } no ? no.Reason : null;

    private DateTime StartOfDay(DateTime now)
    {
        var zone = company.CurrentValue.Zone();
        return zone.StartOf(zone.DayOf(now));
    }

    private sealed record PageAsked(Survey Survey, SurveyDefinition Definition, string Key, int Customer, DateTime NowUtc);
}
