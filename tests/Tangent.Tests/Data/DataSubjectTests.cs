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
}
