using System.Globalization;
using System.Text;

namespace Tangent.Data;

/// <summary>A part of a working day, in minutes since midnight; <paramref name="End"/> is not part of it.</summary>
internal readonly record struct WorkingSpan(int Start, int End);

/// <summary>The working hours of each day of the week, several spans a day, in the manner of OpenStreetMap's opening hours: <c>Mo-Th 08:00-12:00,13:00-17:00; Fr 08:00-14:00</c>, without any <c>Mo-Su off</c>.</summary>
internal sealed class WorkingHours
{
    private const string Off = "off";
    private static readonly string[] Days = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
    private readonly List<WorkingSpan>[] _spans = [.. Enumerable.Range(0, 7).Select(_ => new List<WorkingSpan>())];

    private WorkingHours()
    {
    }

    /// <summary>The first part that cannot be read; null where all can.</summary>
    public string? Wrong { get; private set; }

    public IReadOnlyList<WorkingSpan> Of(DayOfWeek day) => _spans[Index(day)];

    /// <summary>Spans of one day as people write them: <c>08:00-12:00, 13:00-17:00</c>.</summary>
    public string Text(DayOfWeek day) => string.Join(", ", Of(day).Select(s => $"{Clock(s.Start)}-{Clock(s.End)}"));

    public static WorkingHours Read(string text)
    {
        var hours = new WorkingHours();
        foreach (var rule in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = rule.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length != 2 || DaysOf(words[0]) is not { } days || SpansOf(words[1]) is not { } spans)
            {
                hours.Wrong ??= rule;
                continue;
            }

            foreach (var day in days) (hours._spans[day].Count == 0 ? hours._spans[day] : Cleared(hours._spans[day])).AddRange(spans);
        }

        return hours;
    }

    /// <summary>The text of seven days' spans, Monday first; what is beyond them is nobody's day.</summary>
    public static string Write(IReadOnlyList<string> spansOfDays)
    {
        var worked = Days.Zip(spansOfDays).Where(d => !string.IsNullOrWhiteSpace(d.Second)).Select(d => $"{d.First} {d.Second.Replace(" ", "", StringComparison.Ordinal)}").ToList();
        return worked.Count > 0 ? string.Join("; ", worked) : $"{Days[0]}-{Days[^1]} {Off}";
    }

    private static List<WorkingSpan> Cleared(List<WorkingSpan> spans)
    {
        spans.Clear();
        return spans;
    }

    private static List<int>? DaysOf(string text)
    {
        var days = new List<int>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-');
            var (from, to) = (Array.IndexOf(Days, ends[0]), Array.IndexOf(Days, ends[^1]));
            if (from < 0 || to < 0 || ends.Length > 2) return null;
            for (var day = from; ; day = (day + 1) % 7)
            {
                days.Add(day);
                if (day == to) break;
            }
        }

        return days;
    }

    /// <returns>Null where a span cannot be read, ends before it begins, or begins before the one before has ended.</returns>
    private static List<WorkingSpan>? SpansOf(string text)
    {
        var spans = new List<WorkingSpan>();
        if (text == Off) return spans;
        foreach (var part in text.Replace('–', '-').Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.Split('-', StringSplitOptions.TrimEntries) is not [var first, var last] || Minutes(first) is not { } start || Minutes(last) is not { } end) return null;
            if (end <= start || (spans.Count > 0 && start < spans[^1].End)) return null;
            spans.Add(new WorkingSpan(start, end));
        }

        return spans;
    }

    private static int? Minutes(string clock)
    {
        if (clock == "24:00") return 24 * 60;
        return TimeOnly.TryParseExact(clock, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? (time.Hour * 60) + time.Minute : null;
    }

    private static string Clock(int minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:00}:{minutes % 60:00}");

    private static int Index(DayOfWeek day) => ((int)day + 6) % 7;
}
