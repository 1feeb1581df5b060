using System.Text;
using Tangent.Map;
using Tangent.Web;

namespace Tangent.Collect;

/// <summary>Which touchpoint an event probably belongs to, from the words of its name.</summary>
internal sealed class TouchpointSuggestion(IReadOnlyList<Touchpoint> catalogue)
{
    // Half of the words in common: "order_completed" finds "Order", but "order_cancelled" does not find "Appointment cancelled by phone".
    private const double Enough = 0.5;

    private readonly List<(Touchpoint Touchpoint, HashSet<string> Words)> _known = [.. catalogue.Where(t => t.RetiredUtc is null).Select(t => (t, Words(t.Name)))];

    /// <returns>The touchpoint that fits best, or null where none fits well; of two equal ones that of the same channel.</returns>
    public Touchpoint? For(string eventName, string channel)
    {
        var words = Words(eventName);
        if (words.Count == 0) return null;
        var (best, score) = (default(Touchpoint), 0.0);
        foreach (var (touchpoint, others) in _known)
        {
            // "T11 Create document" and "T13 Adjust document" are two things, whatever else they have in common.
            if (!words.Where(HasDigit).ToHashSet().SetEquals(others.Where(HasDigit))) continue;
            var common = words.Count(others.Contains);
            var likeness = (double)common / (words.Count + others.Count - common);
            if (common > 0 && string.Equals(touchpoint.Channel, channel, StringComparison.OrdinalIgnoreCase)) likeness += 0.1;
            if (likeness > score) (best, score) = (touchpoint, likeness);
        }

        return score >= Enough ? best : null;
    }

    /// <summary>A name that people would give: "order_completed" and "OrderCompleted" become "Order completed"; one with blanks was given by people and stays.</summary>
    public static string Name(string eventName)
    {
        if (eventName.Trim().Contains(' ', StringComparison.Ordinal) && eventName.Trim().Length <= Touchpoint.NameLength) return eventName.Trim();
        var name = string.Join(' ', Split(eventName)).Trim();
        if (name.Length == 0) name = eventName.Trim();
        name = char.ToUpperInvariant(name[0]) + name[1..];
        return name.Length <= Touchpoint.NameLength ? name : name[..Touchpoint.NameLength];
    }

    private static HashSet<string> Words(string name) => [.. Split(FoldedText.Of(Name(name))).Select(Stem)];

    private static bool HasDigit(string word) => word.Any(char.IsDigit);

    /// <summary>Plural and past: good enough to see that "orders" and "ordered" are about an order.</summary>
    private static string Stem(string word) => word switch
    {
        { Length: > 5 } when word.EndsWith("ed", StringComparison.Ordinal) => word[..^2],
        { Length: > 3 } when word.EndsWith('s') => word[..^1],
        _ => word,
    };

    private static List<string> Split(string name)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            var begins = char.IsUpper(c) && i > 0 && char.IsLower(name[i - 1]);
            if ((begins || !char.IsLetterOrDigit(c)) && word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }

            if (begins) word.Append(char.ToLowerInvariant(c));
            else if (char.IsLetterOrDigit(c)) word.Append(c);
        }

        if (word.Length > 0) words.Add(word.ToString());
        return words;
    }
}
