namespace Tangent.Unify;

/// <param name="AccountName">Name of the one account; empty for all.</param>
/// <param name="Error">Why there is no answer.</param>
public sealed record CoverageModel(CommitteesAsked Asked, string AccountName, int Days, CoverageAnswer? Coverage, SilentAnswer? Silent, int Skip, string? Error);

/// <param name="Pick">Null where it cannot be read.</param>
/// <param name="AccountName">Name of the one account; empty for all.</param>
/// <param name="Error">Why there is no answer.</param>
public sealed record MembersModel(CommitteesAsked Asked, ContactPick? Pick, string AccountName, ContactsAnswer Members, int Skip, string? Error);
