using System.Net;
using System.Text;
using System.Text.Json;

namespace Tangent.Tests.Unify;

/// <summary>Matching by a rules file over HTTP.</summary>
public sealed class MatchRulesTests(TestServer server) : IClassFixture<TestServer>
{
    private const string People = """
        id,first name,last name,email,phone,city,birth date,turnover
        1,Anna,Meier,anna.meier@example.com,+49 30 1234567,Berlin,1980-03-04,"1.234,50"
        2,Ben,Kowalski,info@firma.example,+43 664 99887766,Wien,1975-11-30,800
        3,Cleo,Huber,info@firma.example,,München,1990-01-02,
        4,Ana,Meier,Anna.Meier@Example.com,030/1234567,Berlin,1980-03-04,1234.4
        5,Benjamin,Kowalsky,,0043 664/99887766,Wien,1975-11-03,
        6,Eva,Nowak,eva@example.pl,,Warszawa,1988-08-08,12
        7,Ewa,Nowak,eva@example.pl,,Warszawa,1988-08-09,900
        """;

    [Theory]
    [InlineData("""{"rules":[{"all":[{"column":"email"}]}]}""", "1,2,2,1,3,4,4")]
    [InlineData("""{"bypass":{"E-Mail":[],"email":["info@firma.example"]},"rules":[{"all":[{"column":"email"}]}]}""", null)]
    [InlineData("""{"bypass":{"email":["INFO@firma.example"]},"rules":[{"all":[{"column":"email"}]}]}""", "1,2,3,1,4,5,5")]
    [InlineData("""{"rules":[{"all":[{"column":"email"}],"except":[{"column":"birth date","compare":"different"}]}]}""", "1,2,3,1,4,5,6")]
    [InlineData("""{"rules":[{"all":[{"column":"last name","compare":"phonetic"},{"column":"birth date","compare":"date","precision":0.9}]}]}""", "1,2,3,1,2,4,4")]
    [InlineData("""{"alias":{"first name":[["Ben","Benjamin"]]},"rules":[{"all":[{"column":"first name"},{"column":"phone"}]}]}""", "1,2,3,4,2,5,6")]
    [InlineData("""{"rules":[{"all":[{"column":"last name","compare":"jaroWinkler","precision":"high"},{"column":"first name","compare":"editDistance","precision":0.6}]}]}""", "1,2,3,1,4,5,5")]
    [InlineData("""{"rules":[{"all":[{"column":"turnover","compare":"number","tolerance":0.2}]}]}""", "1,2,3,1,4,5,6")]
    [InlineData("""{"rules":[{"all":[{"column":"email"}]}],"never":{"column":"id","groups":[["6","7"],["1","2"]]},"always":{"column":"id","groups":[["3","5"]]}}""", "1,2,2,1,2,3,4")]
    [InlineData("""{"rules":[{"all":[{"column":"city","compare":"bigrams","precision":"low"}]}],"always":{"column":"id","groups":[["1","2","99"]]}}""", "1,1,2,1,1,3,3")]
    public async Task Rows_are_one_person_where_a_rule_says_so(string rules, string? clusters)
    {
        using var response = await SendAsync(rules);
        var body = await response.Content.ReadAsStringAsync();
        if (clusters is null)
        {
            response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            body.ShouldContain("E-Mail");
            return;
        }

        response.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        string.Join(',', body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split(',')[2])).ShouldBe(clusters);
    }

    [Fact]
    public async Task Rules_are_counted_in_their_order_and_the_probability_is_the_least_likeness()
    {
        using var response = await SendAsync("""
            {
              // what an earlier rule found, a later one does not count again
              "rules": [
                { "name": "Mail", "all": [{ "column": "email" }] },
                { "all": [{ "column": "last name", "compare": "jaroWinkler", "precision": 0.9 }, { "column": "birth date", "compare": "date", "precision": 0.7 }] },
              ],
            }
            """);
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');
        var report = JsonDocument.Parse(response.Headers.GetValues("Tangent-Report").First()).RootElement;
        report.GetProperty("rules").EnumerateArray().Select(r => (r.GetProperty("name").GetString(), r.GetProperty("pairs").GetInt32())).ShouldBe([("Mail", 3), ("Rule 2", 1)]);
        report.GetProperty("columns")[0].GetProperty("weight").ValueKind.ShouldBe(JsonValueKind.Null);
        lines[1].ShouldBe("people.csv,1,1,1");
        double.Parse(lines[5].Split(',')[3], null).ShouldBe(0.9, 0.001);
    }

    [Fact]
    public async Task Lists_hold_without_rules_too()
    {
        using var response = await SendAsync("""{"columns":{"id":"ignored"},"never":{"column":"id","groups":[["1","4"]]},"always":{"column":"id","groups":[["3","6"]]}}""");
        var clusters = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split(',')[2]).ToArray();
        clusters[0].ShouldNotBe(clusters[3]);
        clusters[2].ShouldBe(clusters[5]);
    }

    [Theory]
    [InlineData("", "cannot be read")]
    [InlineData("null", "null means nothing")]
    [InlineData("""{"rules":[null]}""", "null means nothing")]
    [InlineData("""{"rules":[{"all":[]}]}""", "no condition")]
    [InlineData("""{"rules":[{"all":[{"column":"shoe size"}]}]}""", "No file has a column shoe size")]
    [InlineData("""{"rules":[{"all":[{"column":"email","compare":"soundex"}]}]}""", "$.rules[0].all[0].compare")]
    [InlineData("""{"rules":[{"all":[{"column":"email","precision":"very high"}]}]}""", "precision")]
    [InlineData("""{"rules":[{"all":[{"column":"email","precision":7}]}]}""", "precision")]
    [InlineData("""{"rules":[{"all":[{"column":"turnover","compare":"number"}]}]}""", "tolerance")]
    [InlineData("""{"rules":[{"all":[{"column":"email","compare":"different"}]}]}""", "differences only")]
    [InlineData("""{"rule":[]}""", "$.rule")]
    [InlineData("""{"never":{"column":"shoe size","groups":[["1","2"]]}}""", "shoe size")]
    public async Task A_rules_file_with_a_mistake_is_refused_with_its_place(string rules, string says)
    {
        using var response = await SendAsync(rules);
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetRawText().ShouldContain(says);
    }

    private async Task<HttpResponseMessage> SendAsync(string rules)
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(Encoding.UTF8.GetBytes(rules)), "rules", "rules.json" },
            { new ByteArrayContent(Encoding.UTF8.GetBytes(People)), "file", "people.csv" },
        };
        return await server.Http.PostAsync("/api/v1/unify/matches", form);
    }
}
