using System.Text.Json.Nodes;
using Tangent.Unify;

namespace Tangent.Tests.Unify;

public sealed class ProfileTests
{
    private static readonly DateTime Monday = new(2026, 3, 2, 8, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void A_later_call_changes_what_it_names_and_keeps_the_rest()
    {
        var profile = new Profile { Key = "user:7" };
        profile.Learn(Traits("""{"firstName":"Jan","lastName":"Łoś","email":"jan@example.org","plan":"basic"}"""), "", Monday);
        profile.Learn(Traits("""{"email":"j.los@example.org","plan":null}"""), "", Monday.AddDays(1));

        profile.Name.ShouldBe("Jan Łoś");
        profile.Email.ShouldBe("j.los@example.org");
        profile.Traits.ShouldNotContain("plan");
        profile.Search.ShouldBe("7 jan los j.los@example.org");
        profile.UpdatedUtc.ShouldBe(Monday.AddDays(1));
    }

    [Fact]
    public void An_older_call_that_arrives_later_only_fills_gaps()
    {
        var profile = new Profile { Key = "user:7" };
        profile.Learn(Traits("""{"name":"Anna Nowak","phone":"+48 12 000"}"""), "", Monday);
        profile.Learn(Traits("""{"name":"Anna Kowalska","email":"anna@example.org","phone":null}"""), "Rowery GmbH", Monday.AddYears(-1));

        profile.Name.ShouldBe("Anna Nowak");
        profile.Phone.ShouldBe("+48 12 000");
        profile.Email.ShouldBe("anna@example.org");
        profile.Company.ShouldBe("Rowery GmbH");
        profile.UpdatedUtc.ShouldBe(Monday);
    }

    [Fact]
    public void A_company_may_be_a_text_or_an_object()
    {
        var text = new Profile { Key = "user:1" };
        text.Learn(Traits("""{"company":"Stadtwerke"}"""), "", Monday);
        var entity = new Profile { Key = "user:2" };
        entity.Learn(Traits("""{"company":{"name":"Stadtwerke","id":5}}"""), "", Monday);
        (text.Company, entity.Company).ShouldBe(("Stadtwerke", "Stadtwerke"));
    }

    [Theory]
    [InlineData("Łódź", "lodz")]
    [InlineData("Straße", "strasse")]
    [InlineData("MÜLLER", "muller")]
    [InlineData("Søren Đorđević", "soren dordevic")]
    public void Text_is_folded_for_the_search(string text, string folded) => Tangent.Web.FoldedText.Of(text).ShouldBe(folded);

    private static JsonObject Traits(string json) => JsonNode.Parse(json)!.AsObject();
}
