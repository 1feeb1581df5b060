using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Tangent.Collect;

/// <summary>The checks every event passes, in this order, whichever way it comes in. The first that finds something ends the way.</summary>
internal static class EventChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("Size", "The event's JSON is not larger than an event may be.", [Rejection.EventTooLarge], Size),
        new("Readable", "The event is a JSON object in Segment's form: one of the six types, fields of the right type, readable times, finite numbers, valid Unicode.",
            [Rejection.MalformedJson, Rejection.NotAnObject, Rejection.InvalidText, Rejection.TooDeep, Rejection.WrongType, Rejection.UnknownType, Rejection.NumberNotFinite, Rejection.TimeUnreadable], Readable),
        new("Call", "The event's type is the one of the address it was sent to.", [Rejection.UnknownType], Call),
        new("Name", "A track call names its event; a name is not too long and without control characters.", [Rejection.NameMissing, Rejection.NameTooLong, Rejection.NameUnreadable], Name),
        new("Identity", "The event says whose it is, by ids that are not too long, without control characters and none of undefined, null, NaN, [object Object], which programs write where they have no id.", [Rejection.IdMissing, Rejection.IdTooLong, Rejection.IdUnreadable, Rejection.IdEmptyValue], Identity),
        new("Time", "The event lies neither too far back nor too far ahead.", [Rejection.TimeTooOld, Rejection.TimeTooFarAhead], Time),
    ];

    /// <summary>The first finding of all checks.</summary>
    public static Finding Look(Candidate candidate)
    {
        foreach (var check in All)
        {
            var finding = check.Look(candidate);
            if (!finding.IsNone) return finding;
        }

        return default;
    }

    /// <summary>Looks at an event that was read already and is small enough, at all but its time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Finding LookAtContent(Candidate candidate)
    {
        var finding = Call(candidate);
        if (finding.IsNone) finding = Name(candidate);
        return finding.IsNone ? Identity(candidate) : finding;
    }

    /// <summary>What the check of the time says.</summary>
    /// <param name="correctedMs">When the event happened by the server's clock.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Finding LookAtTime(long correctedMs, long receivedAtMs, LogKind kind, IngestionOptions options)
    {
        if (kind == LogKind.Events && correctedMs < receivedAtMs - (long)options.MaxAge.TotalMilliseconds)
            return new(Rejection.TimeTooOld, Text($"The event lies more than {options.MaxAge.TotalDays:0.#} days back; import older ones from a file."));
        if (correctedMs > receivedAtMs + (long)options.MaxAhead.TotalMilliseconds)
            return new(Rejection.TimeTooFarAhead, Text($"The event lies more than {options.MaxAhead.TotalHours:0.#} hours ahead of the time it was received."));
        return correctedMs < CollectedEvent.FirstMs ? new(Rejection.TimeTooOld, "The event lies before the year 1900.")
            : correctedMs >= CollectedEvent.EndMs ? new(Rejection.TimeTooFarAhead, "The event lies after the year 2199.") : default;
    }

    public static Finding TooLarge(int length, IngestionOptions options) =>
        new(Rejection.EventTooLarge, Text($"The event has {length} bytes; an event may have {options.MaxEventBytes}."));

    private static Finding Size(Candidate c) => c.Json.Length <= c.Options.MaxEventBytes ? default : TooLarge(c.Json.Length, c.Options);

    private static Finding Readable(Candidate c)
    {
        if (c.Event.Read(c.Json, c.ReceivedAtMs, c.SentAtMs, out var reason, c.Kind)) return default;
        var field = c.Event.Fault;
        return new(reason, reason switch
        {
            Rejection.MalformedJson => "The event is not valid JSON.",
            Rejection.NotAnObject => "The event must be a JSON object.",
            Rejection.InvalidText => "A text is not valid Unicode; send UTF-8.",
            Rejection.TooDeep => $"Objects and arrays are nested more than {CollectedEvent.MaxDepth} deep.",
            Rejection.WrongType => $"{field} must be {(field is "event" or "name" ? "a text" : field.EndsWith("Id", StringComparison.Ordinal) ? "a text or a number" : "an object")}.",
            Rejection.UnknownType => "type must be one of track, page, screen, identify, group, alias.",
            Rejection.NumberNotFinite => $"{field} is not a finite number.",
            _ => $"{field} must be a time in the form of ISO 8601, for example 2026-05-04T12:30:00Z.",
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Finding Call(Candidate c) => c.Call is null || c.Call == c.Event.Type ? default
        : new(Rejection.UnknownType, Text($"The event was sent to {c.Call} but its type is {c.Event.Type}.").ToLowerInvariant());

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Finding Name(Candidate c)
    {
        var name = c.Event.Name;
        if (c.Event.Type == EventType.Track && name.IsEmpty) return new(Rejection.NameMissing, "A track call needs the name of its event in event.");
        if (IsLonger(name, c.Options.MaxNameLength)) return new(Rejection.NameTooLong, Text($"The name has more than {c.Options.MaxNameLength} characters."));
        return !c.Event.IsPlain && EventText.HasControls(name) ? new(Rejection.NameUnreadable, "The name holds control characters.") : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Finding Identity(Candidate c)
    {
        var e = c.Event;
        if (e.Type == EventType.Alias && (e.UserId.IsEmpty || e.PreviousId.IsEmpty)) return new(Rejection.IdMissing, "An alias call needs userId and previousId.");
        if (e.UserId.IsEmpty && e.AnonymousId.IsEmpty) return new(Rejection.IdMissing, "The event needs userId or anonymousId.");
        if (e.Type == EventType.Group && e.GroupId.IsEmpty) return new(Rejection.IdMissing, "A group call needs groupId.");
        var found = Id(c, e.UserId, "userId");
        if (found.IsNone) found = Id(c, e.AnonymousId, "anonymousId");
        if (found.IsNone) found = Id(c, e.PreviousId, "previousId");
        return found.IsNone ? Id(c, e.GroupId, "groupId") : found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Finding Id(Candidate c, ReadOnlySpan<byte> id, string field)
    {
        if (IsLonger(id, c.Options.MaxIdLength)) return new(Rejection.IdTooLong, Text($"{field} has more than {c.Options.MaxIdLength} characters."));
        if (IsEmptyValue(id)) return new(Rejection.IdEmptyValue, $"{field} is \"{Encoding.UTF8.GetString(id)}\", which a program writes where it has no id; everybody with it would become one customer. Leave {field} out instead.");
        return !c.Event.IsPlain && EventText.HasControls(id) ? new(Rejection.IdUnreadable, $"{field} holds control characters.") : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsEmptyValue(ReadOnlySpan<byte> id) => id.Length switch
    {
        3 => id.SequenceEqual("NaN"u8),
        4 => id.SequenceEqual("null"u8),
        9 => id.SequenceEqual("undefined"u8),
        15 => id.SequenceEqual("[object Object]"u8),
        _ => false,
    };

    private static Finding Time(Candidate c) => LookAtTime(c.Event.CorrectedMs, c.ReceivedAtMs, c.Kind, c.Options);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLonger(ReadOnlySpan<byte> text, int characters) => text.Length > characters && Encoding.UTF8.GetCharCount(text) > characters;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
