using Tangent.Measure;

namespace Tangent.Tests.Measure;

public sealed class ThemeTests
{
    [Fact]
    public void What_a_group_speaks_of_more_than_the_rest_is_found_with_quotes_and_what_all_speak_of_is_not()
    {
        var group = Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? "The invoice layout is unclear, the bicycle is fine" : "I do not find the sum, nice bicycle").ToList();
        var rest = Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? "Lovely bicycle and kind people" : "The bicycle came on time").ToList();

        var themes = ThemeFinder.Find("en", group, rest);

        themes.Select(t => t.Term).ShouldContain("invoice layout");
        themes.Select(t => t.Term).ShouldNotContain("invoice", "the pair says it");
        themes.Select(t => t.Term).ShouldNotContain("bicycle");
        themes.ShouldAllBe(t => !StopWords.Has("en", t.Term));
        var layout = themes.Single(t => t.Term == "invoice layout");
        (layout.Comments, layout.Of, layout.Rest, layout.RestOf).ShouldBe((30, 60, 0, 300));
        layout.Quotes.ShouldBe(group.Take(1).Append(group[2]));
    }

    [Fact]
    public void Groups_that_speak_alike_have_no_themes()
    {
        var random = new Random(3);
        string[] words = ["price", "shop", "saddle", "delivery", "helmet", "staff", "advice", "repair"];
        List<string> Speak(int n) => [.. Enumerable.Range(0, n).Select(_ => string.Join(" and ", Enumerable.Range(0, 3).Select(_ => words[random.Next(words.Length)])))];
        ThemeFinder.Find("en", Speak(200), Speak(600)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("de", "Das Rad ist nicht da und ich warte noch")]
    [InlineData("pl", "Rower nie jest jeszcze gotowy, ale dobrze")]
    [InlineData("en", "The bike was not there when we came")]
    [InlineData("", "12345 !!!")]
    public void The_language_of_a_comment_is_that_of_its_small_words(string language, string comment) => StopWords.LanguageOf("", comment).ShouldBe(language);
}
