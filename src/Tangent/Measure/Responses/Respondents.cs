using System.Text.Json.Nodes;
using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Measure;

/// <summary>A customer who is asked, or answers.</summary>
/// <param name="Keys">All identifiers.</param>
/// <param name="Point">The address for letters and consents; null where nobody who is trusted says one.</param>
internal sealed record Respondent(IReadOnlyList<string> Keys, JsonObject Traits, ContactPoint? Point);

/// <summary>Finds who is asked or answers.</summary>
internal sealed class Respondents(JourneyStore journeys, CustomerSearch customers, SourceQueries sources)
{
    /// <summary>
    /// The traits, and the address that a source with a secret key or somebody here says: whoever can write in a browser must get nobody's letter, and must agree for nobody.
    /// </summary>
    /// <returns>Null where nobody of this identifier is known.</returns>
    public async Task<Respondent?> FindAsync(string key, CancellationToken ct)
    {
        if (journeys.CustomerOf(key) is not { } customer || await customers.KnownAsync(customer, ct) is not var (identity, record)) return null;
        var said = record.Values.Where(v => v.Name == "email").SelectMany(v => v.Others.Select(o => (o.Value, o.Source)).Prepend((v.Value, v.Source)));
        foreach (var (value, source) in said)
            if ((source.Length == 0 || await sources.FindAsync(source, ct) is { Trusted: true }) && ContactPoints.Email(TraitReading.Simple(value)) is { } point) return new Respondent(identity.Identifiers, record.Traits, point);
        return new Respondent(identity.Identifiers, record.Traits, null);
    }
}
