using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Unify;

internal sealed class JoinSettingsQueries(TangentDb db, Joiner joiner) : IKeepsPersonalData
{
    private static readonly JsonDocumentOptions Comments = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public string Kind => "join-rules";

    public IReadOnlyList<Type> Entities => [typeof(KeptJoinSettings)];

    public async Task<JoinSettings> ReadAsync(CancellationToken ct) => (await FindAsync(ct))?.Read() ?? new JoinSettings();

    public async Task KeepAsync(JoinSettings settings, string by, DateTime nowUtc, CancellationToken ct)
    {
        await Bulk.UpsertAsync(db, [new KeptJoinSettings { Settings = JsonSerializer.Serialize(settings, JsonSerializerOptions.Web), By = by, ChangedUtc = nowUtc }], ct);
        joiner.Begin();
    }

    /// <summary>Values of lists that name the person.</summary>
    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        if (Parsed(await ReadAsync(ct)) is not { } rules) yield break;
        foreach (var value in Values(rules).Where(v => Names(v, subject))) yield return JsonValue.Create(value.GetValue<string>());
    }

    /// <summary>Takes the values that name the person out of the lists of the rules; a list that is left with one value says nothing more.</summary>
    public async Task EraseAsync(DataSubject subject, CancellationToken ct)
    {
        if (await FindAsync(ct) is not { } kept || Parsed(kept.Read()) is not { } rules) return;
        var gone = Values(rules).Where(v => Names(v, subject)).ToList();
        if (gone.Count == 0) return;
        foreach (var value in gone) value.Parent!.AsArray().Remove(value);
        var settings = kept.Read() with { Rules = rules.ToJsonString(new JsonSerializerOptions(TraitReading.Json) { WriteIndented = true }) };
        await SecureDelete.RunAsync(db, () => KeepAsync(settings, kept.By, kept.ChangedUtc, ct), ct);
    }

    private Task<KeptJoinSettings?> FindAsync(CancellationToken ct) => db.Set<KeptJoinSettings>().AsNoTracking().FirstOrDefaultAsync(ct);

    private static JsonNode? Parsed(JoinSettings settings) => settings.Rules.Trim().Length == 0 ? null : JsonNode.Parse(settings.Rules, documentOptions: Comments);

    /// <summary>All texts that stand in lists: names of rules and columns do not.</summary>
    private static IEnumerable<JsonValue> Values(JsonNode? node) => node switch
    {
        JsonArray list => list.ToList().SelectMany(item => item is JsonValue value && value.GetValueKind() == JsonValueKind.String ? [value] : Values(item)),
        JsonObject entries => entries.ToList().SelectMany(e => Values(e.Value)),
        _ => [],
    };

    /// <summary>Only the whole value does: <c>K-1001</c> is not the person with the id <c>K-100</c>.</summary>
    private static bool Names(JsonValue value, DataSubject subject) => subject.Words.Contains(value.GetValue<string>().Trim(), StringComparer.OrdinalIgnoreCase);
}
