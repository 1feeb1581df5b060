using System.Text.RegularExpressions;
using Tangent.Access;

namespace Tangent.Map;

/// <summary>Who is named in a text: <c>@anna@example.org</c>, or <c>@anna</c> where one user alone is called so.</summary>
internal static partial class Mentions
{
    public static IReadOnlyList<string> In(string text, IReadOnlyList<Person> people) =>
        [.. Names().Matches(text).Select(m => Of(m.Groups[1].Value.TrimEnd('.'), people)).OfType<Person>().Select(p => p.Id.ToString()).Distinct()];

    /// <summary>The names in a text that are those of no user, or of several.</summary>
    public static IReadOnlyList<string> Unknown(string text, IReadOnlyList<Person> people) =>
        [.. Names().Matches(text).Select(m => m.Groups[1].Value.TrimEnd('.')).Where(n => Of(n, people) is null).Select(n => "@" + n).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>How a user is named in the shortest way.</summary>
    public static string NameOf(Person person, IReadOnlyList<Person> people)
    {
        var name = LocalPart(person);
        return "@" + (Of(name, people) == person ? name : person.Email);
    }

    private static Person? Of(string name, IReadOnlyList<Person> people)
    {
        var called = people.Where(p => p.Disabled is null && (name.Contains('@', StringComparison.Ordinal) ? p.Email : LocalPart(p)).Equals(name, StringComparison.OrdinalIgnoreCase)).Take(2).ToList();
        return called.Count == 1 ? called[0] : null;
    }

    private static string LocalPart(Person person) => person.Email.Split('@')[0];

    [GeneratedRegex(@"(?<![\w.])@([\w.%+-]+(?:@[\w.-]+)?)")]
    private static partial Regex Names();
}
