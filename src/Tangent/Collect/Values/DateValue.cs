namespace Tangent.Collect;

/// <summary>Dates of birth and the like, read from the forms in which they are commonly written.</summary>
internal static class DateValue
{
    /// <param name="text">2015-10-29, 20151029, 29.10.2015, 29/10/2015, 10/29/2015, with or without a time behind.</param>
    /// <param name="order">What comes first where the year comes last.</param>
    /// <returns>The number yyyymmdd; 0 where it is no date.</returns>
    public static int Of(string text, DateOrder order = DateOrder.DayFirst)
    {
        var span = text.AsSpan().Trim();
        if (span.Length == 8 && !span.ContainsAnyExceptInRange('0', '9')) return Checked(Number(span[..4]), Number(span[4..6]), Number(span[6..]));
        if (span.IndexOfAny(' ', 'T') is > 0 and var time) span = span[..time];
        Span<Range> parts = stackalloc Range[4];
        if (span.SplitAny(parts, "-./") != 3) return 0;
        var first = span[parts[0]];
        var second = span[parts[1]];
        var third = span[parts[2]];
        if (first.Length == 4) return Checked(Number(first), Number(second), Number(third));
        if (third.Length != 4) return 0;
        return order == DateOrder.DayFirst ? Checked(Number(third), Number(second), Number(first)) : Checked(Number(third), Number(first), Number(second));
    }

    /// <summary>The order under which more of the texts are dates; the day first where both do.</summary>
    public static DateOrder OrderOf(IEnumerable<string> texts)
    {
        int dayFirst = 0, monthFirst = 0;
        foreach (var text in texts)
        {
            if (Of(text) != 0) dayFirst++;
            if (Of(text, DateOrder.MonthFirst) != 0) monthFirst++;
        }

        return monthFirst > dayFirst ? DateOrder.MonthFirst : DateOrder.DayFirst;
    }

    private static int Number(ReadOnlySpan<char> digits) => int.TryParse(digits, System.Globalization.NumberStyles.None, null, out var number) ? number : -1;

    private static int Checked(int year, int month, int day) =>
        year is >= 1800 and <= 2200 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? (year * 10_000) + (month * 100) + day : 0;
}
