using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

public sealed class SourceRhythmTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public void Usual_is_the_median_of_the_same_hour_of_the_week()
    {
        // Week by week before the last day: 10, 20, 1000, 30 in each hour; the last day itself 25.
        var counts = new long[SourceRhythm.HoursInAll];
        for (var hour = 0; hour < SourceRhythm.Hours24; hour++)
        {
            var last = SourceRhythm.HoursInAll - SourceRhythm.Hours24 + hour;
            counts[last] = 25;
            foreach (var (week, count) in new[] { (1, 10), (2, 20), (3, 1000), (4, 30) }) counts[last - week * SourceRhythm.HoursOfAWeek] = count;
        }

        var rhythm = SourceRhythm.Of(counts, firstHour: -1);
        (rhythm.Events, rhythm.Usual, rhythm.State).ShouldBe((600, 600, RhythmState.Usual));
        rhythm.UsualHours.ShouldAllBe(h => h == 25);
        // Of a source that is three weeks old, three weeks count: the median of 10, 20 and 1000.
        SourceRhythm.Of(counts, firstHour: 100).Usual.ShouldBe(20 * 24);
        SourceRhythm.Of(counts, firstHour: 400).State.ShouldBe(RhythmState.Unknown);
    }

    [Theory]
    [InlineData(0, 100, RhythmState.Silent)]
    [InlineData(0, 5, RhythmState.Unknown)]
    [InlineData(40, 100, RhythmState.Low)]
    [InlineData(60, 100, RhythmState.Usual)]
    [InlineData(190, 100, RhythmState.Usual)]
    [InlineData(210, 100, RhythmState.High)]
    [InlineData(5, 12, RhythmState.Usual)]
    public void A_number_is_marked_only_where_chance_would_not_bring_it(int events, int usual, RhythmState state)
    {
        var counts = new long[SourceRhythm.HoursInAll];
        counts[^1] = events;
        for (var week = 1; week <= SourceRhythm.Weeks; week++) counts[^(1 + week * SourceRhythm.HoursOfAWeek)] = usual;
        SourceRhythm.Of(counts, 0).State.ShouldBe(state);
    }

    [Fact]
    public async Task A_source_shows_its_last_day_against_its_weeks()
    {
        var made = await (await server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name = "rhythm" })).Content.ReadFromJsonAsync<JsonElement>();
        var hour = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 3600 * 3600);
        var times = Enumerable.Range(1, 4).SelectMany(week => Enumerable.Repeat(hour.AddDays(-7 * week).AddMinutes(-30), 40)).Append(hour.AddMinutes(-30)).Append(hour.AddDays(-40));
        var events = string.Join(',', times.Select(t => $$"""{"type":"track","event":"e","userId":"u","timestamp":"{{t:O}}"}"""));
        (await server.Http.PostAsync("/v1/batch", new StringContent($$"""{"writeKey":"{{made.GetProperty("writeKey").GetString()}}","batch":[{{events}}]}"""))).EnsureSuccessStatusCode();
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);
        var source = await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/collect/sources/{made.GetProperty("id")}");
        var rhythm = source.GetProperty("rhythm");
        (rhythm.GetProperty("state").GetString(), rhythm.GetProperty("events").GetInt64(), rhythm.GetProperty("usual").GetDouble()).ShouldBe(("low", 1, 40));
        (await server.Http.GetStringAsync($"/collect/sources/{made.GetProperty("id")}?lang=de")).ShouldContain("weniger als &#xFC;blich");
    }
}
