using Tangent.Unify;

namespace Tangent.Tests.Unify;

public sealed class AccountTreeTests
{
    [Fact]
    public void A_tree_is_shown_whole_from_any_of_its_companies()
    {
        var tree = Tree(("holding", ""), ("berlin", "holding"), ("wien", "holding"), ("lager", "berlin"), ("other", ""));
        foreach (var from in (string[])["holding", "lager", "wien"])
            tree.Whole(from, 100).Select(p => (p.Facts.Id, p.Depth)).ShouldBe([("holding", 0), ("berlin", 1), ("lager", 2), ("wien", 1)]);
        tree.Above("lager").Select(f => f.Id).ShouldBe(["berlin", "holding"]);
        tree.Whole("other", 100).Count.ShouldBe(1);
        tree.Whole("holding", 2).Count.ShouldBe(2);
    }

    [Fact]
    public void A_company_below_cannot_become_the_one_above()
    {
        var tree = Tree(("holding", ""), ("berlin", "holding"), ("lager", "berlin"));
        tree.IsCircle("holding", "lager").ShouldBeTrue();
        tree.IsCircle("holding", "holding").ShouldBeTrue();
        tree.IsCircle("lager", "holding").ShouldBeFalse();
    }

    [Fact]
    public void What_sources_say_in_a_circle_ends()
    {
        var tree = Tree(("a", "b"), ("b", "c"), ("c", "a"), ("self", "self"), ("d", "unknown"));
        tree.Whole("a", 100).Select(p => p.Facts.Id).ShouldBe(["a", "b", "c"], ignoreOrder: true);
        tree.Whole("self", 100).Count.ShouldBe(1);
        tree.Above("d").Single().Name.ShouldBe("unknown");
    }

    private static AccountTree Tree(params (string Id, string Parent)[] companies) =>
        new(companies.ToDictionary(c => c.Id, c => new AccountFacts(c.Id, c.Id, c.Parent, [])), 1);
}
