namespace Tangent.Collect;

/// <summary>
/// The answers of one moment. A journey map asks the same of all journeys whenever somebody opens it and once more for everybody who looks on after an edit: it is
/// counted once for all of them, until events, rules, the catalogue or a source change.
/// </summary>
internal sealed class StepsMemory
{
    // A screen of maps with some filters each; an answer is a few kilobytes.
    private const int Most = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Question, CustomerSet? Within), Lazy<Asked<StepsAnswer>>> _answers = [];
    private (JourneySnapshot? Snapshot, TouchpointTable? Table, string Zone) _moment = (null, null, "");

    /// <summary>How often a question was counted and not remembered.</summary>
    public int Counted { get; private set; }

    public Asked<StepsAnswer> Ask(JourneySnapshot snapshot, TouchpointTable table, string zone, (string, CustomerSet?) question, Func<Asked<StepsAnswer>> count)
    {
        Lazy<Asked<StepsAnswer>> answer;
        lock (_gate)
        {
            if ((snapshot, table, zone) != _moment || _answers.Count >= Most)
            {
                _answers.Clear();
                _moment = (snapshot, table, zone);
            }

            if (!_answers.TryGetValue(question, out answer!))
            {
                Counted++;
                _answers[question] = answer = new Lazy<Asked<StepsAnswer>>(count);
            }
        }

        try
        {
            return answer.Value;
        }
        finally
        {
            // What failed is asked again.
            if (!answer.IsValueCreated) Forget(question);
        }
    }

    private void Forget((string, CustomerSet?) question)
    {
        lock (_gate)
        {
            _answers.Remove(question);
        }
    }
}
