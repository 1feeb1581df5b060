using Tangent.Collect;

namespace Tangent.Tests.Collect;

public sealed class RuleTextTests
{
    [Theory]
    [InlineData("starts: Web shop visit", "starts: Web shop visit")]
    [InlineData("  STARTS:Web shop visit ", "starts: Web shop visit")]
    [InlineData("ends: A|B |  C", "ends: A | B | C")]
    [InlineData("absent: Reminder: second", "absent: Reminder: second")]
    [InlineData("contains: A", "contains: A")]
    [InlineData("exactly 1: Invoice", "exactly 1: Invoice")]
    [InlineData("contains exactly 0: Invoice", "exactly 0: Invoice")]
    [InlineData("between 1 .. 3: Hotline", "between 1..3: Hotline")]
    [InlineData("contains between 2..: Hotline", "between 2..: Hotline")]
    [InlineData("response: Order->Invoice", "response: Order -> Invoice")]
    [InlineData("precedence: Order → Invoice | Bill", "precedence: Order -> Invoice | Bill")]
    [InlineData("succession: A - B -> C", "succession: A - B -> C")]
    [InlineData("Responded   existence: A -> B", "responded existence: A -> B")]
    [InlineData("and: A, B,C", "and: A, B, C")]
    [InlineData("xor: Shop pick-up, Parcel", "xor: Shop pick-up, Parcel")]
    [InlineData("within 2d: Complaint -> E-mail answer", "within 2d: Complaint -> E-mail answer")]
    [InlineData("within 48h: A -> B", "within 2d: A -> B")]
    [InlineData("starts: \"A, B\" | \"say \"\"hi\"\"\" | \"x → y\" | \" \"", "starts: \"A, B\" | \"say \"\"hi\"\"\" | \"x → y\" | \" \"")]
    [InlineData("starts: 5\" screen", "starts: \"5\"\" screen\"")]
    public void A_rule_is_read_and_written_the_same(string text, string written)
    {
        var rule = RuleText.Read(text).Answer!;
        rule.ToString().ShouldBe(written);
        RuleText.Read(written).Answer!.ToString().ShouldBe(written);
    }

    [Fact]
    public void Names_of_every_kind_come_back_as_they_were()
    {
        string[] names = ["plain", "a|b", "a,b", "a->b", "a→b", "\"", "\"quoted\"", " blank ", "-", ">", "a - > b", "colon: x", "ünï"];
        var rule = new ConformanceRule(RuleKind.And, [names[..6], names[6..]]);
        var read = RuleText.Read(rule.ToString()).Answer!;
        read.Touchpoints.SelectMany(set => set).ShouldBe(names);
        read.Touchpoints[0].Count.ShouldBe(6);
    }

    [Fact]
    public void Every_kind_is_written_as_its_form_says()
    {
        foreach (var kind in Enum.GetValues<RuleKind>())
        {
            var rule = RuleText.Read(RuleText.Form(kind)).Answer;
            rule.ShouldNotBeNull(kind.ToString());
            (rule.Kind, rule.ToString()).ShouldBe((kind, RuleText.Form(kind)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("starts")]
    [InlineData("starts: \"A\" B")]
    [InlineData("starts: A |")]
    [InlineData("starts: | A")]
    [InlineData("starts: A, B")]
    [InlineData("between 1: A")]
    [InlineData("between ..3: A")]
    [InlineData("exactly 1000001: A")]
    [InlineData("within -1d: A -> B")]
    [InlineData("within 5: A -> B")]
    [InlineData("response 3: A -> B")]
    [InlineData("and: A -> B")]
    [InlineData("xor: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17")]
    public void What_is_no_rule_is_refused(string text) => RuleText.Read(text).Refusal!.Field.ShouldBe("rule");
}
