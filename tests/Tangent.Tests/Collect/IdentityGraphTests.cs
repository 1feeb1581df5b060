using System.Text;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

public sealed class IdentityGraphTests
{
    private readonly IdentityGraph _graph = new();

    [Fact]
    public void An_anonymous_visitor_who_signs_in_becomes_the_customer_with_the_older_number()
    {
        var visitor = Anonymous("cookie");
        var user = User("anna");
        _graph.TryJoin(user, visitor, Join.SeenTogether, 7).ShouldBeTrue();
        _graph.CustomerOf(user).ShouldBe(visitor);
        _graph.Members(visitor).ShouldBe([visitor, user]);
    }

    [Fact]
    public void Two_known_customers_seen_on_one_device_stay_two()
    {
        var device = Anonymous("tablet");
        var (anna, ben) = (User("anna"), User("ben"));
        _graph.TryJoin(anna, device, Join.SeenTogether, 1).ShouldBeTrue();
        _graph.TryJoin(ben, device, Join.SeenTogether, 2).ShouldBeFalse();
        _graph.CustomerOf(ben).ShouldBe(ben);
        _graph.TryJoin(ben, anna, Join.Stated, 3).ShouldBeTrue();
        _graph.CustomerOf(ben).ShouldBe(_graph.CustomerOf(anna));
    }

    [Fact]
    public void Cutting_a_merge_restores_exactly_what_was()
    {
        var (phone, laptop) = (Anonymous("phone"), Anonymous("laptop"));
        var (anna, ben) = (User("anna"), User("ben"));
        _graph.TryJoin(anna, phone, Join.SeenTogether, 1);
        _graph.TryJoin(ben, laptop, Join.SeenTogether, 2);
        var before = Enumerable.Range(0, 4).Select(_graph.CustomerOf).ToList();
        _graph.TryJoin(anna, ben, Join.Stated, 3);
        _graph.Members(_graph.CustomerOf(anna)).Count.ShouldBe(4);
        _graph.Cut(3).ShouldBeTrue();
        Enumerable.Range(0, 4).Select(_graph.CustomerOf).ShouldBe(before);
        _graph.Cut(3).ShouldBeFalse();
    }

    [Fact]
    public void What_was_cut_is_not_joined_again_by_being_seen_together()
    {
        var (device, anna) = (Anonymous("device"), User("anna"));
        _graph.TryJoin(anna, device, Join.SeenTogether, 1);
        _graph.Cut(1);
        _graph.TryJoin(anna, device, Join.SeenTogether, 2).ShouldBeFalse();
        _graph.CustomerOf(anna).ShouldNotBe(_graph.CustomerOf(device));
        _graph.TryJoin(anna, device, Join.Stated, 3).ShouldBeTrue();
    }

    [Fact]
    public void Some_identities_leave_their_customer_and_come_back_as_they_were()
    {
        var (phone, laptop) = (Anonymous("phone"), Anonymous("laptop"));
        var (anna, ben) = (User("anna"), User("ben"));
        _graph.TryJoin(anna, phone, Join.SeenTogether, 1);
        _graph.TryJoin(ben, laptop, Join.SeenTogether, 2);
        _graph.TryJoin(anna, ben, Join.Stated, 3);
        var before = Enumerable.Range(0, 4).Select(_graph.CustomerOf).ToList();
        _graph.SplitOff([ben, laptop], each: false, 4).ShouldBeTrue();
        _graph.Members(_graph.CustomerOf(ben)).ShouldBe([laptop, ben]);
        _graph.Restore(4, 5).ShouldBeTrue();
        Enumerable.Range(0, 4).Select(_graph.CustomerOf).ShouldBe(before);
        _graph.Restore(4, 6).ShouldBeFalse();
        _graph.SplitOff([phone, laptop, anna, ben], each: true, 7).ShouldBeTrue();
        Enumerable.Range(0, 4).Select(_graph.CustomerOf).ShouldBe([0, 1, 2, 3]);
        _graph.Decisions(anna).ShouldBe([4, 5, 7]);
    }

    [Fact]
    public void No_rule_joins_again_what_somebody_took_apart_not_even_by_way_of_a_third()
    {
        var (anna, ben, third) = (User("anna"), User("ben"), User("third"));
        _graph.TryJoin(anna, ben, Join.ByRule, 1).ShouldBeTrue();
        _graph.Cut(1, 2);
        _graph.TryJoin(anna, ben, Join.ByRule, 3).ShouldBeFalse();
        _graph.TryJoin(third, anna, Join.ByRule, 4).ShouldBeTrue();
        _graph.TryJoin(third, ben, Join.ByRule, 5).ShouldBeFalse();
        _graph.CustomerOf(ben).ShouldNotBe(_graph.CustomerOf(anna));
        _graph.TryJoin(anna, ben, Join.Stated, 6).ShouldBeTrue("A person may.");
    }

