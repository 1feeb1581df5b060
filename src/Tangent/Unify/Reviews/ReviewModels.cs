using System.Text.Json.Serialization;
using Tangent.Access;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>What somebody decides of a pair.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReviewDecision>))]
public enum ReviewDecision
{
    /// <summary>Not now.</summary>
    Later,

    /// <summary>They are one person.</summary>
    Merge,

    /// <summary>They are two, and are proposed no more.</summary>
    Apart,
}

/// <param name="Pair">Number of the pair.</param>
/// <param name="Probability">How probable it is that both are one person.</param>
/// <param name="IsSure">So probable, and without anything telling against it, that it may be merged with all others of its kind.</param>
/// <param name="IsLater">Somebody put it off.</param>
/// <param name="One">The one customer.</param>
/// <param name="Other">The other one.</param>
public sealed record PairItem(long Pair, double Probability, bool IsSure, bool IsLater, CustomerItem One, CustomerItem Other);

/// <param name="Started">When it began, UTC.</param>
/// <param name="Seconds">Time taken.</param>
/// <param name="Customers">Customers compared: those of whom a source with a secret key says who they are.</param>
/// <param name="Pairs">Pairs found that are more likely one person than not.</param>
/// <param name="Columns">What was learned of each column.</param>
/// <param name="Merged">Reviewed pairs it learned from that are one person.</param>
/// <param name="Apart">Reviewed pairs it learned from that are two.</param>
/// <param name="Undecided">What would have been learned of each column without these decisions; none where nothing was decided.</param>
public sealed record DuplicateRunModel(DateTime Started, double Seconds, int Customers, int Pairs, IReadOnlyList<MatchedColumn> Columns, int Merged, int Apart, IReadOnlyList<MatchedColumn> Undecided);

/// <param name="Total">Pairs that wait for a decision.</param>
/// <param name="Sure">How many of them may be merged together.</param>
/// <param name="IsRunning">A search is under way.</param>
/// <param name="Run">The last search; null before the first.</param>
/// <param name="Band">Between which probabilities people are asked.</param>
/// <param name="Items">The requested page of pairs: the most probable first, those put off last.</param>
/// <param name="Next">The cursor of the next page; null where this is the last.</param>
public sealed record DuplicatesAnswer(int Total, int Sure, bool IsRunning, DuplicateRunModel? Run, ReviewBand Band, IReadOnlyList<PairItem> Items, string? Next = null);

/// <param name="Column">Name of the column.</param>
/// <param name="One">What the one customer has there, or empty.</param>
/// <param name="Other">What the other one has.</param>
/// <param name="Step">How the two agree.</param>
/// <param name="Bits">What that is worth: above 0 it speaks for one person, below for two.</param>
/// <param name="FollowsFrom">The column from which it follows, where the step says so.</param>
public sealed record ReviewColumn(string Column, string One, string Other, AgreementStep Step, double Bits, string? FollowsFrom = null)
{
    /// <summary>It speaks for or against one person.</summary>
    internal bool IsEvidence => Step is not (AgreementStep.Missing or AgreementStep.Implied);

    /// <summary>The column's name in words.</summary>
    internal string Title => T($"Unify.Duplicates.Column.{Column}");

    /// <summary>How the two agree, in words.</summary>
    internal string Says => FollowsFrom is { } from ? Follows(from) : T($"Unify.Duplicates.Step.{Step}");

    /// <summary>That something follows from a column, in words.</summary>
    internal static string Follows(string column) => T("Unify.Duplicates.Step.Implied", T($"Unify.Duplicates.Column.{column}"));

    /// <param name="said">What the column says of the two.</param>
    /// <param name="one">Values of the one, by column.</param>
    /// <param name="other">Values of the other one.</param>
    /// <param name="masking">What the reader may see.</param>
    internal static ReviewColumn Of(PairEvidence said, Dictionary<string, string> one, Dictionary<string, string> other, Masking masking)
    {
        string Shown(Dictionary<string, string> values) =>
            values.GetValueOrDefault(said.Column) is not { } value ? "" : SensitiveFields.KindOf(said.Column) is { } kind ? masking.Value(kind, value) : masking.Text(value);
        return new ReviewColumn(said.Column, Shown(one), Shown(other), said.Step, said.Bits, said.FollowsFrom);
    }
}

/// <summary>A pair with its evidence.</summary>
/// <param name="Pair">The two customers.</param>
/// <param name="Start">Bits with which any pair begins: how rare it is that two customers are one.</param>
/// <param name="Weight">Start and the bits of all columns together.</param>
/// <param name="Columns">What each column says.</param>
/// <param name="Band">Between which probabilities people are asked.</param>
public sealed record ReviewAnswer(PairItem Pair, double Start, double Weight, IReadOnlyList<ReviewColumn> Columns, ReviewBand Band);

/// <param name="Decision">Merge, Apart or Later.</param>
/// <param name="Reason">Why; a text of its own says the probability where nothing is given.</param>
public sealed record ReviewRequest(ReviewDecision? Decision, string? Reason);

/// <param name="Next">Number of the pair that comes next; null where none waits.</param>
public sealed record ReviewedAnswer(long? Next);

/// <param name="Merged">How many pairs were merged.</param>
public sealed record MergedSureAnswer(int Merged);

/// <param name="Error">Why nothing was decided.</param>
public sealed record ReviewPageModel(ReviewAnswer Answer, string? Error = null);

/// <param name="Skip">Pairs before the page.</param>
public sealed record DuplicatesPageModel(DuplicatesAnswer Answer, int Skip, string? Error = null);
