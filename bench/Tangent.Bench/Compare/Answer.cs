using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tangent.Bench;

/// <summary>An answer as text, one row a line and tabs between its cells, the same for whoever gave it.</summary>
internal sealed class Answer
{
    /// <summary>Sums of floating numbers depend on their order; two that differ by no more than this share are equal.</summary>
    public const double Tolerance = 1e-9;

    private readonly string[][] rows;

    public Answer(string text)
    {
        rows = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t').Select(Cell).ToArray())];
        // Floating cells go into the hash with six digits, so that it is (nearly always) the same too.
        var canonical = string.Join('\n', rows.Select(row => string.Join('\t', row.Select(cell => Fraction(cell, out var value) ? value.ToString("G6", CultureInfo.InvariantCulture) : cell))));
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))[..12];
    }

    public string Hash { get; }

    public int Rows => rows.Length;

    public bool EqualTo(Answer other) => rows.Length == other.rows.Length && rows.Zip(other.rows).All(pair => Equal(pair.First, pair.Second));

    /// <summary>The first row that differs, for who looks for the reason.</summary>
    public string Difference(Answer other)
    {
        for (var row = 0; row < Math.Min(rows.Length, other.rows.Length); row++)
            if (!Equal(rows[row], other.rows[row])) return $"row {row + 1}: {string.Join(' ', rows[row])} | {string.Join(' ', other.rows[row])}";
        return $"{rows.Length} rows | {other.rows.Length} rows";
    }

    public static string Line(params ReadOnlySpan<object> cells)
    {
        var line = new StringBuilder();
        foreach (var cell in cells)
        {
            if (line.Length > 0) line.Append('\t');
            line.Append(cell is double number ? number.ToString("R", CultureInfo.InvariantCulture) : Convert.ToString(cell, CultureInfo.InvariantCulture));
        }

        return line.Append('\n').ToString();
    }

    private static bool Equal(string[] a, string[] b) => a.Length == b.Length && a.Zip(b).All(pair => Equal(pair.First, pair.Second));

    private static bool Equal(string a, string b)
    {
        if (a == b) return true;
        if (!Fraction(a, out _) && !Fraction(b, out _)) return false;
        return Number(a, out var x) && Number(b, out var y) && Math.Abs(x - y) <= Tolerance * Math.Max(Math.Abs(x), Math.Abs(y));
    }

    // "12.0" and "12" are the same number.
    private static string Cell(string cell) =>
        Fraction(cell, out var value) && value == Math.Floor(value) && Math.Abs(value) < 1e15 ? ((long)value).ToString(CultureInfo.InvariantCulture) : cell;

    private static bool Fraction(string cell, out double value)
    {
        value = 0;
        return cell.AsSpan().IndexOfAny('.', 'e', 'E') >= 0 && Number(cell, out value);
    }

    private static bool Number(string cell, out double value) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
