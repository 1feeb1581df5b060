namespace Tangent.Data;

/// <summary>Days of a time zone. Some zones change their clocks at midnight: such a day begins when the clock goes on.</summary>
internal static class ZoneDays
{
    /// <summary>When a day begins, UTC.</summary>
    public static DateTime StartOf(this TimeZoneInfo zone, DateOnly day) => zone.ToUtc(day.ToDateTime(TimeOnly.MinValue));

    /// <summary>When a day begins, in milliseconds since 1970 UTC.</summary>
    public static long StartMsOf(this TimeZoneInfo zone, DateOnly day) => new DateTimeOffset(zone.StartOf(day)).ToUnixTimeMilliseconds();

    /// <summary>The day of a moment.</summary>
    public static DateOnly DayOf(this TimeZoneInfo zone, DateTime utc) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), zone));

    /// <summary>A time of the zone's clock as UTC; of one that the clock skips, when it goes on.</summary>
    public static DateTime ToUtc(this TimeZoneInfo zone, DateTime local)
    {
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(30);
        return TimeZoneInfo.ConvertTimeToUtc(local, zone);
    }
}
