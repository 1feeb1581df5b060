namespace Tangent.Unify;

/// <summary>How well two dates agree, from the best to the worst.</summary>
internal enum DateAgreement
{
    Equal,

    /// <summary>One slip of the pen: one digit mistaken, two neighbours exchanged, or day and month exchanged.</summary>
    Slip,

    /// <summary>At most 31 days apart.</summary>
    SameMonth,

    /// <summary>Two of year, month and day agree, or at most 366 days apart.</summary>
    Near,

    Different,
}

/// <summary>Compares dates as people write them down: with typing mistakes, exchanged parts and guesses.</summary>
internal static class DateLikeness
{
    /// <param name="a">A date as the number yyyymmdd.</param>
    /// <param name="b">Another.</param>
    public static DateAgreement Of(int a, int b)
    {
        if (a == b) return DateAgreement.Equal;
        var (yearA, monthA, dayA) = (a / 10_000, a / 100 % 100, a % 100);
        var (yearB, monthB, dayB) = (b / 10_000, b / 100 % 100, b % 100);
        if ((yearA == yearB && monthA == dayB && dayA == monthB) || IsSlip(a, b)) return DateAgreement.Slip;
        var days = Math.Abs(((yearA - yearB) * 366) + ((monthA - monthB) * 31) + dayA - dayB);
        if (days <= 31) return DateAgreement.SameMonth;
        var alike = (yearA == yearB ? 1 : 0) + (monthA == monthB ? 1 : 0) + (dayA == dayB ? 1 : 0);
        return alike == 2 || days <= 366 ? DateAgreement.Near : DateAgreement.Different;
    }

    private static bool IsSlip(int a, int b)
    {
        int differing = 0, firstA = 0, firstB = 0, firstAt = -1;
        for (var at = 0; at < 8; at++, a /= 10, b /= 10)
        {
            if (a % 10 == b % 10) continue;
            if (++differing == 1) (firstA, firstB, firstAt) = (a % 10, b % 10, at);
            else if (differing > 2 || at != firstAt + 1 || a % 10 != firstB || b % 10 != firstA) return false;
        }

        return true;
    }
}
