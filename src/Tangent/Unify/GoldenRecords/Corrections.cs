using System.Text;
using System.Text.Json.Nodes;
using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>
/// What people here say of a customer or a company: it stands above every source. Each word is a record in the event log of the source
/// <see cref="Profile.OfPeople"/>, so that it holds after every rebuild; null takes a word back, and the sources count again.
/// </summary>
internal sealed class Corrections(EventLog log, JourneyStore journeys, ProfileFeed feed, ProfileQueries profiles, TimeProvider time)
{
    /// <summary>Says traits of one identifier (<c>user:…</c>, <c>anonymous:…</c> or <c>account:…</c>). Completes when they are in the profile.</summary>
    public Task SayAsync(string key, JsonObject traits, string by, CancellationToken ct) => SayAsync([key], traits, by, ct);

    /// <summary>Says a trait of a customer, and takes back what was said of it under the customer's other identifiers.</summary>
    /// <param name="customer">Number of the customer.</param>
    /// <param name="trait">Name of the trait.</param>
    /// <param name="value">Null takes every word back.</param>
    /// <param name="by">Who says it.</param>
    /// <param name="ct">Ends the waiting, not the word.</param>
    public async Task SayOfCustomerAsync(int customer, string trait, string? value, string by, CancellationToken ct)
    {
        var identifiers = journeys.Identity(customer).Identifiers;
        var main = identifiers.FirstOrDefault(i => i.StartsWith("user:", StringComparison.Ordinal)) ?? identifiers[0];
        var said = (await profiles.FindAsync(identifiers, ct)).Where(p => p.SourceId == Profile.OfPeople && p.Trait(trait) is not null).Select(p => p.Key).ToList();
        if (value is null) await SayAsync(said, new JsonObject { [trait] = null }, by, ct);
        else await SayAsync([.. said.Append(main).Distinct(StringComparer.Ordinal)], new JsonObject { [trait] = value }, by, ct);
    }

    private async Task SayAsync(List<string> keys, JsonObject traits, string by, CancellationToken ct)
    {
        if (keys.Count == 0) return;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var appended = await log.AppendAsync(new LogAppend(Profile.OfPeople, LogKind.Events, true, now, null, [.. keys.Select(k => new AcceptedEvent(0, Written(k, traits, by)))]), ct);
        await journeys.WaitUntilVisibleAsync(appended.EndPosition, ct);
        await feed.WaitUntilKeptAsync(appended.EndPosition, ct);
    }

    private static byte[] Written(string key, JsonObject traits, string by)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        var (kind, id) = (key[..colon], key[(colon + 1)..]);
        var record = new JsonObject
        {
            ["type"] = kind == "account" ? "group" : "identify",
            [kind switch { "user" => "userId", "anonymous" => "anonymousId", _ => "groupId" }] = id,
            ["traits"] = traits.DeepClone(),
            ["context"] = new JsonObject { ["by"] = by },
        };
        return Encoding.UTF8.GetBytes(record.ToJsonString(TraitReading.Json));
    }
}
