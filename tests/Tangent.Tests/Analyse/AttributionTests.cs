using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Tangent.Tests.Analyse;

/// <summary>Attribution over HTTP and from the shell, worked out by hand on <see cref="Shop"/> and on a small file of paths.</summary>
public sealed class AttributionTests(Shop shop) : IClassFixture<Shop>
{
    // The classic example: from the start C1 two thirds, C2 one third; C1 to C2 or nothing; C2 to C3; C3 to a conversion or nothing.
    private const string Paths = """
        Path,Sales,Revenue,Lost
        "C1 > C2 > C3",1,"1,000.50",0
        C1,0,,1
        "C2 > C3",0,0,1

        """;

    [Fact]
    public async Task Every_model_is_worked_out_by_hand()
    {
        // anna Visit Search, dora Call Visit; ben, cleo and eva never order.
        var answer = await shop.AskAsync("attribution?conversion=Order");
        (answer.GetProperty("customers").GetInt64(), answer.GetProperty("converters").GetInt64()).ShouldBe((5, 2));
        (answer.GetProperty("conversions").GetDouble(), answer.GetProperty("value").GetDouble(), answer.GetProperty("lostPaths").GetDouble()).ShouldBe((2, 0, 3));
        Credits(answer, "first").ShouldBe("Call 1 Search 0 Visit 1");
        Credits(answer, "last").ShouldBe("Call 0 Search 1 Visit 1");
        Credits(answer, "lastWithSource").ShouldBe("Call 0 Search 1 Visit 1");
        Credits(answer, "linear").ShouldBe("Call 0.5 Search 0.5 Visit 1");
        Credits(answer, "positionBased").ShouldBe("Call 0.5 Search 0.5 Visit 1");
        Credits(answer, "shapley").ShouldBe("Call 0.5 Search 0.5 Visit 1");
        double Decayed(double minutes) => 1 / (1 + Math.Pow(2, -minutes / 10080));
        Credit(answer, "timeDecay", "Search").ShouldBe(Decayed(10), 1e-12);
        Credit(answer, "timeDecay", "Call").ShouldBe(1 - Decayed(30), 1e-12);
        // Conversion 2/5. Without Visit nothing, without Search 1/5, without Call 4/5 · 2/5: effects 1, 1/2, 1/5.
        Credit(answer, "markov", "Visit", "removalEffect").ShouldBe(1, 1e-12);
        Credit(answer, "markov", "Search", "removalEffect").ShouldBe(0.5, 1e-12);
        Credit(answer, "markov", "Call", "removalEffect").ShouldBe(0.2, 1e-12);
        Credit(answer, "markov", "Visit").ShouldBe(2 / 1.7, 1e-12);
        answer.GetProperty("chain").GetProperty("residual").GetDouble().ShouldBeLessThan(1e-10);
        answer.GetProperty("reach").EnumerateArray().Select(r => $"{r.GetProperty("name").GetString()} {r.GetProperty("converters").GetInt64()} {r.GetProperty("lostPaths").GetDouble()}")
            .ShouldBe(["Visit 2 3", "Call 1 0", "Search 1 1"]);
    }

    [Fact]
    public async Task Credit_goes_to_channels_or_campaigns_and_no_further_back_than_the_lookback()
    {
        Credits(await shop.AskAsync("attribution?conversion=Order&by=channel"), "linear").ShouldBe("hotline 0.5 newsletter 0 web 1.5");
        Credits(await shop.AskAsync("attribution?conversion=Order&by=campaign"), "shapley").ShouldBe("(none) 2");
        var near = await shop.AskAsync("attribution?conversion=Order&lookback=10d");
        Credits(near, "first").ShouldBe("(direct) 1 Call 0 Search 0 Visit 1");
        near.GetProperty("lostPaths").GetDouble().ShouldBe(4);
        Credits(await shop.AskAsync("attribution?conversion=Order&conversion=Search"), "last").ShouldBe("(direct) 2 Call 0 Visit 3");
    }

    [Theory]
    [InlineData("conversion=Order", "anna dora")]
    [InlineData("conversion=Order&at=Visit", "anna dora")]
    [InlineData("conversion=Order&at=Search", "anna")]
    [InlineData("conversion=Order&at=hotline&by=channel", "dora")]
    [InlineData("conversion=Order&lookback=10d&at=(direct)", "dora")]
    [InlineData("conversion=Order&at=Visit&channel=web", "")]
    public async Task The_customers_behind_a_credit_are_these(string pick, string customers) =>
        (await shop.CustomersAsync("attribution/customers?" + pick)).ShouldBe(customers);

