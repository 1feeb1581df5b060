using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Mail;
using Tangent.Unify;

namespace Tangent.Measure;

/// <summary>Decides, when its time has come, whether somebody is asked; the decision and the letter are one write, so that there is neither one without the other.</summary>
internal sealed class Asker(
    IServiceScopeFactory scopes, IOptionsMonitor<MailOptions> mail, EventLog log, JourneyStore journeys, ProfileFeed profiles, ConsentFeed consents, TimeProvider time, ILogger<Asker> logger) : BackgroundService
{
    private const int AtOnce = 100;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromHours(1);

    private long _endAtStart;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _endAtStart = log.EndPosition;
        using var timer = new PeriodicTimer(Look);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await NoteCameBackAsync(stoppingToken);
                // Without a mail server and an address of this one no letter could lead here: decisions wait until there are.
                if (mail.CurrentValue.CanSendLinks) await DecideAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it was: what is to be decided stays where it is.
                logger.LogError(e, "Whom to ask could not be decided; it is tried again.");
            }
        }
    }

    private async Task NoteCameBackAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var decisions = scope.ServiceProvider.GetRequiredService<DecisionQueries>();
        foreach (var (decision, letter) in await decisions.CameBackAsync(ct))
        {
            decision.Outcome = AskOutcome.CameBack;
            if (letter.AddressRefused && ContactPoints.Email(letter.Recipient) is { } point)
                await decisions.MarkAsync(scope.ServiceProvider.GetRequiredService<ContactPoints>().IdOf(point), time.GetUtcNow().UtcDateTime, ct);
            await decisions.SaveAsync(ct);
        }
    }

    private async Task DecideAsync(CancellationToken ct)
    {
        // While all that was said is read anew, as after a loss of the database, most would be unknown or without consent.
        if (!profiles.IsCurrent || !consents.IsCurrent || journeys.Visible < _endAtStart) return;
        var (read, now) = (Math.Min(journeys.Visible, Math.Min(profiles.Position, consents.Position)), time.GetUtcNow().UtcDateTime);
        await using var scope = scopes.CreateAsyncScope();
        foreach (var id in await scope.ServiceProvider.GetRequiredService<DecisionQueries>().DueAsync(now, read, AtOnce, ct)) await DecideAsync(id, now, ct);
    }

    /// <summary>By itself: one that cannot be decided keeps no other from it.</summary>
    private async Task DecideAsync(int id, DateTime now, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<AskDecider>().DecideAsync(id, now, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            logger.LogError(e, "Whether somebody is asked (decision {Decision}) could not be decided; it is tried again in an hour.", id);
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<DecisionQueries>().PutOffAsync(id, now + AfterFailure, ct);
        }
    }
}

