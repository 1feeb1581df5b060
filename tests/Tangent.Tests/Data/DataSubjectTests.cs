using Tangent.Data;

namespace Tangent.Tests.Data;

public sealed class DataSubjectTests
{
    [Theory]
    [InlineData("anna@x.de", "Mail to anna@x.de.", true)]
    [InlineData("anna@x.de", "'anna@x.de' is no number", true)]
    [InlineData("anna@x.de", "k-1,anna@x.de,Wien", true)]
    [InlineData("anna@x.de", "j.anna@x.de, then anna@x.de", true)]
    [InlineData("anna@x.de", "j.anna@x.de", false)]
    [InlineData("anna@x.de", "o'anna@x.de", false)]
    [InlineData("anna@x.de", "anna@x.de.example", false)]
    [InlineData("anna", "anna@x.de", false)]
    [InlineData("C-10", "C-10-7", false)]
    [InlineData("C-10", "(C-10)", true)]
    [InlineData("user_1", "user_1-b", false)]
    [InlineData("user_1", "my_user_1", false)]
    [InlineData("user_1", "{\"userId\":\"user_1\"}", true)]
    public void A_text_names_a_person_only_by_the_whole_id(string id, string text, bool isNamed) =>
        new DataSubject(null, [$"user:{id}"], []).AreNamedIn(text).ShouldBe(isNamed);

    [Theory]
    [InlineData("7", "Customers wait 7 days", false)]
    [InlineData("20240", "Order 20240 was late", false)]
    [InlineData("phone", "They ask by phone", false)]
    [InlineData("7", "user:7 asked again", true)]
    [InlineData("K-4711", "k-4711 asked again", true)]
    [InlineData("7", "Mail to Anna@Example.org came back", true)]
    [InlineData("7", "j.anna@example.org", false)]
    public void What_people_wrote_names_a_person_only_by_what_cannot_be_mistaken(string id, string text, bool isNamed) =>
        new DataSubject(null, [$"user:{id}"], ["anna@example.org"]).AreNamedInProse(text).ShouldBe(isNamed);

    [Theory]
    [InlineData("12", "12", false)]
    [InlineData("12", "user:12", true)]
    [InlineData("1001000", " 1001000 ", true)]
    [InlineData("1001000", "10010001", false)]
    [InlineData("phone", "phone", false)]
    [InlineData("phone", "anonymous:phone", false)]
    [InlineData("K-100", "k-100", true)]
    [InlineData("K-100", "K-1001", false)]
    [InlineData("12", "ANNA@example.org", true)]
    [InlineData("12", "email=anna@example.org", true)]
    public void A_value_by_itself_is_a_persons_unless_it_is_short(string id, string value, bool isMeant) =>
        new DataSubject(null, [$"user:{id}"], ["anna@example.org"]).AreMeantBy(value).ShouldBe(isMeant);
}
