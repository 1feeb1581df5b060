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
    public void Each_trait_has_its_own_time()
    {
        var profile = new Profile { Key = "user:7" };
        profile.Learn(Traits("""{"email":"old@example.org","plan":"basic","phone":"1"}"""), "Alt AG", Monday);
        profile.Learn(Traits("""{"lastCall":"Tuesday","phone":null}"""), "", Monday.AddDays(2));
        profile.Learn(Traits("{}"), "", Monday.AddDays(9));
        profile.UpdatedUtc.ShouldBe(Monday.AddDays(2), "a call that says nothing is none that said something");
        profile.Learn(Traits("""{"email":"new@example.org","phone":"2","lastCall":"Sunday"}"""), "Neu AG", Monday.AddDays(1));

        (profile.Email, profile.Phone, profile.Company).ShouldBe(("new@example.org", "", "Neu AG"));
        profile.Trait("lastCall").ShouldBe("Tuesday");
        profile.SaidUtc(["email"]).ShouldBe(Monday.AddDays(1));
        profile.SaidUtc(["plan", "none"]).ShouldBe(Monday);
        profile.SaidUtc(["plan", "lastCall"]).ShouldBe(Monday.AddDays(2));
        profile.Learn(Traits("""{"email":"new@example.org","plan":"basic","lastCall":"Friday"}"""), "Neu AG", Monday.AddDays(4));
        profile.Times.ShouldBe($$"""{"phone":{{Monday.AddDays(2).Ticks}}}""", "only what was said at another time is kept");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_order_in_which_calls_come_does_not_matter(int seed)
    {
        var random = new Random(seed);
        var calls = Enumerable.Range(0, 12).Select(i => (
            Traits: Traits($"{{{string.Join(',', "abcd".Where(_ => random.Next(2) == 0).Select(c => $"\"{c}\":{(random.Next(4) == 0 ? "null" : $"\"{i}\"")}"))}}}"),
            Company: random.Next(3) == 0 ? $"Company {i}" : "",
            At: Monday.AddHours(i))).ToArray();
        var inOrder = Told(calls);
        for (var i = 0; i < 20; i++)
        {
            random.Shuffle(calls);
            Told(calls).ShouldBe(inOrder);
        }

        static (string, string) Told(IEnumerable<(JsonObject Traits, string Company, DateTime At)> calls)
        {
            var profile = new Profile { Key = "user:7" };
            foreach (var (traits, company, at) in calls) profile.Learn(traits, company, at);
            return (string.Join(',', "abcd".Select(c => profile.Trait(c.ToString()))), profile.Company);
        }
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
