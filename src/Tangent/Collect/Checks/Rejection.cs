namespace Tangent.Collect;

/// <summary>Why something sent to the server was not accepted: a closed set, counted per source.</summary>
internal enum Rejection
{
    None = 0,

    /// <summary>The body as a whole is larger than a batch may be.</summary>
    BodyTooLarge = 1,

    /// <summary>The body's compression is damaged.</summary>
    BodyDamaged = 2,

    /// <summary>The body, or the line of a file, is not JSON.</summary>
    MalformedJson = 3,

    /// <summary>The body is no batch: an object with an array named batch.</summary>
    NotABatch = 4,

    /// <summary>The batch holds more events than it may.</summary>
    TooManyEvents = 5,

    /// <summary>The event is larger than an event may be.</summary>
    EventTooLarge = 6,

    /// <summary>The event is not a JSON object.</summary>
    NotAnObject = 7,

    /// <summary>A text is not valid Unicode.</summary>
    InvalidText = 8,

    /// <summary>Objects and arrays are nested too deeply.</summary>
    TooDeep = 9,

    /// <summary>A field has a type that it cannot have.</summary>
    WrongType = 10,

    /// <summary>The type is none of the six calls, or not the one of the address.</summary>
    UnknownType = 11,

    /// <summary>A track call without an event name.</summary>
    NameMissing = 12,

    /// <summary>The name is longer than a name may be.</summary>
    NameTooLong = 13,

    /// <summary>The name holds control characters.</summary>
    NameUnreadable = 14,

    /// <summary>Neither user id nor anonymous id, or an alias without previous id, or a group call without group id.</summary>
    IdMissing = 15,

    /// <summary>An id is longer than an id may be.</summary>
    IdTooLong = 16,

    /// <summary>An id holds control characters.</summary>
    IdUnreadable = 17,

    /// <summary>A value is not a finite number.</summary>
    NumberNotFinite = 18,

    /// <summary>A time is not in the form of ISO 8601.</summary>
    TimeUnreadable = 19,

    /// <summary>The event lies too far back.</summary>
    TimeTooOld = 20,

    /// <summary>The event lies too far ahead.</summary>
    TimeTooFarAhead = 21,

    /// <summary>A row of a file says not when it happened.</summary>
    TimeMissing = 22,

    /// <summary>A quote in a CSV file is not closed.</summary>
    QuoteBroken = 23,

    /// <summary>A line of a CSV file has more or fewer fields than its header.</summary>
    ColumnCount = 24,

    /// <summary>A line of a file is longer than a line may be.</summary>
    LineTooLong = 25,

    /// <summary>The source was paused.</summary>
    SourcePaused = 26,

    /// <summary>An id is what a program writes where it has none, such as "undefined".</summary>
    IdEmptyValue = 27,

    /// <summary>A row of a file names a person who was erased.</summary>
    ErasedPerson = 28,

    /// <summary>A row of a file of answers names no metric that there is.</summary>
    MetricUnknown = 29,

    /// <summary>A score is not on the scale of its metric.</summary>
    ScoreOffScale = 30,

    /// <summary>The catalogue does not have the touchpoint that an answer is of.</summary>
    TouchpointUnknown = 31,

    /// <summary>A row of a file of answers has neither score nor words.</summary>
    NothingSaid = 32,
}
