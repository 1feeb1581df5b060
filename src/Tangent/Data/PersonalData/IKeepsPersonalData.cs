using System.Text.Json.Nodes;

namespace Tangent.Data;

/// <summary>A person whose data is asked for.</summary>
/// <param name="Customer">Number of the customer; null where it is not known any more, as when an erasure goes on after a stop.</param>
/// <param name="Identifiers">The <c>user:…</c> and <c>anonymous:…</c> identifiers.</param>
/// <param name="Texts">What else names this person and nobody else: e-mail addresses and telephone numbers, as they were said.</param>
internal sealed record DataSubject(int? Customer, IReadOnlyList<string> Identifiers, IReadOnlyList<string> Texts)
{
    /// <summary>Every number that the customer has or had: what was merged into one had another.</summary>
    public IReadOnlyList<int> Numbers { get; init; } = Customer is { } now ? [now] : [];

    // Anything shorter is in too many texts that tell of others.
    private const int ShortestText = 5;

    /// <summary>The ids alone (of <c>user:7</c>, 7) and what else names the person: whatever has one of these in it may tell of the person.</summary>
    public IReadOnlyList<string> Words => field ??=
        [.. Identifiers.Select(i => i[(i.IndexOf(':', StringComparison.Ordinal) + 1)..]).Concat(Texts.Where(t => t.Length >= ShortestText)).Distinct(StringComparer.Ordinal)];

    /// <summary>Whether a text names the person: one of the words by itself, not as a part of another's id. What an export hands over must be the person's; what an erasure takes may be more.</summary>
    public bool AreNamedIn(string text) => Names(text, Words, StringComparison.Ordinal);

    /// <summary>The same for what people wrote of anything: there a number or a word is seldom an id, and addresses are written as it comes.</summary>
    public bool AreNamedInProse(string text) => Names(text, Unmistakable, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a value that stands by itself, as a filter or a condition has it, is the person's. A short id, or one of letters alone, may be anything there: a number of items, a plan, a country.</summary>
    public bool AreMeantBy(string value) =>
        AreNamedInProse(value) || (value.Trim() is { Length: >= ShortestText } whole && !whole.All(char.IsLetter) && Words.Contains(whole, StringComparer.OrdinalIgnoreCase));

    /// <summary>What names the person in prose, the longest first.</summary>
    public IReadOnlyList<string> Unmistakable => field ??=
        [.. Identifiers.Concat(Words.Where(w => w.Length >= ShortestText && !w.All(char.IsAsciiDigit) && !w.All(char.IsLetter))).Distinct(StringComparer.Ordinal).OrderByDescending(w => w.Length)];

    /// <summary>What people wrote, with … in place of what names the person; the same text where nothing does.</summary>
    public string WithoutNames(string text)
    {
        foreach (var word in Unmistakable)
            for (var at = Find(text, word, 0, StringComparison.OrdinalIgnoreCase); at >= 0; at = Find(text, word, at + 1, StringComparison.OrdinalIgnoreCase))
                text = $"{text[..at]}…{text[(at + word.Length)..]}";
        return text;
    }

    private static bool Names(string text, IReadOnlyList<string> words, StringComparison comparison) => words.Any(word => Find(text, word, 0, comparison) >= 0);

    /// <returns>Where a word stands by itself; less than 0 where nowhere.</returns>
    private static int Find(string text, string word, int from, StringComparison comparison)
    {
        for (var at = text.IndexOf(word, from, comparison); at >= 0; at = at + 1 < text.Length ? text.IndexOf(word, at + 1, comparison) : -1)
            if (!GoesOn(text, at - 1, -1) && !GoesOn(text, at + word.Length, 1)) return at;
        return -1;
    }

    /// <summary>Whether an id goes on with the character at a place: a full stop or an apostrophe ends it where no letter or digit stands behind.</summary>
    private static bool GoesOn(string text, int at, int step) =>
        At(text, at) is { } c && (char.IsLetterOrDigit(c) || "_-+@%".Contains(c, StringComparison.Ordinal) || (c is '.' or '\'' && At(text, at + step) is { } next && char.IsLetterOrDigit(next)));

    private static char? At(string text, int at) => at >= 0 && at < text.Length ? text[at] : null;
}

/// <summary>Keeps one kind of data of persons. Whoever adds a table, file or index of such data adds one of these, or widens one: an export, an erasure and the retention periods ask all of them.</summary>
internal interface IKeepsPersonalData
{
    /// <summary>What kind of data it is; a name in lists and files, such as <c>profiles</c>.</summary>
    string Kind { get; }

    /// <summary>The entities of the operational database it answers for.</summary>
    IReadOnlyList<Type> Entities { get; }

    /// <summary>Whether it lets go of what is old: <see cref="AgeOutAsync"/> does something.</summary>
    bool Ages => false;

    /// <summary>E-mail addresses and telephone numbers that these identifiers, and no others, are known by.</summary>
    Task<IReadOnlyList<string>> TextsAsync(IReadOnlyList<string> identifiers, CancellationToken ct) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Everything it keeps of a person, piece by piece.</summary>
    IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, CancellationToken ct);

    /// <summary>How many pieces it keeps of a person.</summary>
    async Task<long> CountAsync(DataSubject subject, CancellationToken ct)
    {
        long count = 0;
        await foreach (var _ in ExportAsync(subject, ct)) count++;
        return count;
    }

    /// <summary>Deletes, also on disk, what it keeps of a person beside what is made of the event log: that is let go by who follows the log. It may be asked again after a stop.</summary>
    Task EraseAsync(DataSubject subject, CancellationToken ct);

    /// <summary>Lets go of what is from before a moment.</summary>
    /// <param name="beforeUtc">The moment.</param>
    /// <param name="onlyCount">Nothing goes; it is only counted.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>How many pieces go.</returns>
    Task<long> AgeOutAsync(DateTime beforeUtc, bool onlyCount, CancellationToken ct) => Task.FromResult(0L);

    /// <summary>From when the oldest piece is that can age; null where there is none.</summary>
    Task<DateTime?> OldestAsync(CancellationToken ct) => Task.FromResult<DateTime?>(null);
}
