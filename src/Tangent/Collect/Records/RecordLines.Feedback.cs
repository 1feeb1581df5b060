namespace Tangent.Collect;

/// <content>Answers and reviews.</content>
internal sealed partial class RecordLines
{
    private readonly Dictionary<UInt128, int> _saidAlike = [];
    private FeedbackRow? _said;

    /// <summary>Two may say the same without a number of their answers: they are two, and the same two when the file comes again.</summary>
    private string Alike(RecordRow row)
    {
        var content = ContentHash.Of(sourceId, row.Content);
        var times = _saidAlike[content] = _saidAlike.GetValueOrDefault(content) + 1;
        return $"{row.Kind} {content:x32} {times}";
    }

    private void Feedback(RecordRow row, FeedbackRow said, UInt128 key)
    {
        Begin("track"u8, _user);
        // Who is not named is somebody of their own.
        if (_user.Length == 0) _json.WriteString("anonymousId"u8, row.Has(ImportField.AnonymousId) ? row[ImportField.AnonymousId] : $"feedback:{(ulong)(key >> 64):x16}");
        _json.WriteString("timestamp"u8, row[ImportField.Time]);
        FeedbackEvent.Write(
            _json, said.Metric, said.Score, ("touchpoint", said.Touchpoint), ("comment", row[ImportField.Comment]), ("language", row[ImportField.Language]), ("survey", row[ImportField.Survey]),
            ("question", row[ImportField.Question]), ("response", row[ImportField.RecordId]), ("via", said.Metric == Metric.Review ? "review" : "answer"), ("channel", row[ImportField.Channel]));
        foreach (var (name, value) in row.Others) _json.WriteString(name is "response" or "via" or "stars" or "answer" ? "column:" + name : name, value);
        End(key, 1);
    }
}
