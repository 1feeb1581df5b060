using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Tangent.Analyse;
using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Tests.Analyse;

public sealed class QuestionAddressTests
{
    private static readonly JourneyFilter Filter = new(new DateOnly(2026, 1, 31), new DateOnly(2026, 2, 28))
    {
        Channels = ["E-mail & mehr", "web"],
        Sources = ["Sklep ą=1"],
        Touchpoints = ["A → B", "C&D"],
        Properties = [new("device", "phone"), new("device", "tablet"), new("größe?", "a+b c")],
        Customers = ["anna@example.org", "b=1"],
        Traits = [new("plan", "gold & more"), new("plan", "silver")],
        Unit = JourneyUnit.Account,
    };

    [Fact]
    public void A_funnel_read_from_its_own_address_is_the_same_funnel()
    {
        var asked = FunnelAddress.Read(Query(FunnelAddress.Of(new FunnelQuestion(["A", "B → C", "A"], TimeSpan.FromHours(36), "channel", Filter)))).Answer!;
        asked.Steps.ShouldBe(["A", "B → C", "A"]);
        asked.Window.ShouldBe(TimeSpan.FromHours(36));
        asked.Breakdown.ShouldBe("channel");
        ShouldBeTheFilter(asked.Filter);
    }

    [Fact]
    public void The_customers_behind_a_number_are_asked_for_by_the_same_question()
    {
        var funnel = FunnelAddress.ReadBehind(Query(FunnelAddress.Behind(new FunnelQuestion(["A", "B"], TimeSpan.FromDays(14), null, Filter), new FunnelPick(1, true, "web")))).Answer!;
        funnel.Pick.ShouldBe(new FunnelPick(1, true, "web"));
        funnel.Question.Steps.ShouldBe(["A", "B"]);

        var question = new PathsQuestion("A", 7, false, 90, Filter) { End = "Z", Visits = true, Least = 3, Silence = TimeSpan.FromDays(2), Groups = [new("G", "A"), new("G", "x&y")] };
        var paths = PathsAddress.ReadBehind(Query(PathsAddress.Behind(question, new PathsPick(3, "B", "C", PathFate.Left)))).Answer!;
        paths.Pick.ShouldBe(new PathsPick(3, "B", "C", PathFate.Left));
        paths.Question.Groups.ShouldBe(question.Groups);
        (paths.Question with { Filter = JourneyFilter.None, Groups = [] }).ShouldBe(question with { Filter = JourneyFilter.None, Groups = [] });
        ShouldBeTheFilter(paths.Question.Filter);

        var flow = FlowsAddress.ReadBehind(Query(FlowsAddress.Behind(new FlowsQuestion(true, Filter), new FlowPick("B", "C")))).Answer!;
        flow.Pick.ShouldBe(new FlowPick("B", "C"));
        flow.Question.Collapse.ShouldBeTrue();

        var touchpoint = VolumesAddress.ReadBehind(Query(VolumesAddress.Behind(new TouchpointsQuestion("week", Filter), new TouchpointPick("B")))).Answer!;
        touchpoint.Pick.Name.ShouldBe("B");
        touchpoint.Question.Bucket.ShouldBe("week");
    }

    [Fact]
    public void A_variants_fingerprint_tells_apart_what_only_joins_alike()
    {
        VariantsAddress.Fingerprint(["A", "B"]).ShouldNotBe(VariantsAddress.Fingerprint(["AB"]));
        VariantsAddress.Fingerprint(["A", "B"]).ShouldNotBe(VariantsAddress.Fingerprint(["B", "A"]));
        VariantsAddress.Fingerprint(["A", "B"]).Length.ShouldBe(16);
    }

    [Theory]
    [InlineData("14d", 14 * 86_400, "14d")]
    [InlineData("4w", 28 * 86_400, "28d")]
    [InlineData("12h", 43_200, "12h")]
    [InlineData("36h", 129_600, "36h")]
    [InlineData("30m", 1_800, "30m")]
    [InlineData("90s", 90, "90s")]
    [InlineData("120s", 120, "2m")]
    public void A_window_is_read_and_written_in_the_largest_exact_unit(string text, long seconds, string written)
    {
        WindowText.Read(text).ShouldBe(TimeSpan.FromSeconds(seconds));
        WindowText.Write(TimeSpan.FromSeconds(seconds)).ShouldBe(written);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("14")]
    [InlineData("-1d")]
    [InlineData("1.5d")]
    [InlineData("1 d")]
    [InlineData("9999999999w")]
    [InlineData("99999999999999999999d")]
    public void What_is_no_length_of_time_is_not_read(string text) => WindowText.Read(text).ShouldBeNull();

    private static void ShouldBeTheFilter(JourneyFilter filter) => System.Text.Json.JsonSerializer.Serialize(filter).ShouldBe(System.Text.Json.JsonSerializer.Serialize(Filter));

    private static QueryCollection Query(Address address) => new(QueryHelpers.ParseQuery(new Uri("http://x" + address).Query));
}