    [Fact]
    public void What_a_rule_takes_apart_may_be_joined_again_and_leaves_nothing_to_take_back()
    {
        var (anna, ben) = (User("anna"), User("ben"));
        _graph.TryJoin(anna, ben, Join.ByRule, 1).ShouldBeTrue();
        _graph.Cut(1, 2, byRule: true).ShouldBeTrue();
        _graph.CustomerOf(ben).ShouldNotBe(_graph.CustomerOf(anna));
        _graph.CanRestore(2).ShouldBeFalse();
        _graph.AreKeptApart(anna, ben).ShouldBeFalse();
        _graph.Decisions(anna).ShouldBe([2]);
        _graph.TryJoin(anna, ben, Join.ByRule, 3).ShouldBeTrue();
    }

    [Fact]
    public void Splits_of_many_that_are_taken_back_leave_every_join_in_its_place()
    {
        var random = new Random(11);
        for (var i = 0; i < 60; i++) User($"u{i}");
        for (var position = 0L; position < 300; position++) _graph.TryJoin(random.Next(60), random.Next(60), Join.Stated, position);
        for (var round = 0; round < 50; round++)
        {
            var customer = _graph.CustomerOf(random.Next(60));
            var (members, joins) = (_graph.Members(customer), _graph.Joins(customer));
            if (!_graph.SplitOff([.. members.Where(_ => random.Next(3) == 0)], random.Next(2) == 0, 1000 + round)) continue;
            _graph.Restore(1000 + round, 2000 + round).ShouldBeTrue();
            _graph.Members(customer).ShouldBe(members);
            _graph.Joins(customer).ShouldBe(joins);
        }
    }

    [Fact]
    public void Who_is_kept_apart_is_so_until_one_of_them_is_erased()
    {
        var (anna, ben, carl) = (User("anna"), User("ben"), User("carl"));
        _graph.KeepApart(ben, anna, 10);
        _graph.KeepApart(anna, carl, 11);
        _graph.TryJoin(ben, carl, Join.Stated, 1);
        (_graph.AreKeptApart(anna, _graph.CustomerOf(carl)), _graph.AreKeptApart(_graph.CustomerOf(carl), anna)).ShouldBe((true, true));
        _graph.Erase([ben]);
        _graph.AreKeptApart(_graph.CustomerOf(carl), anna).ShouldBeTrue();
        _graph.Erase([anna]);
        _graph.AreKeptApart(_graph.CustomerOf(carl), anna).ShouldBeFalse();
    }

    [Fact]
    public void Who_was_kept_apart_may_be_joined_again_once_that_is_taken_back()
    {
        var (anna, ben) = (User("anna"), User("ben"));
        _graph.KeepApart(anna, ben, 10);
        _graph.KeepApart(ben, anna, 11);
        (_graph.CanRestore(10), _graph.CanRestore(11), _graph.TryJoin(anna, ben, Join.ByRule, 12)).ShouldBe((true, true, false));
        _graph.Restore(10, 13).ShouldBeTrue();
        (_graph.CanRestore(10), _graph.AreKeptApart(anna, ben)).ShouldBe((false, true), "the other decision stands");
        _graph.Restore(11, 14).ShouldBeTrue();
        (_graph.AreKeptApart(anna, ben), _graph.TryJoin(anna, ben, Join.ByRule, 15)).ShouldBe((false, true));
        _graph.Decisions(anna).ShouldBe([13, 14]);
    }

    [Fact]
    public void Who_was_said_to_be_part_of_another_is_so_until_the_join_is_cut()
    {
        var (kept, merged, phone) = (User("9"), User("1"), _graph.GetOrAdd(IdentityGraph.Anonymous, "phone"u8));
        _graph.TryJoin(kept, phone, Join.SeenTogether, 1);
        _graph.TryJoin(kept, merged, Join.Stated, 2);
        (_graph.IsAbsorbed(merged), _graph.IsAbsorbed(kept), _graph.IsAbsorbed(phone)).ShouldBe((true, false, false));
        _graph.Cut(2, 3);
        _graph.IsAbsorbed(merged).ShouldBeFalse();
        _graph.Restore(3, 4);
        _graph.IsAbsorbed(merged).ShouldBeTrue();
    }

