using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Data;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <param name="Kind">Kind of data.</param>
/// <param name="Count">How many pieces of it are kept of the customer.</param>
public sealed record KeptData(string Kind, long Count);

/// <summary>What is kept of a customer.</summary>
/// <param name="Customer">Number, identifier and name.</param>
/// <param name="Identifiers">All identifiers.</param>
/// <param name="Items">Kinds of data with their counts.</param>
/// <param name="RestrictedSince">Since when processing is restricted, UTC; null where it is not.</param>
/// <param name="RestrictedBecause">Why.</param>
public sealed record PersonDataAnswer(CustomerItem Customer, IReadOnlyList<string> Identifiers, IReadOnlyList<KeptData> Items, DateTime? RestrictedSince, string? RestrictedBecause);

/// <summary>All that is kept of one person, from everybody who keeps something.</summary>
internal sealed class PersonData(IEnumerable<IKeepsPersonalData> keepers, JourneyStore journeys, CustomerSearch customers, Restrictions restrictions, Sensitivity sensitivity, TimeProvider time)
{
    private const string Looks = "audit";

    private static readonly JsonWriterOptions Form = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task<PersonDataAnswer> KeptAsync(CustomerAnswer answer, CancellationToken ct)
    {
        var subject = await SubjectAsync(answer, ct);
        var items = new List<KeptData>();
        foreach (var keeper in keepers) items.Add(new KeptData(keeper.Kind, await keeper.CountAsync(subject, ct)));
        var restriction = restrictions.Of(answer.Identifiers);
        return new PersonDataAnswer(answer.Customer, answer.Identifiers, items, restriction?.SinceUtc, restriction?.Reason);
    }

    /// <summary>Why the reader gets no export: it has all there is, unmasked, as it is the person's. Null where the reader sees all of it anyway.</summary>
    public string? WhyNoExport => sensitivity.Now.IsNone ? null : T("Unify.Privacy.Export.Masked", T("Web.Role." + sensitivity.LeastForAll));

    /// <returns>Null where there is no such customer.</returns>
    public Task<CustomerAnswer?> CustomerAsync(int number, CancellationToken ct) => customers.FindAsync(number, new TimelineFilter(), new Paging(0, 1), ct);

    /// <summary>The zip as a file that is gone when it is closed: what fails is an error and not half an answer, and nobody's whole life is held in memory.</summary>
    public async Task<Stream> FileAsync(CustomerAnswer answer, string company, CancellationToken ct)
    {
        var file = Passing();
        try
        {
            await WriteAsync(answer, company, file, ct);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes a zip: one JSON file for each kind of data, and a page for people in the language of the request.</summary>
    public async Task WriteAsync(CustomerAnswer answer, string company, Stream to, CancellationToken ct)
    {
        var subject = await SubjectAsync(answer, ct);
        await using var zip = await ZipArchive.CreateAsync(to, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, ct);
        await using var parts = Passing();
        await using var page = new PersonPage(answer, company, time.GetUtcNow().UtcDateTime, parts);
        await AddAsync(zip, "golden-record.json", async json => await WriteAsync(json, Golden(answer)), ct);
        await page.BeginAsync("golden", ct);
        foreach (var value in answer.Values) await page.AddAsync(new JsonObject { [value.Name] = value.Value?.DeepClone(), ["source"] = value.Source }, ct);
        // Who looked comes behind what they looked at.
        foreach (var keeper in keepers.OrderBy(k => k.Kind == Looks))
        {
            await page.BeginAsync(keeper.Kind, ct);
            await AddAsync(zip, keeper.Kind + ".json", async json =>
            {
                json.WriteStartArray();
                await foreach (var piece in keeper.ExportAsync(subject, ct))
                {
                    WithoutEmployee(piece);
                    piece.WriteTo(json);
                    await page.AddAsync(keeper.Kind == Looks ? Look(piece) : piece, ct);
                    if (json.BytesPending > 1 << 16) await json.FlushAsync(ct);
                }

                json.WriteEndArray();
            }, ct);
        }

        await using var html = await zip.CreateEntry("index.html").OpenAsync(ct);
        await page.WriteAsync(html, ct);
    }

    /// <summary>The data is the person's; by which login an employee looked or wrote is not.</summary>
    private static void WithoutEmployee(JsonNode piece)
    {
        foreach (var part in (JsonNode?[])[piece, At(piece, "record"), At(At(piece, "record"), "context")]) (part as JsonObject)?.Remove("by");

        static JsonNode? At(JsonNode? of, string name) => of is JsonObject all && all.TryGetPropertyValue(name, out var inner) ? inner : null;
    }

    /// <summary>What people read of a line of the audit log: when, and what was done.</summary>
    private static JsonObject Look(JsonNode line) => new() { ["at"] = line["at"]?.DeepClone(), ["what"] = T(line["kind"]?.ToString() == nameof(AuditKind.Look) ? "Unify.Privacy.Export.Looked" : "Unify.Privacy.Export.Changed") };

    /// <summary>A file that is gone when it is closed.</summary>
    private static FileStream Passing()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        // So that a killed server leaves nothing behind either.
        if (!OperatingSystem.IsWindows()) File.Delete(path);
        return file;
    }

    private async Task<DataSubject> SubjectAsync(CustomerAnswer answer, CancellationToken ct)
    {
        var texts = new List<string>();
        foreach (var keeper in keepers) texts.AddRange(await keeper.TextsAsync(answer.Identifiers, ct));
        return new DataSubject(journeys.Identity(answer.Customer.Customer).Customer, answer.Identifiers, [.. texts.Distinct(StringComparer.Ordinal)])
        {
            Numbers = [.. journeys.FindIdentities(answer.Identifiers).Where(n => n >= 0)],
        };
    }

    private static JsonObject Golden(CustomerAnswer answer) => new()
    {
        ["identifiers"] = new JsonArray([.. answer.Identifiers.Select(i => (JsonNode)i)]),
        ["account"] = answer.Account,
        ["values"] = new JsonArray([.. answer.Values.Select(v => new JsonObject { ["name"] = v.Name, ["value"] = v.Value?.DeepClone(), ["source"] = v.Source, ["identifier"] = v.Identifier, ["at"] = v.At, ["correctedHere"] = v.ByPeople })]),
    };

    private static Task WriteAsync(Utf8JsonWriter json, JsonNode node)
    {
        node.WriteTo(json);
        return Task.CompletedTask;
    }

    private static async Task AddAsync(ZipArchive zip, string name, Func<Utf8JsonWriter, Task> write, CancellationToken ct)
    {
        await using var entry = await zip.CreateEntry(name).OpenAsync(ct);
        await using var json = new Utf8JsonWriter(entry, Form);
        await write(json);
        await json.FlushAsync(ct);
    }
}
