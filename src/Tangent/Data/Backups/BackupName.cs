using System.Globalization;

namespace Tangent.Data;

/// <summary>Names that the program gives backups: the moment, UTC, and whether it made them by itself.</summary>
internal static class BackupName
{
    public const string Ending = ".tangent-backup.tar.gz";
    private const string Moment = "yyyyMMdd-HHmmss";
    private const string ByItself = "-scheduled";

    public static string Of(DateTimeOffset moment, bool isScheduled) => moment.UtcDateTime.ToString(Moment, CultureInfo.InvariantCulture) + (isScheduled ? ByItself : "") + Ending;

    /// <returns>Null where somebody else chose the name.</returns>
    public static DateTime? MomentOf(string name) => Read(name, ByItself + Ending) ?? Read(name, Ending);

    public static bool IsScheduled(string name) => Read(name, ByItself + Ending) is not null;

    private static DateTime? Read(string name, string end) =>
        name.EndsWith(end, StringComparison.Ordinal) && DateTime.TryParseExact(name[..^end.Length], Moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) ? moment : null;
}
