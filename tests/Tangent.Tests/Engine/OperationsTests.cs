using Tangent.Engine;

namespace Tangent.Tests.Engine;

public sealed class OperationsTests
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Any_sequence_of_operations_equals_a_full_rebuild(int seed)
    {
        using var given = new Given(seed, identities: 5 + seed % 60);
        for (var round = 0; round < 25; round++)
        {
            var done = new List<string>();
            for (var operation = given.Next(6); operation >= 0; operation--) done.Add(Operate(given));
            given.TableShouldEqualModel($"seed {seed}, round {round}: {string.Join(", ", done)}");
        }
    }

    [Fact]
    public void A_view_stays_as_it_was_whatever_comes_after()
    {
        using var given = new Given(7).Events(500);
        var view = given.Table.View();
        var question = new FlowQuestion { TouchpointOfSignature = given.Touchpoints() };
        var expected = Oracles.Flow(question, given.Model.Copy());

        given.Events(500).Move().Move().Erase();
        given.Table.View();
        given.Compact().Events(100).Compact();
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Given.ShouldBeSame(question.Ask(view), expected, "the view was taken before");
    }

    [Fact]
    public void Writing_goes_on_while_a_compaction_is_under_way()
    {
        using var given = new Given(8).Events(400);
        for (var round = 0; round < 10; round++)
        {
            var before = given.Position;
            var compaction = given.Table.StartCompaction(before);
            given.Events(100).Move().Move();
            given.TableShouldEqualModel("before the commit");
            given.Erase().Events(30);
            given.Table.View();
            given.Events(30);
            compaction.Complete();
            given.Table.Watermark.ShouldBe(before);
            given.TableShouldEqualModel("after the commit");
        }
    }

    [Fact]
    public void What_came_after_a_compaction_began_is_not_in_its_base()
    {
        using var given = new Given(9).Events(300).Move();
        var model = given.Model.Copy();
        var compaction = given.Table.StartCompaction(given.Position);
        given.Events(100).Move().Move();
        compaction.Complete();

        using var reopened = JourneyTable.Open(given.Folder, Given.PropertyColumns);

        reopened.View().Events.ShouldBe(model.Events.Count);
        var question = new FlowQuestion { TouchpointOfSignature = given.Touchpoints() };
        Given.ShouldBeSame(question.Ask(reopened.View()), Oracles.Flow(question, model), "the base holds the moment of the start");
    }

    [Fact]
    public void A_compaction_that_fails_leaves_the_table_as_it_was()
    {
        using var given = new Given(10).Events(300).Compact().Events(100);
        Should.Throw<IOException>(() => given.Table.Compact(given.Position, _ => throw new IOException("the disk is full")));
        given.TableShouldEqualModel("after the failure");
        Directory.GetDirectories(given.Folder).Length.ShouldBe(1);
        given.Events(50).Compact().Reopen().TableShouldEqualModel("after the next compaction");
    }

    [Fact]
    public void Assignments_of_identities_without_events_survive_reopening()
    {
        using var given = new Given(11).Events(50).Assign(100, 3).Compact().Reopen();
        given.Table.CustomerOf(100).ShouldBe(3);
        given.Table.CustomerOf(5_000).ShouldBe(5_000);
    }

    [Fact]
    public void Bytes_of_an_erased_identity_are_gone_after_a_compaction()
    {
        using var given = new Given(12).Events(50);
        var marked = new JourneyEvent(3, 1_700_000_000_000, 1, 8_412_345.678901, 1, 999_999);
        given.Table.Append(marked, [0, 0]);
        given.Compact();
        Holds(given, marked.Value).ShouldBeTrue();

        given.Table.Erase(3);
        given.Compact();

        Holds(given, marked.Value).ShouldBeFalse();
    }

    [Fact]
    public void Small_batches_leave_few_layers()
    {
        using var given = new Given(13).Events(1000).Compact();
        for (var batch = 0; batch < 400; batch++)
        {
            given.Events(7);
            given.Table.View().Layers.Length.ShouldBeLessThan(12);
        }

        given.TableShouldEqualModel("after all batches");
    }

    [Fact]
    public void One_large_batch_equals_many_small_ones()
    {
        using var large = new Given(15, identities: 30_000);
        using var small = new Given(15, identities: 30_000);
        for (var batch = 0; batch < 50; batch++)
        {
            large.Events(8_000).Move().Erase();
            small.Events(8_000).Move().Erase();
            small.Table.View();
        }

        var flow = new FlowQuestion { TouchpointOfSignature = [.. Enumerable.Range(0, Given.Signatures).Select(code => (ushort)code)] };
        large.Table.View().Layers.Length.ShouldBe(2);
        large.Table.View().Events.ShouldBe(large.Model.Events.Count);
        Given.ShouldBeSame(flow.Ask(large.Table.View()), flow.Ask(small.Table.View()), "of the same events");
        for (var customer = 0; customer < 30_000; customer += 100)
            Given.ShouldBeSame(CustomerJourney.Of(large.Table.View(), customer), CustomerJourney.Of(small.Table.View(), customer), $"customer {customer}");
    }

    [Fact]
    public async Task Many_threads_ask_while_one_writes()
    {
        using var given = new Given(14).Events(2000);
        var question = new TouchpointsQuestion { TouchpointOfSignature = [.. Enumerable.Range(0, Given.Signatures).Select(code => (ushort)code)] };
        using var done = new CancellationTokenSource();
        var askers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            var last = 0L;
            while (!done.IsCancellationRequested)
            {
                var view = given.Table.View();
                question.Ask(view).Events.ShouldBe(view.Events);
                view.Events.ShouldBeGreaterThanOrEqualTo(last);
                last = view.Events;
            }
        })).ToArray();
        for (var round = 0; round < 60; round++)
        {
            given.Events(200).Move();
            if (round % 15 == 14) given.Compact();
        }

        await done.CancelAsync();
        await Task.WhenAll(askers);
        given.TableShouldEqualModel("at the end");
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 80)];

    private static bool Holds(Given given, double value) =>
        File.ReadAllBytes(Path.Combine(given.Table.GenerationDirectory!, "journeys.seg")).AsSpan().IndexOf(BitConverter.GetBytes(value)) >= 0;

    private static string Operate(Given given)
    {
        switch (given.Next(14))
        {
            case < 4: given.Events(given.Next(60)); return "events";
            case < 8: given.Move(); return "move";
            case 8: given.Erase(); return "erase";
            case 9: given.Compact(); return "compact";
            case 10: given.Table.View(); return "view";
            case 11: given.Withdraw(); return "withdraw";
            case 12: given.Restore(); return "restore";
            default: given.Compact().Reopen(); return "compact and reopen";
        }
    }
}
