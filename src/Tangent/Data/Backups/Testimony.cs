using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tangent.Data;

/// <summary>What the witnesses answer, as hashes.</summary>
internal sealed class Testimony(IEnumerable<IBackupWitness> witnesses)
{
    private static readonly JsonSerializerOptions Form = new() { Converters = { new TenDigits(), new JsonStringEnumConverter() } };

    /// <summary>All stand still, in their order, until the result is disposed of.</summary>
    public async Task<IAsyncDisposable> StandStillAsync(CancellationToken ct)
    {
        var still = new Still();
        try
        {
            foreach (var witness in witnesses) still.Add(await witness.StandStillAsync(ct));
            return still;
        }
        catch
        {
            await still.DisposeAsync();
            throw;
        }
    }

    /// <returns>Null where one cannot answer.</returns>
    public async Task<SortedDictionary<string, string>?> AskAsync(CancellationToken ct)
    {
        // Names are sorted by culture: the language of whoever asks must not change the answers. Ends with this method.
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var witness in witnesses)
        {
            if (await witness.TestifyAsync(ct) is not { } answers) return null;
            foreach (var (name, answer) in answers) hashes[name] = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(answer, answer.GetType(), Form)));
        }

        return hashes;
    }

    private sealed class Still : IAsyncDisposable
    {
        private readonly Stack<IAsyncDisposable> _held = new();

        public void Add(IAsyncDisposable held) => _held.Push(held);

        public async ValueTask DisposeAsync()
        {
            while (_held.TryPop(out var held)) await held.DisposeAsync();
        }
    }

    /// <summary>Sums of fractions differ in their last digits when the same numbers are added in another order, as after a rebuild.</summary>
    private sealed class TenDigits : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString("G10", CultureInfo.InvariantCulture));
    }
}
