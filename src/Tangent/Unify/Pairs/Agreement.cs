using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>How well two values of a column agree: few steps, the same for all kinds, so that what each is worth can be learned.</summary>
internal static class Agreement
{
    /// <summary>One of the two is blank: no evidence either way.</summary>
    public const int Missing = 0;
    public const int Different = 1;
    public const int Similar = 2;
    public const int Near = 3;
    public const int Close = 4;
    public const int Equal = 5;

    /// <summary>Given name and surname stand in each other's column.</summary>
    public const int Exchanged = 6;

    public const int Steps = 7;

    private const double SimilarNames = 0.78;
    private const double PartlyLikeNames = 0.6;
    private const double SimilarTexts = 0.85;
    private const double PartlyLikeTexts = 0.45;

    /// <param name="column">The column.</param>
    /// <param name="a">Value number in it.</param>
    /// <param name="b">Another.</param>
    public static int Of(PersonColumn column, int a, int b)
    {
        if (a == PersonColumn.Blank || b == PersonColumn.Blank) return Missing;
        if (a == b) return Equal;
        var (left, right) = (column.Text(a), column.Text(b));
        if (column.Kind is not (ColumnKind.Date or ColumnKind.Category) && CannotBeAlike(column, a, b, left, right)) return Different;
        return column.Kind switch
        {
            ColumnKind.Date => column.Date(a) != 0 && column.Date(b) != 0 ? OfDates(column.Date(a), column.Date(b)) : EditDistance.Between(left, right, 1) <= 1 ? Close : Different,
            ColumnKind.GivenName or ColumnKind.Surname or ColumnKind.Name => OfNames(left, right, column.Sound(a), column.Sound(b)),
            ColumnKind.Email => OfEmails(left, right),
            ColumnKind.Phone or ColumnKind.Code => OfCodes(left, right),
            ColumnKind.Category => left.Length >= 5 && EditDistance.Between(left, right, 1) <= 1 ? Close : Different,
            _ => OfTexts(left, right),
        };
    }

    /// <summary>Whether two names are as good as equal.</summary>
    public static bool AreNear(string a, string b) => a == b || (a.Length > 3 && JaroWinkler.Likeness(a, b) >= 0.92);

    private static int OfDates(int a, int b) => DateLikeness.Of(a, b) switch
    {
        DateAgreement.Slip => Close,
        DateAgreement.SameMonth => Near,
        DateAgreement.Near => Similar,
        _ => Different,
    };

    /// <summary>Most pairs share hardly a letter: said without comparing them, never wrongly (initials and words within are left to the comparison).</summary>
    private static bool CannotBeAlike(PersonColumn column, int a, int b, string left, string right)
    {
        // Longer texts are compared by their beginnings, of which the letters of the whole say nothing.
        if (Math.Max(left.Length, right.Length) > JaroWinkler.Longest) return false;
        if (column.Kind is ColumnKind.Phone or ColumnKind.Code) return column.Letters(a).MostShared(column.Letters(b)) < Math.Max(left.Length, right.Length) - 2;
        var (bigrams, likeness) = column.Letters(a).Bounds(column.Letters(b), left.AsSpan().CommonPrefixLength(right));
        return column.Kind switch
        {
            ColumnKind.Email => bigrams < 0.35 && left[0] != right[0],
            ColumnKind.Address or ColumnKind.Text => bigrams < PartlyLikeTexts && likeness < SimilarTexts && !IsPart(left, right),
            _ => bigrams < PartlyLikeNames && likeness < SimilarNames && column.Sound(a) != column.Sound(b) && !IsPart(left, right),
        };
    }

    private static int OfNames(string a, string b, string soundA, string soundB)
    {
        var likeness = JaroWinkler.Likeness(a, b);
        if (likeness >= 0.95 || (Math.Min(a.Length, b.Length) >= 4 && EditDistance.Between(a, b, 1) <= 1)) return Close;
        if (likeness >= 0.88 || (soundA.Length >= 2 && soundA == soundB && a[0] == b[0])) return Near;
        return likeness >= SimilarNames || IsPart(a, b) || Bigrams.Likeness(a, b) >= PartlyLikeNames ? Similar : Different;
    }

    private static int OfEmails(string a, string b)
    {
        // Whose name is taken puts a number to it: another number is another person's, not a slip.
        if (Math.Abs(a.Length - b.Length) <= 2 && EditDistance.Between(a, b, 2) <= 2) return DifferInDigits(a, b) ? Near : Close;
        var localA = EmailValue.Local(a);
        var localB = EmailValue.Local(b);
        if (localA.Length > 3 && localA.SequenceEqual(localB)) return Near;
        return Bigrams.Likeness(a, b) >= 0.7 ? Near : JaroWinkler.Likeness(localA, localB) >= 0.9 ? Similar : Different;
    }

    private static bool DifferInDigits(string a, string b) =>
        a.Where(c => !char.IsAsciiDigit(c)).SequenceEqual(b.Where(c => !char.IsAsciiDigit(c)));

    private static int OfCodes(string a, string b)
    {
        if (Math.Min(a.Length, b.Length) >= 3 && EditDistance.Between(a, b, 1) <= 1) return Close;
        return Math.Min(a.Length, b.Length) >= 5 && EditDistance.Between(a, b, 2) <= 2 ? Near : Different;
    }

    private static int OfTexts(string a, string b)
    {
        var likeness = JaroWinkler.Likeness(a, b);
        var pairs = Bigrams.Likeness(a, b);
        if (pairs >= 0.85 || (Math.Min(a.Length, b.Length) >= 4 && EditDistance.Between(a, b, 1) <= 1)) return Close;
        if (pairs >= 0.65 || likeness >= 0.92) return Near;
        return pairs >= PartlyLikeTexts || likeness >= SimilarTexts || IsPart(a, b) ? Similar : Different;
    }

    /// <summary>One is an initial of the other or one of its words.</summary>
    private static bool IsPart(string a, string b)
    {
        var (shorter, longer) = a.Length <= b.Length ? (a, b) : (b, a);
        if (shorter.Length == 1) return longer[0] == shorter[0];
        return shorter.Length >= 3 && longer.Length > shorter.Length && longer.Contains(shorter, StringComparison.Ordinal)
            && (longer.StartsWith(shorter + ' ', StringComparison.Ordinal) || longer.EndsWith(' ' + shorter, StringComparison.Ordinal) || longer.Contains($" {shorter} ", StringComparison.Ordinal));
    }
}
