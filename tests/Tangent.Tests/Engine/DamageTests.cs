using Tangent.Engine;

namespace Tangent.Tests.Engine;

public sealed class DamageTests
{
    [Fact]
    public void A_new_folder_has_no_base()
    {
        using var given = new Given(1);
        given.Table.Base.State.ShouldBe(BaseState.Absent);
        given.Table.GenerationDirectory.ShouldBeNull();
        given.Table.Watermark.ShouldBe(0);
    }

    [Fact]
    public void A_base_is_found_again_with_its_watermark_and_the_files_beside_it()
    {
        using var given = new Given(2).Events(100);
        given.Table.Compact(4711, folder => File.WriteAllText(Path.Combine(folder, "names"), "written beside"));
        given.Reopen();
        given.Table.Base.ShouldBe(new BaseReport(BaseState.Found, ""));
        given.Table.Watermark.ShouldBe(4711);
        File.ReadAllText(Path.Combine(given.Table.GenerationDirectory!, "names")).ShouldBe("written beside");
        given.TableShouldEqualModel("reopened");
    }

    [Fact]
    public void Any_flipped_bit_is_detected()
    {
        using var given = new Given(3).Events(300).Compact();
        given.Table.Dispose();
        var path = Segment(given);
        var length = (int)new FileInfo(path).Length;
        var random = new Random(3);
        for (var i = 0; i < 400; i++)
        {
            // The header and its neighbourhood every time, the rest by chance; its unused part counts as well.
            var at = i < 64 ? i : random.Next(length);
            var bit = (byte)(1 << random.Next(8));
            Flip(path, at, bit);
            using (var table = JourneyTable.Open(given.Folder, Given.PropertyColumns))
            {
                table.Base.State.ShouldBe(BaseState.Damaged, $"byte {at}, bit {bit}");
                table.Base.Reason.ShouldNotBeEmpty();
                table.View().Events.ShouldBe(0);
                table.Watermark.ShouldBe(0);
                table.GenerationDirectory.ShouldBeNull();
            }

            Flip(path, at, bit);
        }

        given.Reopen().TableShouldEqualModel("all bits are back");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(5000)]
    public void A_torn_file_is_detected(int bytes)
    {
        using var given = new Given(4).Events(300).Compact();
        using (var file = new FileStream(Segment(given), FileMode.Open)) file.SetLength(bytes);
        ShouldBeDamaged(given);
    }

    [Fact]
    public void A_file_that_lacks_or_has_one_byte_more_is_detected()
    {
        using var given = new Given(5).Events(300).Compact();
        var path = Segment(given);
        var length = new FileInfo(path).Length;
        using (var file = new FileStream(path, FileMode.Open)) file.SetLength(length - 1);
        ShouldBeDamaged(given);
        using (var file = new FileStream(path, FileMode.Open)) file.SetLength(length + 1);
        ShouldBeDamaged(given);
    }

    [Fact]
    public void A_missing_segment_or_folder_is_damage_and_not_an_empty_table()
    {
        using var given = new Given(6).Events(100).Compact();
        File.Delete(Segment(given));
        ShouldBeDamaged(given);
        Directory.Delete(given.Table.GenerationDirectory!, recursive: true);
        ShouldBeDamaged(given);
    }

    [Fact]
    public void Another_number_of_property_columns_asks_for_a_rebuild()
    {
        using var given = new Given(7).Events(100).Compact();
        using var table = JourneyTable.Open(given.Folder, Given.PropertyColumns + 1);
        table.Base.State.ShouldBe(BaseState.Damaged);
        table.Base.Reason.ShouldContain("2 property columns, 3 are declared");
    }

    [Fact]
    public void A_damaged_table_is_filled_again_and_compacted()
    {
        using var given = new Given(8).Events(200).Compact();
        Flip(Segment(given), 5000, 4);
        using (var table = JourneyTable.Open(given.Folder, Given.PropertyColumns))
        {
            table.Base.State.ShouldBe(BaseState.Damaged);
            foreach (var e in given.Model.Events) table.Append(e.Event, e.Properties);
            table.Compact(given.Position);
        }

        given.Reopen().TableShouldEqualModel("rebuilt");
        Directory.GetDirectories(given.Folder).Length.ShouldBe(1);
    }

    [Fact]
    public void What_a_crash_left_before_the_commit_is_cleared_away()
    {
        using var given = new Given(9).Events(200).Compact();
        Directory.CreateDirectory(Path.Combine(given.Folder, "gen-000099"));
        given.Reopen().TableShouldEqualModel("the valid base");
        Directory.GetDirectories(given.Folder).ShouldBe([given.Table.GenerationDirectory!]);
        given.Events(10).Compact().Reopen().TableShouldEqualModel("the next base");
    }

    [Fact]
    public void Events_that_the_columns_cannot_hold_are_refused()
    {
        using var given = new Given(10);
        var good = new JourneyEvent(0, 0, 0, 0, 0, 0);
        void Refused(JourneyEvent e) => Should.Throw<ArgumentOutOfRangeException>(() => given.Table.Append(e, [0, 0]));
        Refused(good with { Identity = -1 });
        Refused(good with { Identity = int.MaxValue });
        Refused(good with { TimestampMs = JourneyEvent.EarliestMs - 1 });
        Refused(good with { TimestampMs = JourneyEvent.LatestMs });
        Refused(good with { Signature = Code.None });
        Refused(good with { Value = double.NaN });
        Refused(good with { Value = double.PositiveInfinity });
        Should.Throw<ArgumentException>(() => given.Table.Append(good, [0]));
        given.Table.View().Events.ShouldBe(0);
    }

    private static string Segment(Given given) => Path.Combine(given.Table.GenerationDirectory!, "journeys.seg");

    private static void Flip(string path, int at, byte bit)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = at;
        var value = (byte)file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(value ^ bit));
    }

    private static void ShouldBeDamaged(Given given)
    {
        using var table = JourneyTable.Open(given.Folder, Given.PropertyColumns);
        table.Base.State.ShouldBe(BaseState.Damaged);
        table.View().Events.ShouldBe(0);
    }
}
