using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>Outcomes and the experiences before them against the oracle, on seeded random journeys.</summary>
public sealed class DriversTests
{
    private const long Origin = 1_700_000_000_000;

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(11, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Rows_and_the_customers_behind_them_equal_the_oracle(int seed) => RuleQuestionsTests.Repeat(seed, (given, view, because) =>
    {
        bool[] Some(int of) => [.. Enumerable.Range(0, Given.Signatures).Select(_ => given.Next(of) == 0)];
        var isScore = given.Next(2) == 0;
        var question = new DriversQuestion
        {
            TouchpointOfSignature = given.Touchpoints(4),
            Filter = given.Filter(),
            At = [EventRule.Of(Some(3))],
            Apart = isScore ? [new EventRule(null, [new PropertyCondition(0, [false, false, false, true])])] : [],
            Score = isScore ? new ScoreColumn(0, [double.NaN, 1, 7.5, double.NaN]) : null,
            Goals = [EventRule.Of(Some(4))],
            GoalMs = 1 + given.Next(20_000),
            WindowMs = 1 + given.Next(40_000),
            EndMs = Origin + given.Next(60_000),
            Columns = [new ValueColumn(1, given.Next(2), 3)],
        };
        var answer = question.Ask(view);
        DriversOracle.Rows(answer).ShouldBe(DriversOracle.Rows(question, given.Model), because);
        answer.Open.ShouldBe(DriversOracle.Open(question, given.Model), because);
        answer.OneOf.ShouldBe(1);
        RuleQuestionsTests.Behind(question.Customers(view, null, true), DriversOracle.Customers(question, given.Model, null, true), because);
        foreach (var experience in answer.Experiences.Take(6))
            foreach (var had in new[] { true, false })
                RuleQuestionsTests.Behind(question.Customers(view, experience, had), DriversOracle.Customers(question, given.Model, DriversOracle.Name(experience), had), $"{because} {experience} {had}");
    });
}
