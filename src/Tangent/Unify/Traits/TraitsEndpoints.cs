using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Unify;

/// <param name="Items">What can be chosen, as filters write it: <c>plan=gold</c>, or <c>email=</c> where nearly everybody has another value.</param>
public sealed record TraitChoicesModel(IReadOnlyList<string> Items);

internal static class TraitsEndpoints
{
    private const int Sample = 1000;
    private const int MostValues = 12;
    private const int MostItems = 200;

    public static void MapTraits(this WebApplication app) =>
        app.MapGet("/unify/traits/choices", ShowChoicesAsync).ExcludeFromDescription();

    private static async Task<RazorComponentResult<PageHost>> ShowChoicesAsync(HttpContext http, ProfileQueries profiles, Sensitivity sensitivity, CancellationToken ct) =>
        http.Show<TraitChoices>(new TraitChoicesModel(await ChoicesAsync(profiles, sensitivity.Now, ct)));

    /// <summary>What can be chosen, as filters write it.</summary>
    public static async Task<IReadOnlyList<string>> ChoicesAsync(ProfileQueries profiles, Masking masking, CancellationToken ct) => Choices(await profiles.SampleAsync(Sample, ct), masking);

    private static List<string> Choices(IEnumerable<Profile> profiles, Masking masking)
    {
        var traits = new SortedDictionary<string, SortedSet<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in profiles.SelectMany(p => JsonNode.Parse(p.Traits)!.AsObject()).Where(t => !masking.HidesField(t.Key)))
        {
            if (TraitReading.Simple(value) is not { Length: > 0 } text) continue;
            if (!traits.TryGetValue(name, out var values)) traits.Add(name, values = new(StringComparer.OrdinalIgnoreCase));
            if (values.Count <= MostValues) values.Add(text);
        }

        return [.. traits.SelectMany(t => t.Value.Count > MostValues ? [t.Key + "="] : t.Value.Select(v => $"{t.Key}={v}")).Take(MostItems)];
    }
}
