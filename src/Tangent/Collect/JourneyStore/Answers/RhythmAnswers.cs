namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    private const long HourMs = 3_600_000;

    /// <summary>The rhythm of each source that has events, by its name.</summary>
    public IReadOnlyDictionary<string, SourceRhythm> Rhythms(DateTimeOffset now)
    {
        var scope = All();
        var names = scope.Touchpoints.Signatures.Select(s => s.Source).Distinct(StringComparer.Ordinal).ToList();
        if (names.Count is 0 or > ushort.MaxValue) return new Dictionary<string, SourceRhythm>();
        var numbers = names.Select((name, number) => (name, number)).ToDictionary(n => n.name, n => (ushort)n.number, StringComparer.Ordinal);
        var start = now.ToUnixTimeMilliseconds() / HourMs * HourMs - SourceRhythm.HoursInAll * HourMs;
        var answer = new Engine.TouchpointsQuestion
        {
            // Sources in the place of touchpoints.
            TouchpointOfSignature = [.. scope.Touchpoints.Signatures.Select(s => numbers[s.Source])],
            BucketBoundsMs = [.. Enumerable.Range(0, SourceRhythm.HoursInAll + 1).Select(hour => start + hour * HourMs)],
        }.Ask(scope.View);
        return answer.Touchpoints.ToDictionary(
            v => names[v.Number], v => SourceRhythm.Of(answer.Series!.Events[v.Number], (int)Math.Max(int.MinValue, Math.Floor((v.FirstMs - start) / (double)HourMs))));
    }
}
