namespace Tangent.Collect;

/// <content>Letters, calls and meetings that a CRM kept.</content>
internal sealed partial class RecordLines
{
    /// <summary>An activity and its persons may come in two files: the event is made where both are known.</summary>
    private void Activity(RecordRow row, UInt128 key)
    {
        var id = row[ImportField.RecordId];
        if (!row.Has(ImportField.Time))
        {
            if (activities.Find(id) is { } known) Activity(id, known, _user, row);
            activities.Learn(id, _user);
            ActivityRecord(id, null, _user, row, key);
            return;
        }

        var word = row[ImportField.Event];
        var (name, channel) = preset?.Words.GetValueOrDefault(word) is { Event: { } said } words ? (said, words.Channel) : (word.Length > 0 ? word : ImportKinds.EventOf(row.Kind), "");
        var activity = new KnownActivity(name, row.Has(ImportField.Channel) ? row[ImportField.Channel] : channel, row[ImportField.Time], row[ImportField.Subject]);
        foreach (var person in _user.Length > 0 ? [_user] : activities.PersonsOf(id)) Activity(id, activity, person, row);
        // What names its person is whole: nothing has to wait for another file.
        if (_user.Length > 0)
        {
            Person(row, key, changed: false, withOthers: false);
            return;
        }

        activities.Learn(id, activity);
        ActivityRecord(id, activity, "", row, key);
    }

    private void Activity(string id, KnownActivity activity, string person, RecordRow row)
    {
        Begin("track"u8, person);
        _json.WriteString("event"u8, activity.Event);
        _json.WriteString("timestamp"u8, activity.At);
        _json.WriteStartObject("properties"u8);
        _json.WriteString("recordId"u8, id);
        if (activity.Channel.Length > 0) _json.WriteString("channel"u8, activity.Channel);
        if (activity.Title.Length > 0) _json.WriteString("subject"u8, activity.Title);
        if (row.Has(ImportField.Status)) _json.WriteString("status"u8, row[ImportField.Status]);
        if (row.Has(ImportField.Time))
            foreach (var (name, value) in row.Others) _json.WriteString(name, value);
        if (row.Has(ImportField.Campaign))
        {
            _json.WriteEndObject();
            _json.WriteStartObject("context"u8);
            _json.WriteStartObject("campaign"u8);
            _json.WriteString("name"u8, row[ImportField.Campaign]);
            _json.WriteEndObject();
        }

        End(Derived(0, 4, $"{row.Kind} {id} {person}"), 1);
    }

    private void ActivityRecord(string id, KnownActivity? activity, string person, RecordRow row, UInt128 key)
    {
        Begin("identify"u8, person);
        _json.WriteStartObject("record"u8);
        _json.WriteString("kind"u8, ImportKinds.One(row.Kind));
        _json.WriteString("id"u8, id);
        if (activity is null)
        {
            End(key, 1);
            return;
        }

        _json.WriteString("title"u8, activity.Title.Length > 0 ? activity.Title : activity.Event);
        _json.WriteString("status"u8, row[ImportField.Status]);
        _json.WriteString("at"u8, activity.At);
        // It is over when it was.
        _json.WriteString("closed"u8, activity.At);
        _json.WriteStartObject("fields"u8);
        _json.WriteString("event"u8, activity.Event);
        _json.WriteString("channel"u8, activity.Channel);
        End(key, 2);
    }
}
