namespace Tangent.Collect;

/// <summary>What became of an import, or how far it is.</summary>
/// <param name="ImportId">Number of the import.</param>
/// <param name="State">receiving, waiting, reading, done, refused or interrupted.</param>
/// <param name="Source">Source its events belong to.</param>
/// <param name="FileName">Name of the file.</param>
/// <param name="DryRun">Nothing was taken; the figures say what would be.</param>
/// <param name="StartedUtc">When it began.</param>
/// <param name="Seconds">How long it took so far.</param>
/// <param name="Bytes">Size of the file as sent.</param>
/// <param name="BytesRead">How much of it has been read.</param>
/// <param name="Rows">Events of the file that were looked at.</param>
/// <param name="New">Events that were taken (in a dry run: would be).</param>
/// <param name="Duplicates">Events that had been imported before.</param>
/// <param name="Rejected">Rows that cannot be used.</param>
/// <param name="Skipped">Events left out because of their life-cycle transition, and records that are marked as deleted.</param>
/// <param name="Reading">How the file was read; null before that is known.</param>
/// <param name="Rejects">The first 100 rejected rows.</param>
/// <param name="BrokenOff">Why the file could not be read to its end; null where it could.</param>
/// <param name="Problem">Why the file was refused, or the import ended early.</param>
/// <param name="Samples">Of a dry run: some events that would be new and some that had been imported before.</param>
/// <param name="Undone">The import was taken back: its events do not count.</param>
/// <param name="Changed">Records that were known and say something else now.</param>
/// <param name="Kind">What the rows are: events, persons, companies, orders, invoices, tickets, deals, subscriptions, consents, merges, activities or feedback.</param>
public sealed record ImportReport(
    int ImportId, ImportState State, string Source, string FileName, bool DryRun, DateTime StartedUtc, double Seconds, long Bytes, long BytesRead,
    long Rows, long New, long Duplicates, long Rejected, long Skipped,
    FileReading? Reading, IReadOnlyList<RejectedRow> Rejects, string? BrokenOff, string? Problem, bool Undone = false, IReadOnlyList<SampledEvent>? Samples = null,
    long Changed = 0, string Kind = "events");

/// <param name="IsNew">It would be taken; else it had been imported before.</param>
/// <param name="Event">The event in Segment's form.</param>
/// <param name="IsChanged">It was known and says something else now.</param>
public sealed record SampledEvent(bool IsNew, string Event, bool IsChanged = false);

/// <param name="Format">csv, xes or jsonl.</param>
/// <param name="Delimiter">comma, semicolon, tab or pipe; null where there is none.</param>
/// <param name="Encoding">utf-8, utf-16le, utf-16be or windows-1252; null where the format says it itself.</param>
/// <param name="DateFormat">Pattern of the times.</param>
/// <param name="DateAmbiguous">Every date could be read with day and month exchanged; the closer dates were taken.</param>
/// <param name="TimeZone">Time zone that times without offset were taken in; null where they have an offset.</param>
/// <param name="DecimalComma">Values are written with a decimal comma.</param>
/// <param name="Mapping">Column by field; null for events in Segment's form.</param>
/// <param name="Preset">The program whose export it is; null where it is none that is known.</param>
public sealed record FileReading(
    string Format, string? Delimiter, string? Encoding, string? DateFormat, bool DateAmbiguous, string? TimeZone, bool DecimalComma,
    IReadOnlyDictionary<string, string>? Mapping, string? Preset = null)
{
    internal static FileReading Of(ImportPlan plan) => new(
        NameOf(plan.Format), plan.Delimiter, plan.Encoding?.Name, plan.Dates?.Describe(), plan.Dates?.Ambiguous ?? false, plan.Zone, plan.Numbers.DecimalComma,
        plan.Mapping?.Columns, plan.Preset?.Name);

    internal static string NameOf(ImportFormat format) => format switch { ImportFormat.JsonLines => "jsonl", ImportFormat.Xes => "xes", ImportFormat.VCard => "vcard", _ => "csv" };

    internal static ImportFormat? FormatOf(string? name) => name?.ToLowerInvariant() switch { "csv" => ImportFormat.Csv, "xes" => ImportFormat.Xes, "jsonl" => ImportFormat.JsonLines, "vcard" or "vcf" => ImportFormat.VCard, _ => null };
}

/// <param name="Line">Line of the file, from 1.</param>
/// <param name="Reason">One of the rejection reasons.</param>
/// <param name="Detail">What is wrong, in words.</param>
public sealed record RejectedRow(long Line, string Reason, string Detail)
{
    internal static RejectedRow Of(long line, ImportedRow row)
    {
        var reason = row.Reason.ToString();
        return new RejectedRow(line, char.ToLowerInvariant(reason[0]) + reason[1..], row.Detail);
    }
}
