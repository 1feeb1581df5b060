using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tangent.Tests.Analyse;

public sealed class BadQuestionTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("funnels?step=A&window=0d", "window")]
    [InlineData("funnels?step=A&window=soon", "window")]
    [InlineData("funnels?step=A&window=-3d", "window")]
    [InlineData("funnels?step=A&window=99999d", "window")]
    [InlineData("funnels?step=A&window=1d&window=2d", "window")]
    [InlineData("funnels?step=A&breakdown=moon", "breakdown")]
    [InlineData("funnels?step=A&from=01.02.2026", "from")]
    [InlineData("funnels?step=A&from=9999-12-31", "from")]
    [InlineData("funnels?step=A&to=1601-01-01", "to")]
    [InlineData("funnels?step=A&to=2026-02-30", "to")]
    [InlineData("funnels?step=A&from=2026-03-01&to=2026-02-01", "to")]
    [InlineData("funnels?step=A&property.=x", "property.")]
    [InlineData("funnels", "step")]
    [InlineData("funnels?step=&step=", "step")]
    [InlineData("funnels/customers?step=A&at=0", "at")]
    [InlineData("funnels/customers?step=A&at=two", "at")]
    [InlineData("funnels/customers?step=A&dropped=maybe", "dropped")]
    [InlineData("funnels/customers?step=A&skip=-1", "skip")]
    [InlineData("funnels/customers?step=A&take=0", "take")]
    [InlineData("funnels/customers?step=A&take=1001", "take")]
    [InlineData("funnels/customers?step=A&take=NaN", "take")]
    [InlineData("paths?steps=1", "steps")]
    [InlineData("paths?steps=11", "steps")]
    [InlineData("paths?steps=100", "steps")]
    [InlineData("paths?edges=0", "edges")]
    [InlineData("paths?edges=501", "edges")]
    [InlineData("paths?collapse=perhaps", "collapse")]
    [InlineData("paths?end=nowhere", "end")]
    [InlineData("paths?visits=often", "visits")]
    [InlineData("paths?least=0", "least")]
    [InlineData("paths?silence=0d", "silence")]
    [InlineData("paths?group.Shop=nowhere", "group.Shop")]
    [InlineData("paths?group=Shop", "group")]
    [InlineData("paths/customers?position=1&at=A&fate=doom", "fate")]
    [InlineData("paths/customers?position=6&at=A", "position")]
    [InlineData("paths/customers?position=1", "at")]
    [InlineData("variants?top=0", "top")]
    [InlineData("variants?by=moon", "by")]
    [InlineData("rework?start=nowhere&end=nowhere", "start")]
    [InlineData("rework?end=nowhere", "start")]
    [InlineData("rework/customers?at=nowhere", "at")]
    [InlineData("variants?top=10001", "top")]
    [InlineData("variants?top=1e3", "top")]
    [InlineData("variants/customers", "variant")]
    [InlineData("variants/customers?variant=0123456789abcdef", "variant")]
    [InlineData("funnels?step=nowhere", "step")]
    [InlineData("paths?start=nowhere", "start")]
    [InlineData("paths/customers?position=1&at=nowhere", "at")]
    [InlineData("flows/customers?before=nowhere&after=nowhere", "before")]
    [InlineData("touchpoints/customers?at=nowhere", "at")]
    [InlineData("flows?property.shoe=9", "property.shoe")]
    [InlineData("flows?collapse=2", "collapse")]
    [InlineData("flows/customers?before=A", "after")]
    [InlineData("flows/customers?after=A", "before")]
    [InlineData("touchpoints?bucket=hour", "bucket")]
    [InlineData("touchpoints/customers", "at")]
    [InlineData("retention?period=year", "period")]
    [InlineData("retention?start=nowhere", "start")]
    [InlineData("retention?return=shoe=9", "return")]
    [InlineData("retention?recurring=often", "recurring")]
    [InlineData("retention?orAfter=2", "orAfter")]
    [InlineData("retention/customers", "cohort")]
    [InlineData("retention/customers?cohort=2026-03-03", "cohort")]
    [InlineData("retention/customers?cohort=monday", "cohort")]
    [InlineData("retention/customers?cohort=2026-03-02&offset=401", "offset")]
    [InlineData("lifecycle?period=hour", "period")]
    [InlineData("lifecycle?active=nowhere", "active")]
    [InlineData("lifecycle/customers?cohort=2026-03-02", "part")]
    [InlineData("drivers?score=nothing", "score")]
    [InlineData("drivers?metrc=ces", "metrc")]
    [InlineData("drivers/customers?outcome=score&experiense=reached:A", "experiense")]
    [InlineData("touchpoints?segments=Gold", "segments")]
    [InlineData("funnels?step=channel=web&edit=up-1", "edit")]
    [InlineData("drivers?metric=moon", "metric")]
    [InlineData("drivers?about=nowhere", "about")]
    [InlineData("drivers?outcome=luck", "outcome")]
    [InlineData("drivers?outcome=churn", "goal")]
    [InlineData("drivers?outcome=churn&goal=nowhere", "goal")]
    [InlineData("drivers?outcome=churn&goal=channel=web&at=nowhere", "at")]
    [InlineData("drivers?outcome=churn&goal=channel=web&within=0d", "within")]
    [InlineData("drivers?outcome=churn&goal=channel=web&window=0d", "window")]
    [InlineData("drivers?score=device&at=nowhere", "at")]
    [InlineData("drivers/customers?outcome=churn&goal=channel=web&experience=device=", "experience")]
    [InlineData("drivers/customers?outcome=churn&goal=channel=web&experience=reached:nowhere", "experience")]
    [InlineData("drivers/customers?outcome=churn&goal=channel=web&had=maybe", "had")]
    [InlineData("recovery", "bad")]
    [InlineData("recovery?bad=nowhere", "bad")]
    [InlineData("recovery?bad=A|", "bad")]
    [InlineData("recovery?bad=channel=web&goal=nowhere", "goal")]
    [InlineData("recovery?bad=channel=web&window=0s", "window")]
    [InlineData("recovery/customers?bad=channel=web", "who")]
    [InlineData("recovery/customers?bad=channel=web&who=them", "who")]
    [InlineData("recovery/customers?bad=channel=web&who=left&next=nowhere", "next")]
    [InlineData("referrals?recommends=nowhere", "recommends")]
    [InlineData("referrals?recommends=channel=web&window=0s", "window")]
    [InlineData("referrals?window=soon", "window")]
    [InlineData("referrals/customers", "who")]
    [InlineData("referrals/customers?who=them", "who")]
    [InlineData("referrals/customers?who=came&by=somebody", "by")]
    [InlineData("referrals/customers?recommends=channel=web&who=compared&before=nowhere", "before")]
    public async Task A_value_that_cannot_be_used_is_refused_by_its_name(string question, string field)
    {
        var response = await server.Http.GetAsync("/api/v1/analyse/" + question);
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("field").GetString().ShouldBe(field);
        problem.GetProperty("detail").GetString()!.ShouldNotStartWith("Analyse.");
    }

    [Theory]
    [InlineData("/analyse/funnels?step=channel=web&stepp=A", HttpStatusCode.UnprocessableEntity)]
    [InlineData("/analyse/touchpoints/customers?at=nowhere&form=2026-01-01", HttpStatusCode.UnprocessableEntity)]
    [InlineData("/analyse/funnels?step=channel=web&reference=previous&days=30&lang=pl&steps.sort=-customers&steps.skip=0&trait.plan=", HttpStatusCode.OK)]
    public async Task A_page_refuses_what_it_does_not_know(string address, HttpStatusCode status) => (await server.Http.GetAsync(address)).StatusCode.ShouldBe(status);

    [Fact]
    public async Task Whatever_can_be_asked_of_a_time_refuses_what_it_does_not_know()
    {
        var document = await server.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        var asked = document.GetProperty("paths").EnumerateObject().Where(p => Regex.IsMatch(p.Name, "^/api/v1/(analyse|measure)/(?!accounts/)") && p.Value.TryGetProperty("get", out var get) && get.TryGetProperty("parameters", out var parameters)
            && parameters.EnumerateArray().Any(q => q.GetProperty("name").GetString() == "from")).Select(p => p.Name).ToList();
        asked.Count.ShouldBeGreaterThan(30);
        foreach (var state in (string[])["asIs", "toBe"]) (await server.Http.PostAsJsonAsync("/api/v1/map/journey-maps", new { name = "Asked", state })).StatusCode.ShouldBe(HttpStatusCode.Created);
        List<string> deaf = [];
        foreach (var path in asked)
        {
            using var answer = await server.Http.GetAsync(Regex.Replace(path, "{[^}]*}", "1") + "?form=2026-01-01");
            if (answer.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity)) deaf.Add($"{path}: {answer.StatusCode}");
        }

        deaf.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_hundred_steps_and_a_text_of_three_thousand_characters_are_refused()
    {
        var steps = string.Join('&', Enumerable.Repeat("step=A", 100));
        (await server.Http.GetAsync("/api/v1/analyse/funnels?" + steps)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.GetAsync("/api/v1/analyse/funnels?step=" + new string('x', 3000))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task The_document_of_the_api_names_every_question_and_its_parameters()
    {
        var document = await server.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        foreach (var question in new[] { "funnels", "paths", "variants", "flows", "retention", "lifecycle", "recovery", "referrals", "touchpoints", "conformance", "stalled" })
        {
            var get = document.GetProperty("paths").GetProperty("/api/v1/analyse/" + question).GetProperty("get");
            get.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty();
            get.GetProperty("tags")[0].GetString().ShouldBe("Analyse");
            get.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()).ShouldContain("from");
            document.GetProperty("paths").TryGetProperty($"/api/v1/analyse/{question}/customers", out _).ShouldBeTrue();
        }
    }
}
