using Tangent.Map;

namespace Tangent.Collect;

/// <summary>What the people of the demo company think of its touchpoints. They believe in what they see every day: the data thinks less of the home page and the offers, and more of the call when a bicycle is ready.</summary>
internal static class DemoVotes
{
    private const int People = 34;

    private static readonly Dictionary<string, (int Importance, int Marks)> Opinions = new(StringComparer.Ordinal)
    {
        ["Home page"] = (8, 9),
        ["Product page"] = (8, 12),
        ["Newsletter offer"] = (7, 4),
        ["Shop visit"] = (8, 21),
        ["Test ride"] = (9, 26),
        ["Checkout"] = (8, 15),
        ["Online order"] = (8, 7),
        ["Answer by e-mail"] = (5, 6),
        ["Pick-up call"] = (4, 3),
        ["Pick-up text message"] = (6, 5),
        ["Bike pick-up"] = (7, 14),
        ["Online booking"] = (5, 2),
        ["Booking by phone"] = (5, 3),
        ["Invoice call"] = (3, 1),
        ["Complaint call"] = (7, 18),
        ["Parcel delivery"] = (6, 8),
    };

    public static List<TouchpointVote> Of(IReadOnlyList<Touchpoint> touchpoints)
    {
        var votes = new List<TouchpointVote>();
        foreach (var touchpoint in touchpoints)
        {
            if (!Opinions.TryGetValue(touchpoint.Name, out var opinion)) continue;
            for (var person = 0; person < People; person++)
                votes.Add(new TouchpointVote
                {
                    TouchpointId = touchpoint.Id,
                    Voter = $"{TouchpointVote.OfName}colleague-{person + 1:00}@velora.example",
                    // Opinions differ by up to three points, each person's in another way at each touchpoint.
                    Importance = Math.Clamp(opinion.Importance + ((person * 5) + touchpoint.Id) % 7 - 3, 0, TouchpointVote.MostImportant),
                    MomentOfTruth = (person + touchpoint.Id) % People < opinion.Marks,
                    ChangedUtc = DateTime.UtcNow,
                });
        }

        return votes;
    }
}
