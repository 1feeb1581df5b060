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
        var outcome = visitor.Cookieless && definition.Widget is not { Cookieless: true } ? AskOutcome.NotAsking : await WhyNotAsync(asked, ct) ?? await TakeTurnAsync(asked, ct);
        // Of one page's visitor nothing is looked up again, so that only whoever was asked counts.
        if (outcome != AskOutcome.Asked && !visitor.Cookieless) notes.Add(survey.Id, key, outcome, now);
        return outcome;
    }

    /// <summary>Nearly every page view ends before this: the second page sees here what was decided for the first.</summary>
    private async Task<AskOutcome> TakeTurnAsync(PageAsked asked, CancellationToken ct)
    {
        await OneByOne.WaitAsync(ct);
        try
        {
            if (await WhyNotAsync(asked, ct) is { } meanwhile) return meanwhile;
            await decided.AskAsync(asked.Survey.Id, asked.Key, asked.NowUtc, ct);
            return AskOutcome.Asked;
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

    private async Task<AskOutcome?> WhyNotAsync(PageAsked asked, CancellationToken ct)
    {
        var (survey, definition, key, customer, now) = asked;
        if (definition.Widget is not { On: true } rule) return AskOutcome.NotAsking;
        var person = await respondents.FindAsync(key, ct);
        var facts = new ConditionFacts(new Dictionary<string, GivenAnswer>(), person?.Traits ?? [], definition.Touchpoint ?? "");
        if (!(rule.Conditions ?? []).All(c => SurveyCondition.Read(c)!.Holds(facts))) return AskOutcome.ConditionFails;
        var keys = journeys.Identity(customer).Identifiers;
        if (!AskDecider.IsInSample(survey.Id, keys.Min(StringComparer.Ordinal)!, rule.Sample)) return AskOutcome.NotInSample;
        if (restrictions.Of(keys) is not null || (person?.Point is { } point && await IsRefusedAsync(point, ct))) return AskOutcome.NoConsent;
        if (rule.Once && await letters.AskedAsync(keys, survey.Id, ct) is not null) return AskOutcome.AskedBefore;
        if (await letters.AskedAsync(keys, null, ct) > now.AddDays(-rule.WaitDays)) return AskOutcome.AskedLately;
        return rule.DailyQuota is { } quota && quota <= await decided.AskedSinceAsync(survey.Id, StartOfDay(now), ct) ? AskOutcome.QuotaReached : null;
    }

    /// <summary>On a page somebody visits, a survey needs no agreement to letters; but whoever said no to being asked is left alone.</summary>
    private async Task<bool> IsRefusedAsync(ContactPoint point, CancellationToken ct) =>
        await consents.MayContactAsync(point, ConsentPurpose.Commercial, "", ct) is { May: false, Reason: ConsentReason.Withdrawn or ConsentReason.Restricted };

    private DateTime StartOfDay(DateTime now)
    {
        var zone = company.CurrentValue.Zone();
        return zone.StartOf(zone.DayOf(now));
    }

    private sealed record PageAsked(Survey Survey, SurveyDefinition Definition, string Key, int Customer, DateTime NowUtc);
}
