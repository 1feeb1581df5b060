namespace Tangent.Unify;

/// <summary>
/// Everything that was said of some contact points, and what holds of it. Whether a word is one of its own, and what holds, depends on the words
/// alone and not on when they came: so words can be taken out again, and the rest told anew as if they had never been there.
/// </summary>
internal sealed class ConsentHistory
{
    private readonly Dictionary<(string Point, string Purpose, string Topic), List<ConsentEntry>> _said = [];
    private readonly HashSet<(string Point, string Purpose, string Topic)> _touched = [];
    private readonly HashSet<ConsentEntry> _changed = [];

    /// <summary>Words to be written: new ones, and those that were said again.</summary>
    public IReadOnlyCollection<ConsentEntry> Changed => _changed;

    /// <summary>What holds now of that of which something was said.</summary>
    public IEnumerable<StandingConsent> Standing => _touched.Select(Latest).OfType<ConsentEntry>().Select(Holding);

    /// <summary>Takes a word that is written already.</summary>
    public void Know(ConsentEntry said) => Words(Of(said)).Add(said);

    public void Add(ConsentEntry said)
    {
        var (of, words) = (Of(said), Words(Of(said)));
        // A public key can ask for a confirmation once; anybody could fill the history with it.
        if (said.Origin == ConsentOrigin.PublicKey && words.Exists(w => w.Origin == ConsentOrigin.PublicKey)) return;
        // Servers say the same with every call: what was confirmed need not be confirmed again.
        if (said.Asks && Latest(of)?.State == ConsentState.Given) return;
        _touched.Add(of);
        if (Repeated(said) is { } before)
        {
            if (said.LastUtc <= before.LastUtc) return;
            before.LastUtc = said.LastUtc;
            _changed.Add(before);
            return;
        }

        words.Add(said);
        _changed.Add(said);
    }

    /// <summary>
    /// Banners repeat themselves with every event, and servers with every call: what they said last, and nobody spoke against, is not written again.
    /// What is said of a topic after the whole purpose was withdrawn is new.
    /// </summary>
    private ConsentEntry? Repeated(ConsentEntry said) =>
        said.Origin == ConsentOrigin.Event && Latest(Of(said)) is { } last && (last.Origin, last.State, last.Wording, last.Key, last.SourceId) == (said.Origin, said.State, said.Wording, said.Key, said.SourceId)
            && said.AtUtc >= last.AtUtc && (said.Topic.Length == 0 || Latest((said.Point, said.Purpose, "")) is not { State: ConsentState.Withdrawn } whole || whole.AtUtc < last.LastUtc) ? last : null;

    /// <summary>The latest word by when it was said, whatever the order in which they came; what a public key says only where nobody else said anything.</summary>
    private ConsentEntry? Latest((string Point, string Purpose, string Topic) of)
    {
        ConsentEntry? latest = null;
        foreach (var word in Words(of))
            if (latest is null || Rank(word).CompareTo(Rank(latest)) > 0) latest = word;
        return latest;
    }

    private static (bool IsKnown, DateTime LastUtc, long Position, int Number) Rank(ConsentEntry word) => (word.Origin != ConsentOrigin.PublicKey, word.LastUtc, word.Position, word.Number);

    private List<ConsentEntry> Words((string Point, string Purpose, string Topic) of)
    {
        if (!_said.TryGetValue(of, out var words)) _said.Add(of, words = []);
        return words;
    }

    private static (string Point, string Purpose, string Topic) Of(ConsentEntry said) => (said.Point, said.Purpose, said.Topic);

    private static StandingConsent Holding(ConsentEntry said) => new()
    {
        Point = said.Point,
        Purpose = said.Purpose,
        Topic = said.Topic,
        Kind = ContactPoints.KindOf(said.Point),
        State = said.State,
        AtUtc = said.AtUtc,
        LastUtc = said.LastUtc,
        Origin = said.Origin,
        Wording = said.Wording,
        Key = said.Key,
    };
}