    [Fact]
    public void A_device_seen_with_two_customers_while_they_were_one_does_not_hold_them_together()
    {
        var (phone, tablet) = (Anonymous("phone"), Anonymous("tablet"));
        var (anna, ben) = (User("anna"), User("ben"));
        _graph.TryJoin(anna, phone, Join.SeenTogether, 1);
        _graph.TryJoin(anna, ben, Join.Stated, 2);
        _graph.TryJoin(ben, phone, Join.SeenTogether, 3).ShouldBeTrue();
        _graph.TryJoin(ben, tablet, Join.SeenTogether, 4).ShouldBeTrue();
        _graph.Joins(_graph.CustomerOf(ben)).Select(j => j.Position).ShouldBe([1, 2, 3, 4]);
        _graph.Cut(2);
        _graph.Members(_graph.CustomerOf(anna)).ShouldBe([phone, anna], ignoreOrder: true);
        _graph.Members(_graph.CustomerOf(ben)).ShouldBe([tablet, ben], ignoreOrder: true);
        _graph.TryJoin(anna, ben, Join.Stated, 5);
        _graph.Members(_graph.CustomerOf(anna)).Count.ShouldBe(4);
    }

    [Fact]
    public void An_alias_holds_also_for_a_user_who_is_seen_only_later()
    {
        var anna = User("anna");
        _graph.TryJoin(anna, _graph.Name("card-7"u8, 1), Join.Stated, 1);
        _graph.CustomerOf(User("card-7")).ShouldBe(anna);
        _graph.Cut(1).ShouldBeTrue();
        _graph.CustomerOf(User("card-7")).ShouldNotBe(anna);

        var visitor = Anonymous("cookie");
        _graph.TryJoin(anna, _graph.Name("cookie"u8, 2), Join.Stated, 2);
        _graph.CustomerOf(visitor).ShouldBe(anna);
        _graph.CustomerOf(User("cookie")).ShouldNotBe(anna, "An id that was seen as a visitor's is no user's.");
    }

    [Fact]
    public void An_alias_that_was_withdrawn_holds_for_nobody_who_comes_later()
    {
        var anna = User("anna");
        _graph.TryJoin(anna, _graph.Name("card-8"u8, 4), Join.Stated, 4);
        _graph.Withdraw(position => position == 4);
        _graph.CustomerOf(User("card-8")).ShouldNotBe(_graph.CustomerOf(anna));
        _graph.Joins(anna).ShouldBeEmpty();
    }

    [Fact]
    public void Another_tie_between_the_same_two_survives_a_cut()
    {
        var (device, anna) = (Anonymous("device"), User("anna"));
        _graph.TryJoin(anna, device, Join.SeenTogether, 1);
        _graph.TryJoin(anna, device, Join.Stated, 2);
        _graph.Cut(2);
        _graph.CustomerOf(anna).ShouldBe(_graph.CustomerOf(device));
    }

    [Fact]
    public void Moves_are_told_exactly_and_the_graph_reads_back_what_it_wrote()
    {
        var customers = new Dictionary<int, int>();
        _graph.Moved = (identity, customer) => customers[identity] = customer;
        var random = new Random(5);
        for (var i = 0; i < 300; i++) customers[i] = i % 3 == 0 ? User($"u{i}") : Anonymous($"a{i}");
        for (var position = 0L; position < 2000; position++)
        {
            if (random.Next(4) == 0) _graph.Cut(random.NextInt64(position + 1));
            else _graph.TryJoin(random.Next(300), random.Next(300), random.Next(2) == 0 ? Join.Stated : Join.SeenTogether, position);
        }

        for (var i = 0; i < 300; i++) customers[i].ShouldBe(_graph.CustomerOf(i));
        foreach (var group in Enumerable.Range(0, 300).GroupBy(_graph.CustomerOf))
        {
            group.Key.ShouldBe(group.Min());
            _graph.Members(group.Key).ShouldBe(group.Order());
        }

        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true)) _graph.Write(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        var copy = IdentityGraph.Read(reader);
        for (var i = 0; i < 300; i++)
        {
            copy.CustomerOf(i).ShouldBe(_graph.CustomerOf(i));
            copy.Text(i).ShouldBe(_graph.Text(i));
        }

        copy.Find(IdentityGraph.User, "u3"u8).ShouldBe(_graph.Find(IdentityGraph.User, "u3"u8));
    }

    private int User(string id) => _graph.GetOrAdd(IdentityGraph.User, Encoding.UTF8.GetBytes(id));

    private int Anonymous(string id) => _graph.GetOrAdd(IdentityGraph.Anonymous, Encoding.UTF8.GetBytes(id));
}
