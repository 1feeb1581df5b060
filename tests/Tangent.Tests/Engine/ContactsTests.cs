using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>What each customer did against counting every journey by hand, over a base, overlay layers and merges.</summary>
public sealed class ContactsTests
{
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Contacts_of_every_customer_equal_the_oracle(int seed)
    {
        using var given = new Given(seed).Events(300).Move().Compact().Events(100).Move();
        var question = new ContactsQuestion { TouchpointOfSignature = given.Touchpoints(), Filter = given.Filter() };
        var expected = given.Model.Journeys(question.TouchpointOfSignature, question.Filter).OrderBy(j => j.Customer).Select(j =>
            new CustomerContacts(j.Customer, j.Steps.Count, j.Steps[0].Ms, j.Steps[^1].Ms, j.Steps.Aggregate(0UL, (bits, step) => bits | 1UL << step.Touchpoint)));
        question.Ask(given.Table.View()).ShouldBe(expected, $"seed {seed}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Everybody_with_an_event_is_found_without_a_look_at_events(int seed)
    {
        using var given = new Given(seed).Events(300).Move().Compact().Events(100).Move();
        var view = given.Table.View();
        var everybody = view.Everybody();

        everybody.Length.ShouldBe(view.Customers);
        Enumerable.Range(0, everybody.Length).Where(c => everybody[c]).ShouldBe(given.Model.Journeys().Keys, $"seed {seed}");
    }

    [Theory]
    [InlineData(1000, 3)]
    [InlineData(1000, 900)]
    [InlineData(64, 64)]
    [InlineData(65, 1)]
    public void Few_and_many_customers_are_put_in_order(int customers, int found)
    {
        var random = new Random(found);
        var some = Enumerable.Range(0, customers).OrderBy(_ => random.Next()).Take(found).ToArray();
        int[] expected = [.. some.Order()];

        CustomersKernel.Order(some, customers);

        some.ShouldBe(expected);
    }

    [Fact]
    public void More_touchpoints_than_bits_are_refused()
    {
        using var given = new Given(1).Events(10);
        ushort[] touchpoints = [.. Enumerable.Repeat((ushort)ContactsQuestion.MostTouchpoints, Given.Signatures)];
        Should.Throw<ArgumentException>(() => new ContactsQuestion { TouchpointOfSignature = touchpoints }.Ask(given.Table.View()));
    }
}
