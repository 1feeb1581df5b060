using System.Net;
using System.Net.Http.Json;
using Tangent.Cli;
using Tangent.Unify;

namespace Tangent.Tests.Unify;

/// <summary>Which periods there are, and which can be set.</summary>
public sealed class RetentionPeriodsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_period_can_be_set_for_every_kind_and_all_are_documented()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/privacy.md"));
        var kinds = server.Get<Retention>().Kinds();
        foreach (var kind in kinds)
        {
            (await server.Http.PutAsJsonAsync("/api/v1/unify/retention", new { periods = new Dictionary<string, int> { [kind] = 30_000 } })).EnsureSuccessStatusCode();
            page.ShouldContain($"| `{kind}` |");
        }

        server.Get<Retention>().Periods.Keys.ShouldBe(kinds, ignoreOrder: true);
    }

    [Fact]
    public async Task The_shell_keeps_kinds_and_periods_apart()
    {
        var lines = (await Printed.ByAsync("privacy", "retention", "--data", server.DataFolder)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(server.Get<Retention>().Kinds().Count);
        lines.ShouldAllBe(line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^\S+ {2,}(without end|\d+ days) {2,}oldest "));
        lines.Select(line => line.IndexOf(" oldest ", StringComparison.Ordinal)).Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("events", -1)]
    [InlineData("events", 40_000)]
    [InlineData("nothing", 3)]
    public async Task A_period_that_cannot_be_is_refused(string kind, int days)
    {
        using var answer = await server.Http.PutAsJsonAsync("/api/v1/unify/retention", new { periods = new Dictionary<string, int> { [kind] = days } });
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.GetAsync($"/api/v1/unify/retention?periods={kind}={days}")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await CommandLine.RunAsync(["privacy", "keep", kind, days.ToString(System.Globalization.CultureInfo.InvariantCulture), "--data", server.DataFolder])).ShouldNotBe(ExitCode.Done);
    }
}
