namespace Tangent.Map;

/// <summary>How the cards of a map are known.</summary>
/// <param name="Assumed">Cards that somebody assumes.</param>
/// <param name="Heard">Cards that customers said.</param>
/// <param name="Measured">Cards that were measured.</param>
/// <param name="Ageing">Of all, those whose evidence should be looked at again.</param>
/// <param name="Old">Of all, those whose evidence is old.</param>
public sealed record EvidenceShare(int Assumed, int Heard, int Measured, int Ageing, int Old)
{
    public int Cards => Assumed + Heard + Measured;

    internal static EvidenceShare Of(MapContent content, DateOnly today, MapOptions limits)
    {
        int[] kinds = new int[3], ages = new int[3];
        foreach (var card in content.Cards)
        {
            kinds[(int)card.Evidence.Kind]++;
            ages[(int)card.Evidence.Age(today, limits)]++;
        }

        return new(kinds[0], kinds[1], kinds[2], ages[1], ages[2]);
    }
}