/// <summary>One decision.</summary>
internal sealed class AskDecider(
    DecisionQueries decisions, SurveyQueries surveys, Respondents respondents, Consents consents, ContactPoints points, SurveyLetters letters, EventLog log, IOptionsMonitor<CompanyOptions> company)
{
    public async Task DecideAsync(int id, DateTime now, CancellationToken ct)
    {
        // It may have been erased meanwhile.
        if (await decisions.FindAsync(id, ct) is not { } decision) return;
        await DecideAsync(decision, now, ct);
        await decisions.SaveAsync(ct);
    }

    private async Task DecideAsync(Decision decision, DateTime now, CancellationToken ct)
    {
        if (await surveys.FindAsync(decision.SurveyId, ct) is not { Open: true } survey || await surveys.DefinitionAsync(survey.Id, survey.Version, ct) is not { Ask: { On: true } rule } definition)
        {
            Decide(decision, AskOutcome.NotAsking, now);
            return;
        }

        if (decision.HappenedUtc.AddHours(rule.DelayHours) < now - AskFeed.Latest)
        {
            Decide(decision, AskOutcome.TooLate, now);
            return;
        }

        var person = await respondents.FindAsync(decision.Key, ct);
        var why = await WhyNotAsync(decision, definition, rule, person, now, ct);
        if (why is { Outcome: AskOutcome.Waiting }) return;
        if (why is not null) Decide(decision, why.Outcome, now, why.Why);
        else if (QuietUntil(rule, now) is { } later) (decision.DueUtc, decision.Why) = (later, Decision.Quiet);
        else if (rule.DailyQuota is { } quota && quota <= await decisions.AskedSinceAsync(survey.Id, DayOf(now), ct)) Decide(decision, AskOutcome.QuotaReached, now);
        else
        {
            decision.Letter = await letters.PutAsync(survey, definition, decision, person!.Traits, person.Point!, ct);
            Decide(decision, AskOutcome.Asked, now);
        }
    }

    private static void Decide(Decision decision, AskOutcome outcome, DateTime now, string why = "") => (decision.Outcome, decision.DecidedUtc, decision.Why) = (outcome, now, why);

    /// <returns>Null where nothing speaks against it; <see cref="AskOutcome.Waiting"/> where it cannot be known yet.</returns>
    private async Task<NotAsked?> WhyNotAsync(Decision decision, SurveyDefinition survey, AskRule rule, Respondent? person, DateTime now, CancellationToken ct)
    {
        if (person is null) return new NotAsked(AskOutcome.Unknown);
        var properties = rule.Conditions?.Any(c => SurveyCondition.Read(c) is { Subject: ConditionSubject.Property }) == true ? PropertiesOf(decision.Position) : null;
        if (SurveyCondition.FirstFailing(rule.Conditions, new ConditionFacts(new Dictionary<string, GivenAnswer>(), person.Traits, survey.Touchpoint ?? "", properties)) is { } failing) return new NotAsked(AskOutcome.ConditionFails, failing);
        if (!IsInSample(decision.SurveyId, person.Keys.Min(StringComparer.Ordinal)!, rule.Sample)) return new NotAsked(AskOutcome.NotInSample);
        if (person.Point is not { } point || !Letter.CanGoTo(point.Value)) return new NotAsked(AskOutcome.NoAddress);
        if (await decisions.IsUndeliverableAsync(points.IdOf(point), point.Value, ct)) return new NotAsked(AskOutcome.Undeliverable);
        if (await consents.MayContactAsync(point, rule.Purpose!, "", ct) is { May: false } not) return not.Reason == ConsentReason.NotReadYet ? new NotAsked(AskOutcome.Waiting) : new NotAsked(AskOutcome.NoConsent, not.Reason.ToString());
        if (rule.Once && await decisions.AskedAsync(person.Keys, decision.SurveyId, ct) is not null) return new NotAsked(AskOutcome.AskedBefore);
        return await decisions.AskedAsync(person.Keys, null, ct) > now.AddDays(-rule.WaitDays) ? new NotAsked(AskOutcome.AskedLately) : null;
    }

    /// <summary>What the event said, as it was received; nothing where it is in the log no more.</summary>
    private JsonObject? PropertiesOf(long position)
    {
        try
        {
            return log.Find(position) is { } json && JsonNode.Parse(json.Span)?["properties"] is JsonObject properties && TraitReading.AreReadable(properties) ? properties : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // Half a surrogate pair, or a name that is there twice, which the general reader took.
            return null;
        }
    }

    /// <summary>Always the same customers, and other ones for another survey.</summary>
    internal static bool IsInSample(int survey, string key, double share) =>
        BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{survey}:{key}"))) < share * (uint.MaxValue + 1.0);

    private DateTime DayOf(DateTime now)
    {
        var zone = company.CurrentValue.Zone();
        return zone.StartOf(zone.DayOf(now));
    }

    private DateTime? QuietUntil(AskRule rule, DateTime now) => QuietUntil(rule, now, company.CurrentValue.Zone());

    /// <summary>When the quiet hours end in which a moment lies; null where it lies in none.</summary>
    internal static DateTime? QuietUntil(AskRule rule, DateTime now, TimeZoneInfo zone)
    {
        if (SurveyDefinition.Time(rule.QuietFrom) is not { } from || SurveyDefinition.Time(rule.QuietTo) is not { } to || from == to) return null;
        var local = TimeZoneInfo.ConvertTimeFromUtc(now, zone);
        if (!TimeOnly.FromDateTime(local).IsBetween(from, to)) return null;
        var end = local.Date + to.ToTimeSpan();
        if (end <= local) end = end.AddDays(1);
        return zone.ToUtc(end);
    }
}
