namespace Tangent.Unify;

/// <summary>One kind of data and its period.</summary>
/// <param name="Kind">visitors (events of whom no id is known), events (of known customers), or another kind of data.</param>
/// <param name="Days">Days for which it is kept; 0: without end.</param>
/// <param name="Before">What is from before this moment goes, UTC; null where it is kept without end.</param>
/// <param name="Pieces">How many pieces would go now.</param>
/// <param name="Customers">How many customers lose something; null where the kind does not tell.</param>
/// <param name="Oldest">From when the oldest piece is, UTC; null where there is none.</param>
public sealed record RetentionItem(string Kind, int Days, DateTime? Before, long Pieces, long? Customers, DateTime? Oldest);

/// <summary>What a run let go of.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="By">Who started it; Tangent, where it was the night.</param>
/// <param name="Gone">Pieces by kind.</param>
public sealed record RetentionRun(DateTime At, string By, IReadOnlyList<RetentionGone> Gone);

/// <summary>Retention periods and what would go by them.</summary>
/// <param name="Items">All kinds.</param>
/// <param name="Running">The run that goes on; null where none does.</param>
/// <param name="Last">The last run; null where there was none.</param>
public sealed record RetentionPeriodsAnswer(IReadOnlyList<RetentionItem> Items, RetentionRun? Running, RetentionRun? Last);

/// <param name="Periods">Days by kind, such as 90 for visitors; 0 keeps without end. What is not named stays as it is.</param>
public sealed record RetentionBody(IReadOnlyDictionary<string, int>? Periods);

/// <param name="IsPreview">The periods shown were entered and are not in force.</param>
/// <param name="IsFixed">The server's own configuration sets the periods.</param>
public sealed record RetentionPageModel(RetentionPeriodsAnswer Answer, bool IsPreview, bool IsSaved, bool IsFixed, int Hour, string? Error);
