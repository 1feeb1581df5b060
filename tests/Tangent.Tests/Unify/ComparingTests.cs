using Tangent.Unify;

namespace Tangent.Tests.Unify;

/// <summary>How texts, dates and values of persons are compared; the examples are those of the papers and of common references.</summary>
public sealed class ComparingTests
{
    [Theory]
    [InlineData("martha", "marhta", 0.9611)]
    [InlineData("dixon", "dicksonx", 0.8133)]
    [InlineData("dwayne", "duane", 0.84)]
    [InlineData("abc", "xyz", 0)]
    [InlineData("same", "same", 1)]
    [InlineData("", "", 0)]
    public void Jaro_and_Winkler_agree_with_their_examples(string a, string b, double likeness)
    {
        JaroWinkler.Likeness(a, b).ShouldBe(likeness, 5e-5);
        JaroWinkler.Likeness(b, a).ShouldBe(likeness, 5e-5);
    }

    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ca", "abc", 3)]
    [InlineData("meier", "meire", 1)]
    [InlineData("", "ab", 2)]
    [InlineData("gleich", "gleich", 0)]
    public void An_exchange_of_neighbours_is_one_mistake(string a, string b, int distance)
    {
        EditDistance.Between(a, b, 5).ShouldBe(distance);
        EditDistance.Between(b, a, 5).ShouldBe(distance);
        EditDistance.Between(a, b, 0).ShouldBe(Math.Min(distance, 1));
    }

    [Fact]
    public void The_distance_is_that_of_a_plain_table_for_random_texts()
    {
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var (a, b) = (Text(random), Text(random));
            EditDistance.Between(a, b, 20).ShouldBe(Plain(a, b), $"{a} {b}");
        }
    }

    [Fact]
    public void Letters_never_promise_less_than_the_comparison_finds()
    {
        var random = new Random(12);
        for (var i = 0; i < 20_000; i++)
        {
            var (a, b) = (Text(random) + "x", Text(random) + "y");
            var (bigrams, likeness) = LetterCounts.Of(a).Bounds(LetterCounts.Of(b), a.AsSpan().CommonPrefixLength(b));
            bigrams.ShouldBeGreaterThanOrEqualTo(Bigrams.Likeness(a, b) - 1e-12, $"{a} {b}");
            likeness.ShouldBeGreaterThanOrEqualTo(JaroWinkler.Likeness(a, b) - 1e-12, $"{a} {b}");
        }
    }

    [Fact]
    public void Shared_pairs_of_characters_are_counted_once_each()
    {
        Bigrams.Likeness("night", "nacht").ShouldBe(0.25);
        Bigrams.Likeness("aaaa", "aa").ShouldBe(0.5);
    }

    [Theory]
    [InlineData("muller-ludenscheidt", "65752682")]
    [InlineData("wikipedia", "3412")]
    [InlineData("breschnew", "17863")]
    [InlineData("meier", "67")]
    [InlineData("mayr", "67")]
    [InlineData("schmidt", "862")]
    [InlineData("schmitt", "862")]
    [InlineData("heinz classen", "068586")]
    [InlineData("", "")]
    public void German_names_have_the_code_of_their_sound(string name, string code) => ColognePhonetics.Code(name).ShouldBe(code);

    [Theory]
    [InlineData(19840312, 19840312, "Equal")]
    [InlineData(19840312, 19841203, "Slip")]
    [InlineData(19840312, 19840321, "Slip")]
    [InlineData(19840312, 19840317, "Slip")]
    [InlineData(19840312, 19840328, "SameMonth")]
    [InlineData(19840312, 19920312, "Near")]
    [InlineData(19840312, 19981105, "Different")]
    public void Dates_agree_by_how_they_are_mistaken(int a, int b, string agreement) => DateLikeness.Of(a, b).ToString().ShouldBe(agreement);

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(9)).Select(_ => (char)('a' + random.Next(4))));

    /// <summary>The whole table, cell by cell.</summary>
    private static int Plain(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                table[i, j] = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }

        return table[a.Length, b.Length];
    }
}
