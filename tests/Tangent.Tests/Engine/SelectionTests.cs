using Tangent.Engine;

namespace Tangent.Tests.Engine;

public sealed unsafe class SelectionTests
{
    private const int Room = 2 * Selection.Word;

    /// <summary>Processors without the instruction take the other way; both must move the same rows, also into the place they come from.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(1000)]
    public void Rows_are_moved_together_alike_with_and_without_wide_vectors(int count)
    {
        var random = new Random(count);
        for (var repeat = 0; repeat < 50; repeat++)
        {
            using var from = new Rows(count, random);
            using var slow = new Rows(count, random);
            var keep = new ulong[Selection.Words(count) + 1];
            for (var row = 0; row < count; row++)
                if (random.Next(4) > repeat % 5) keep[row >> 6] |= 1UL << (row & 63);
            fixed (ulong* bits = keep)
            {
                var before = new int[keep.Length + 1];
                int kept;
                fixed (int* counts = before) kept = Selection.Count(bits, counts, count);
                var numbered = repeat % 2 == 0;
                string[] staying = [.. from.Texts(count, numbered).Where((_, row) => (keep[row >> 6] >> (row & 63) & 1) != 0)];
                Selection.CompactOneByOne(bits, count, from.Columns(numbered), slow.Columns(true));
                slow.Texts(kept).ShouldBe(staying);
                if (!System.Runtime.Intrinsics.X86.Avx512Vbmi2.IsSupported) continue;
                Selection.CompactWide(bits, count, from.Columns(numbered), from.Columns(true));
                from.Texts(kept).ShouldBe(staying);
            }
        }
    }

    [Fact]
    public void Rows_are_kept_by_code_period_and_change()
    {
        var random = new Random(7);
        for (var count = 1; count < 300; count += 13)
        {
            using var rows = new Rows(count, random);
            var columns = rows.Columns(true);
            Kept(count, keep => Selection.KeepKnown(keep, columns.Touchpoints, count)).ShouldBe(Where(row => columns.Touchpoints[row] != Code.None));
            foreach (var (fromMs, toMs) in new[] { (2 * Hours.HourMs, 6 * Hours.HourMs), (2 * Hours.HourMs + 77, 6 * Hours.HourMs + 1), (3 * Hours.HourMs + 5, 3 * Hours.HourMs + 9_000), (-5, 4 * Hours.HourMs - 1) })
                Kept(count, keep => Selection.KeepWithin(keep, columns, count, HourRange.Of(fromMs, toMs, 0), fromMs, toMs))
                    .ShouldBe(Where(row => columns.Times[row] >= fromMs && columns.Times[row] < toMs), $"{fromMs} to {toMs}");
            foreach (bool[] allowed in new bool[][] { [true], [false, true, true], [.. Enumerable.Range(0, Code.Count).Select(code => code % 3 != 1)] })
                Kept(count, keep => new AllowedCodes(allowed).Keep(keep, columns.Touchpoints, count)).ShouldBe(Where(row => columns.Touchpoints[row] is var code && code < allowed.Length && allowed[code]));
            var (from, to) = (random.Next(count + 1), random.Next(count + 1));
            Kept(count, keep => Selection.RemoveIf(0, keep, Math.Min(from, to), Math.Max(from, to))).ShouldBe(Where(_ => true));
            Kept(count, keep => Selection.RemoveIf(1, keep, Math.Min(from, to), Math.Max(from, to))).ShouldBe(Where(row => row < Math.Min(from, to) || row >= Math.Max(from, to)));
            var replaced = new ushort[count + Room];
            fixed (ushort* first = replaced)
            {
                var target = first;
                Kept(count, keep =>
                {
                    Selection.KeepKnown(keep, columns.Touchpoints, count);
                    Selection.Replace(keep, columns.Touchpoints, count, 7, target);
                });
            }

            replaced[..count].ShouldBe([.. Enumerable.Range(0, count).Select(row => columns.Touchpoints[row] is not Code.None and var code ? code : (ushort)7)]);
            Kept(count, keep => Selection.KeepChanges(keep, columns.Touchpoints, count)).ShouldBe(Where(row => row == 0 || columns.Touchpoints[row] != columns.Touchpoints[row - 1]));
            foreach (ushort[] list in new ushort[][] { [1], [0, 2], [.. Enumerable.Range(1, 20).Select(code => (ushort)code)] })
            {
                var listed = new byte[Code.Count];
                foreach (var code in list) listed[code] = 1;
                Kept(count, keep => Selection.KeepListed(keep, columns.Touchpoints, count, list, listed)).ShouldBe(Where(row => list.Contains(columns.Touchpoints[row])));
            }

            int[] Where(Func<int, bool> wanted) => [.. Enumerable.Range(0, count).Where(wanted)];
        }
    }

    /// <summary>Their events could not be told apart: a kernel that asks for both is refused, not wrong.</summary>
    [Fact]
    public void Collapsed_repeats_neither_stay_unmoved_nor_have_hours_alone()
    {
        using var given = new Given(1);
        var lens = Lens.Of(given.Table.View(), [0, 1], new JourneyFilter(), collapseRepeats: true);
        foreach (var reads in new[] { Reads.Unmoved, Reads.UnmovedWhereMost, Reads.Hours })
            Should.Throw<ArgumentException>(() => Scan.Run(given.Table.View(), lens, () => new Reading(reads), CancellationToken.None));
        Scan.Run(given.Table.View(), lens, () => new Reading(Reads.Hours | Reads.Times), CancellationToken.None);
    }

    private sealed class Reading(Reads reads) : Kernel
    {
        public override Reads Reads => reads;

        public override void Visit(in JourneyBatch batch)
        {
        }
    }

    private delegate void Keeping(ulong* keep);

    private static int[] Kept(int count, Keeping keeping)
    {
        var keep = new ulong[Selection.Words(count) + 2];
        fixed (ulong* bits = keep)
        {
            Selection.All(bits, count);
            keeping(bits);
        }

        return [.. Enumerable.Range(0, keep.Length * 64).Where(row => (keep[row >> 6] >> (row & 63) & 1) != 0)];
    }

    private sealed class Rows : IDisposable
    {
        private readonly NativeBlock block;
        private readonly int count;

        public Rows(int count, Random random)
        {
            this.count = count + Room;
            block = new NativeBlock(this.count * 16L);
            var columns = Columns(true);
            for (var row = 0; row < this.count; row++)
            {
                columns.Hours[row] = random.Next(20) == 0 ? Hours.Elsewhere : (ushort)random.Next(12);
                // Elsewhere says nothing of the time.
                columns.Times[row] = (columns.Hours[row] == Hours.Elsewhere ? random.Next(12) : columns.Hours[row]) * Hours.HourMs + random.Next((int)Hours.HourMs);
                columns.Rows[row] = random.Next(1000);
                columns.Touchpoints[row] = random.Next(4) == 0 ? Code.None : (ushort)random.Next(3);
            }
        }

        public Columns Columns(bool numbered)
        {
            var times = (long*)block.Pointer;
            var rows = (int*)(times + count);
            return new Columns((ushort*)(rows + count), times, (ushort*)(rows + count) + count, numbered ? rows : null, 100);
        }

        public string[] Texts(int kept, bool numbered = true)
        {
            var columns = Columns(numbered);
            return [.. Enumerable.Range(0, kept).Select(row => $"{columns.Touchpoints[row]} {columns.Times[row]} {columns.Hours[row]} {(numbered ? columns.Rows[row] : columns.FirstRow + row)}")];
        }

        public void Dispose() => GC.KeepAlive(block);
    }
}