    [Theory]
    [InlineData("attribution", "conversion")]
    [InlineData("attribution?conversion=Nowhere", "conversion")]
    [InlineData("attribution?conversion=Order&order=4", "order")]
    [InlineData("attribution?conversion=Order&lookback=0d", "lookback")]
    [InlineData("attribution?conversion=Order&halfLife=never", "halfLife")]
    [InlineData("attribution?conversion=Order&by=colour", "by")]
    [InlineData("attribution/customers?conversion=Order&at=Nowhere", "at")]
    public async Task What_cannot_be_answered_names_the_field(string question, string field)
    {
        using var response = await shop.Http.GetAsync("/api/v1/analyse/" + question);
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task Nobody_in_the_filter_is_an_empty_answer()
    {
        var answer = await shop.AskAsync("attribution?conversion=Order&from=2031-01-01");
        (answer.GetProperty("customers").GetInt64(), answer.GetProperty("conversions").GetDouble()).ShouldBe((0, 0));
        answer.GetProperty("models").GetProperty("markov").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_file_of_paths_is_asked_from_the_shell_and_over_the_api_alike()
    {
        var file = Path.Combine(shop.Server.DataFolder, "paths.csv");
        await File.WriteAllTextAsync(file, Paths);
        var (code, output, error) = await RunAsync(["ask", "attribution", "--paths", file, "--separator", ">", "--conversions", "Sales", "--value", "revenue", "--null", "Lost", "--json"]);
        code.ShouldBe(0, error);
        var answer = JsonDocument.Parse(output).RootElement;
        (answer.GetProperty("conversions").GetDouble(), answer.GetProperty("value").GetDouble(), answer.GetProperty("lostPaths").GetDouble()).ShouldBe((1, 1000.5, 2));
        Credit(answer, "markov", "C1", "removalEffect").ShouldBe(0.5, 1e-12);
        Credit(answer, "markov", "C1").ShouldBe(0.2, 1e-12);
        Credit(answer, "markov", "C3", "value").ShouldBe(400.2, 1e-9);
        Credits(answer, "positionBased").ShouldBe("C1 0.4 C2 0.2 C3 0.4");
        answer.GetProperty("models").TryGetProperty("timeDecay", out _).ShouldBeFalse("a file has no times");
        (await PostAsync("conversions=Sales&value=Revenue&null=Lost", Paths)).Text.ShouldBe(output.TrimEnd('\n'));
        (await RunAsync(["ask", "attribution", "--paths", file, "--conversions", "Sales"])).Output.ShouldContain("C2");
        Directory.GetFiles(Path.Combine(shop.Server.DataFolder, "imports")).ShouldBeEmpty("what was sent does not stay");
    }

    [Fact]
    public async Task Other_separators_quotes_and_empty_paths_are_read()
    {
        const string file = "\"a,b\"\"c\",conversions,null\n";
        var (status, text) = await PostAsync("separator=,&null=lost", "n;path;conversions;lost\n1;\"email, Ärger \"\"x\"\"\";2,5;0\n2;;1;3\n3;direct, email , ,direct;1;0\n");
        status.ShouldBe(HttpStatusCode.OK, text);
        var answer = JsonDocument.Parse(text).RootElement;
        Credits(answer, "last").ShouldBe("(direct) 1 direct 1 email 0 Ärger \"x\" 2.5");
        Credits(answer, "lastWithSource").ShouldBe("(direct) 1 direct 0 email 1 Ärger \"x\" 2.5");
        (await PostAsync("", file)).Status.ShouldBe(HttpStatusCode.OK, "a header alone is an empty answer");
    }

    [Theory]
    [InlineData("", "path,sales\nA,1\n", "conversions", "sales")]
    [InlineData("", "path,conversions\nA,1\nB,many\n", "file", "Line 3")]
    [InlineData("", "path,conversions\nA,-1\n", "file", "Line 2")]
    [InlineData("", "path,conversions\nA\n", "file", "line 2")]
    [InlineData("", "path,conversions\n\"A,1\n", "file", "line 2")]
    [InlineData("", "", "file", "empty")]
    [InlineData("", "[1,2]", "file", "JSON")]
    [InlineData("order=9", "path,conversions\nA,1\n", "order", "9")]
    [InlineData("path=conversions", "path,conversions\nA,1\n", "path", "path, conversions")]
    public async Task A_file_that_cannot_be_used_is_refused_with_the_place(string query, string content, string field, string named)
    {
        var (status, text) = await PostAsync(query, content);
        status.ShouldBe(HttpStatusCode.UnprocessableEntity, text);
        var problem = JsonDocument.Parse(text).RootElement;
        problem.GetProperty("field").GetString().ShouldBe(field);
        problem.GetProperty("detail").GetString()!.ShouldContain(named);
    }

    private async Task<(HttpStatusCode Status, string Text)> PostAsync(string query, string content)
    {
        using var response = await shop.Http.PostAsync("/api/v1/analyse/attribution/paths?" + query, new ByteArrayContent(Encoding.UTF8.GetBytes(content)));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Tangent.dll"), .. arguments, "--data", shop.Server.DataFolder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LANG"] = "en_US.UTF-8", ["LC_ALL"] = "en_US.UTF-8" },
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await output, await error);
    }

    private static string Credits(JsonElement answer, string model) => string.Join(' ', answer.GetProperty("models").GetProperty(model).EnumerateArray()
        .OrderBy(c => c.GetProperty("name").GetString(), StringComparer.Ordinal).Select(c => $"{c.GetProperty("name").GetString()} {Math.Round(c.GetProperty("conversions").GetDouble(), 10)}"));

    private static double Credit(JsonElement answer, string model, string name, string figure = "conversions") =>
        answer.GetProperty("models").GetProperty(model).EnumerateArray().Single(c => c.GetProperty("name").GetString() == name).GetProperty(figure).GetDouble();
}
