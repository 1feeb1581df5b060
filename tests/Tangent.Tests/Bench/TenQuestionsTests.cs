using Tangent.Bench;
using Tangent.Engine;

namespace Tangent.Tests.Bench;

/// <summary>What the comparison with databases asks the engine is what it says.</summary>
public sealed class TenQuestionsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tangent-ten-").FullName;

    public static TheoryData<string> Questions() => [.. TenQuestions.All.Where(question => question.Ask is not null).Select(question => question.Name)];

    [Theory]
    [MemberData(nameof(Questions))]
    public void The_engine_answers_as_plain_loops_do(string name)
    {
        var journeys = new Generator(7).Journeys(20_000).Select(journey => journey.ToArray()).ToList();
        using var table = JourneyTable.Open(folder, 0);
        foreach (var (position, e) in journeys.SelectMany(journey => journey).Index()) table.Append(e with { Position = position }, []);
        var question = TenQuestions.All.Single(question => question.Name == name);
        var expected = new Answer(new NaiveAnswers(journeys).To(name));

        var given = new Answer(question.TextOf(question.Ask!(table.View())));

        expected.Rows.ShouldBeGreaterThan(4);
        given.EqualTo(expected).ShouldBeTrue(given.Difference(expected));
        given.Hash.ShouldBe(expected.Hash);
    }

    [Fact]
    public void Answers_that_differ_are_told_apart()
    {
        new Answer("1\t2.0000000000001\n").EqualTo(new Answer("1\t2\n")).ShouldBeTrue();
        new Answer("1\t2.00001\n").EqualTo(new Answer("1\t2\n")).ShouldBeFalse();
        new Answer("1000000000001\t2\n").EqualTo(new Answer("1000000000002\t2\n")).ShouldBeFalse();
        new Answer("1\t2\n").EqualTo(new Answer("1\t2\n3\t4\n")).ShouldBeFalse();
        new Answer("1,2\t3\n").EqualTo(new Answer("1,3\t3\n")).ShouldBeFalse();
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
