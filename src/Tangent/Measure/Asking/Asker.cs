using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Mail;
using Tangent.Unify;

namespace Tangent.Measure;

/// <summary>Decides, when its time has come, whether somebody is asked; the decision and the letter are one write, so that there is neither one without the other.</summary>
internal sealed class Asker(IServiceScopeFactory scopes, SurveyLinks links, TimeProvider time, ILogger<Asker> logger) : BackgroundService
{
    private const int AtOnce = 100;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await DecideAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it was: what is to be decided stays where it is.
                logger.LogError(e, "Whom to ask could not be decided; it is tried again.");
            }
        }
    }

    private async Task DecideAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (decisions, now) = (scope.ServiceProvider.GetRequiredService<DecisionQueries>(), time.GetUtcNow().UtcDateTime);
        foreach (var (decision, letter) in await decisions.CameBackAsync(ct))
        {
            decision.Outcome = AskOutcome.CameBack;
            if (letter.Refusal is ['5', ..] && ContactPoints.Email(letter.Recipient) is { } point) await decisions.MarkAsync(scope.ServiceProvider.GetRequiredService<ContactPoints>().IdOf(point), now, ct);
            await decisions.SaveAsync(ct);
        }

        // Without an address of this server no letter could lead here: they wait until there is one.
        if (links.PublicAddress is null) return;
        foreach (var decision in await decisions.DueAsync(now, AtOnce, ct))
        {
            await scope.ServiceProvider.GetRequiredService<AskDecider>().DecideAsync(decision, now, ct);
            await decisions.SaveAsync(ct);
        }
    }
}

/// <summary>One decision.</summary>
internal sealed class AskDecider(
    DecisionQueries decisions, SurveyQueries surveys, JourneyStore journeys, CustomerSearch customers, SourceQueries sources, Consents consents, ContactPoints points, SurveyLetters letters, IOptionsMonitor<CompanyOptions> company)
{
    private sealed record Person(IReadOnlyList<string> Keys, JsonObject Traits, ContactPoint? Point);

    public async Task DecideAsync(Decision decision, DateTime now, CancellationToken ct)
    {
        if (await surveys.FindAsync(decision.SurveyId, ct) is not { Open: true } survey || await surveys.DefinitionAsync(survey.Id, survey.Version, ct) is not { Ask: { On: true } rule } definition)
        {
            Decide(decision, AskOutcome.NotAsking, now);
            return;
        }

        var person = await PersonAsync(decision.Key, ct);
        if (await WhyNotAsync(decision, definition, rule, person, now, ct) is { } why) Decide(decision, why, now);
        else if (QuietUntil(rule, now) is { } later) decision.DueUtc = later;
        else if (rule.DailyQuota <= await decisions.AskedSinceAsync(survey.Id, DayOf(now), ct)) Decide(decision, AskOutcome.QuotaReached, now);
        else
        {
            decision.Letter = await letters.PutAsync(survey, definition, decision, person!.Traits, person.Point!, ct);
            Decide(decision, AskOutcome.Asked, now);
        }
    }

    private static void Decide(Decision decision, AskOutcome outcome, DateTime now) => (decision.Outcome, decision.DecidedUtc) = (outcome, now);

    private async Task<AskOutcome?> WhyNotAsync(Decision decision, SurveyDefinition survey, AskRule rule, Person? person, DateTime now, CancellationToken ct)
    {
        if (person is null) return AskOutcome.Unknown;
        var facts = new ConditionFacts(new Dictionary<string, GivenAnswer>(), person.Traits, survey.Touchpoint ?? "");
        if (!(rule.Conditions ?? []).All(c => SurveyCondition.Read(c)!.Holds(facts))) return AskOutcome.ConditionFails;
        if (!IsInSample(decision.SurveyId, decision.Key, rule.Sample)) return AskOutcome.NotInSample;
        if (person.Point is not { } point || !Letter.CanGoTo(point.Value)) return AskOutcome.NoAddress;
        if (await decisions.IsUndeliverableAsync(points.IdOf(point), ct)) return AskOutcome.Undeliverable;
        if (!(await consents.MayContactAsync(point, rule.Purpose!, "", ct)).May) return AskOutcome.NoConsent;
        if (rule.Once && await decisions.AskedAsync(person.Keys, decision.SurveyId, ct) is not null) return AskOutcome.AskedBefore;
        return await decisions.AskedAsync(person.Keys, null, ct) > now.AddDays(-rule.WaitDays) ? AskOutcome.AskedLately : null;
    }

    /// <summary>Always the same customers, and other ones for another survey.</summary>
    internal static bool IsInSample(int survey, string key, double share) =>
        BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{survey}:{key}"))) < share * (uint.MaxValue + 1.0);

    /// <summary>The traits, and the address that a source with a secret key or somebody here says: whoever can write in a browser must get nobody's letter.</summary>
    private async Task<Person?> PersonAsync(string key, CancellationToken ct)
    {
        if (journeys.Named(key) is not { } named || await customers.KnownAsync(named.Customer, ct) is not var (identity, record)) return null;
        var said = record.Values.Where(v => v.Name == "email").SelectMany(v => v.Others.Select(o => (o.Value, o.Source)).Prepend((v.Value, v.Source)));
        foreach (var (value, source) in said)
            if ((source.Length == 0 || await sources.FindAsync(source, ct) is { Trusted: true }) && ContactPoints.Email(TraitReading.Simple(value)) is { } point) return new Person(identity.Identifiers, record.Traits, point);
        return new Person(identity.Identifiers, record.Traits, null);
    }

    private DateTime DayOf(DateTime now)
    {
        var zone = company.CurrentValue.Zone();
        return TimeZoneInfo.ConvertTimeToUtc(TimeZoneInfo.ConvertTimeFromUtc(now, zone).Date, zone);
    }

    private DateTime? QuietUntil(AskRule rule, DateTime now) => QuietUntil(rule, now, company.CurrentValue.Zone());

    /// <summary>When the quiet hours end in which a moment lies; null where it lies in none. A time that the clock skips is an hour later.</summary>
    internal static DateTime? QuietUntil(AskRule rule, DateTime now, TimeZoneInfo zone)
    {
        if (SurveyDefinition.Time(rule.QuietFrom) is not { } from || SurveyDefinition.Time(rule.QuietTo) is not { } to || from == to) return null;
        var local = TimeZoneInfo.ConvertTimeFromUtc(now, zone);
        if (!TimeOnly.FromDateTime(local).IsBetween(from, to)) return null;
        var end = local.Date + to.ToTimeSpan();
        if (end <= local) end = end.AddDays(1);
        return TimeZoneInfo.ConvertTimeToUtc(zone.IsInvalidTime(end) ? end.AddHours(1) : end, zone);
    }
}
