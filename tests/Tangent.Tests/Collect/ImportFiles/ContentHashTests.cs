using System.Numerics;
using System.Text;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

public sealed class ContentHashTests
{
    [Fact]
    public void Keys_kept_in_logs_stay_valid()
    {
        Of("").ShouldBe(UInt128.Parse("259715722625207640018567296804585342385", System.Globalization.CultureInfo.InvariantCulture));
        Of("customer 1, visit, 2024-01-01").ShouldBe(UInt128.Parse("225461877395201346090978117018382862784", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Contents_that_differ_little_share_not_even_half_a_key()
    {
        var low = new HashSet<ulong>();
        var high = new HashSet<ulong>();
        for (var customer = 0; customer < 400; customer++)
            for (var minute = 0; minute < 1_000; minute++)
            {
                var key = Of($"C{customer:0000}\u00ff2024-01-01T00:{minute:0000}{new string('x', minute % 3)}");
                low.Add((ulong)key);
                high.Add((ulong)(key >> 64));
            }

        low.Count.ShouldBe(400_000);
        high.Count.ShouldBe(400_000);
        Of("a").ShouldNotBe(Of("a\0"));
        Of(new string('\0', 16)).ShouldNotBe(Of(new string('\0', 32)));
        ContentHash.Of(1, "a"u8).ShouldNotBe(ContentHash.Of(2, "a"u8));
    }

    [Fact]
    public void One_bit_of_the_content_turns_about_half_of_the_key()
    {
        foreach (var length in (int[])[1, 15, 16, 17, 40, 200])
        {
            var content = new byte[length];
            new Random(length).NextBytes(content);
            var plain = ContentHash.Of(1, content);
            var turned = new List<int>();
            for (var bit = 0; bit < length * 8; bit++)
            {
                content[bit / 8] ^= (byte)(1 << (bit % 8));
                var other = ContentHash.Of(1, content) ^ plain;
                turned.Add(BitOperations.PopCount((ulong)other) + BitOperations.PopCount((ulong)(other >> 64)));
                content[bit / 8] ^= (byte)(1 << (bit % 8));
            }

            turned.Average().ShouldBe(64, 4);
            turned.Min().ShouldBeGreaterThan(25);
        }
    }

    private static UInt128 Of(string content) => ContentHash.Of(7, Encoding.UTF8.GetBytes(content));
}
