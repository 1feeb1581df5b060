using System.Globalization;
using System.Text;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>Which events of a customer are wanted.</summary>
/// <param name="Channel">Only of this channel; empty for all.</param>
/// <param name="Touchpoint">Only at this touchpoint; empty for all.</param>
/// <param name="Text">Words that all occur in the event: its names, its page, or anything in it as it was received; empty for all.</param>
public sealed record TimelineFilter(string Channel = "", string Touchpoint = "", string Text = "")
{
    public bool IsEmpty => Channel.Length == 0 && Touchpoint.Length == 0 && Text.Length == 0;

    internal static TimelineFilter Of(HttpContext http)
    {
        var query = http.Request.Query;
        return new(query["channel"].ToString().Trim(), query["touchpoint"].ToString().Trim(), query["text"].ToString().Trim());
    }
}

/// <param name="Events">The events, the latest first.</param>
/// <param name="Next">What the next page comes after; null where this is the last.</param>
/// <param name="Searched">Where not all were gone through yet: down to when, UTC.</param>
internal sealed record TimelinePage(IReadOnlyList<TimelineEvent> Events, string? Next, DateTime? Searched);

/// <summary>A customer's events, filtered; they are gone through from the latest on.</summary>
internal sealed class CustomerTimeline(JourneyStore journeys, EventLog log, Sensitivity sensitivity)
{
    private const int AtOnce = 500;

    // A customer of more events than that is gone through in several pages.
    private const int MostLookedAt = 20_000;

    /// <returns>Null where there is no such customer.</returns>
    public TimelinePage? Page(int customer, TimelineFilter filter, Paging page)
    {
        if (journeys.Journey(customer, page) is not { } first) return null;
        if (filter.IsEmpty) return new TimelinePage(first.Events, first.Next, null);
        var words = FoldedText.Of(filter.Text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var found = new List<TimelineEvent>();
        var end = page.After is { } after ? int.Parse(after, CultureInfo.InvariantCulture) : (int)first.Line.Events;
        for (var looked = 0; end > 0 && looked < MostLookedAt;)
        {
            var some = journeys.Journey(customer, new Paging(0, AtOnce, end.ToString(CultureInfo.InvariantCulture)))!.Events;
            foreach (var e in some)
            {
                (end, looked) = (end - 1, looked + 1);
                if (!Fits(e, filter, words)) continue;
                found.Add(e);
                if (found.Count == page.Take) return new TimelinePage(found, Cursor(end), null);
            }

            if (some.Count == 0) break;
            if (looked >= MostLookedAt) return new TimelinePage(found, Cursor(end), end > 0 ? some[^1].At : null);
        }

        return new TimelinePage(found, null, null);
    }

    private static string? Cursor(int end) => end > 0 ? end.ToString(CultureInfo.InvariantCulture) : null;

    private bool Fits(TimelineEvent e, TimelineFilter filter, string[] words)
    {
        if (filter.Channel.Length > 0 && !string.Equals(e.Signature.Channel, filter.Channel, StringComparison.OrdinalIgnoreCase)) return false;
        if (filter.Touchpoint.Length > 0 && !string.Equals(e.Touchpoint, filter.Touchpoint, StringComparison.OrdinalIgnoreCase)) return false;
        if (words.Length == 0) return true;
        var names = FoldedText.Of($"{e.Touchpoint} {e.Signature.Event} {e.Signature.Path} {e.Signature.Campaign} {e.Signature.Source} {e.Signature.Channel}");
        if (Array.TrueForAll(words, w => names.Contains(w, StringComparison.Ordinal))) return true;
        if (log.Find(e.Position) is not { } json) return false;
        // Who does not see all of the original searches what is seen of it.
        var (original, masking) = (Encoding.UTF8.GetString(json.Span), sensitivity.Now);
        var whole = names + " " + FoldedText.Of(masking.IsNone ? original : masking.Json(original));
        return Array.TrueForAll(words, w => whole.Contains(w, StringComparison.Ordinal));
    }
}
