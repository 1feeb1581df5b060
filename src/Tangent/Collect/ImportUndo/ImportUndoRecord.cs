using System.Text.Json.Serialization;

namespace Tangent.Collect;

/// <summary>A decision about a whole import, as the log keeps it.</summary>
/// <param name="Import">Number of the import.</param>
/// <param name="By">Name of the user who decided.</param>
internal sealed record ImportUndoRecord(int Import, string By);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ImportUndoRecord))]
internal sealed partial class ImportUndoJson : JsonSerializerContext;
