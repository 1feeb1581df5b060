using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Access;
using Tangent.Analyse;
using Tangent.Tests.Browser;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Tests.Analyse;

/// <summary>Views kept under a name, and days marked on the charts: by page and API alike, refused where something is missing.</summary>
public sealed class SavedQuestionTests : IAsyncLifetime
{
    private const string Questions = "/api/v1/analyse/saved-questions";
    private const string Annotations = "/api/v1/analyse/annotations";
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_saved_view_is_listed_changed_and_removed()
    {
        using var saved = await _server.Http.PostAsJsonAsync(Questions, new { name = " Orders ", address = "/analyse/funnels?step=Order&from=2026-01-01" });
        saved.StatusCode.ShouldBe(HttpStatusCode.Created);
        var id = (await saved.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
        var page = await _server.Http.GetStringAsync("/analyse/saved");
        page.ShouldContain("href=\"/analyse/funnels?step=Order&amp;from=2026-01-01\">Orders</a>");
        using var changed = await _server.Http.PutAsJsonAsync($"{Questions}/{id}", new { id, name = "Orders 2026", address = "/analyse/funnels?step=Order", shared = true });
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _server.Http.GetStringAsync(Questions)).ShouldContain("Orders 2026");
        (await _server.Http.DeleteAsync($"{Questions}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await _server.Http.DeleteAsync($"{Questions}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_private_view_is_its_owners_by_id_and_not_by_name_and_the_company_inherits_that_of_a_deleted_person()
    {
        var (anna, other) = (new Actor(ActorKind.Person, Guid.NewGuid().ToString(), "Anna"), new Actor(ActorKind.Key, "7", "Anna"));
        await using var scope = _server.Services.CreateAsyncScope();
        var questions = scope.ServiceProvider.GetRequiredService<SavedQuestionQueries>();
        await questions.SaveAsync(SavedQuestion.Of(anna, "mine", "/analyse/flows", false), CancellationToken.None);
        (await questions.ListAsync(new(anna, false), CancellationToken.None)).Count.ShouldBe(1);
        (await questions.ListAsync(new(other, false), CancellationToken.None)).ShouldBeEmpty();
        // Anna has no account any more.
        var owner = new SavedQuestionReader(new Actor(ActorKind.Person, Guid.NewGuid().ToString(), "Owner"), true);
        var inherited = (await questions.ListAsync(owner, CancellationToken.None)).ShouldHaveSingleItem();
        (await questions.FindAsync(inherited.Id, owner, CancellationToken.None)).ShouldNotBeNull();
        scope.ServiceProvider.GetRequiredService<Tangent.Data.TangentDb>().Users.Add(new User { Id = Guid.Parse(anna.Id), UserName = "anna", Email = "anna@firma.example" });
        await scope.ServiceProvider.GetRequiredService<Tangent.Data.TangentDb>().SaveChangesAsync();
        (await questions.ListAsync(owner, CancellationToken.None)).ShouldBeEmpty();
        (await questions.FindAsync(inherited.Id, owner, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task What_was_entered_is_still_there_where_it_was_refused()
    {
        var page = await _server.Http.GetStringAsync("/analyse/flows");
        var token = System.Text.RegularExpressions.Regex.Match(page, "__RequestVerificationToken\" value=\"([^\"]+)").Groups[1].Value;
        var name = new string('n', 121);
        using var refused = await _server.Http.PostAsync("/analyse/saved", new FormUrlEncodedContent(new Dictionary<string, string> { ["name"] = name, ["address"] = "/analyse/flows?from=2026-01-01", ["shared"] = "true", ["__RequestVerificationToken"] = token }));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var html = await refused.Content.ReadAsStringAsync();
        html.ShouldContain($"value=\"{name}\"");
        html.ShouldContain("value=\"/analyse/flows?from=2026-01-01\"");
    }

    [Theory]
    [InlineData("", "/analyse/funnels", "name")]
    [InlineData("x", "https://elsewhere.example/", "address")]
    [InlineData("x", "//elsewhere.example/analyse/", "address")]
    [InlineData("x", "/access/sign-out", "address")]
    [InlineData("x", null, "address")]
    public async Task What_is_no_page_of_the_program_is_not_saved(string name, string? address, string field)
    {
        using var refused = await _server.Http.PostAsJsonAsync(Questions, new { name, address });
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task An_annotation_is_marked_on_the_charts_over_time()
    {
        await SmallCompany.FoundAsync(_server);
        var day = DateOnly.FromDateTime(DateTime.UtcNow.AddDays(-60)).ToString("yyyy-MM-dd", null);
        using var added = await _server.Http.PostAsJsonAsync(Annotations, new { day, text = "New invoice layout", touchpoint = "Invoice" });
        added.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await _server.Http.GetStringAsync("/")).ShouldContain("\"text\":\"Invoice: New invoice layout\"");
        (await _server.Http.GetStringAsync("/analyse/annotations")).ShouldContain("New invoice layout");
        var id = (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
        (await _server.Http.DeleteAsync($"{Annotations}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await _server.Http.GetStringAsync("/")).ShouldNotContain("New invoice layout");
    }

    [Theory]
    [InlineData("""{"text":"x"}""", "day")]
    [InlineData("""{"day":"2026-01-01","text":"  "}""", "text")]
    [InlineData("""{"day":"0001-01-01","text":"x"}""", "day")]
    public async Task An_annotation_needs_a_day_and_a_text(string body, string field)
    {
        using var refused = await _server.Http.PostAsync(Annotations, new StringContent(body, null, "application/json"));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public void A_mark_stands_in_the_bucket_its_day_belongs_to()
    {
        var weeks = new SeriesChart("line", ["2026-03-02", "2026-03-09", "2026-03-16"], [], "");
        ChartMark[] marks = [new(new(2026, 3, 1), "before"), new(new(2026, 3, 15), "second"), new(new(2026, 3, 22), "third"), new(new(2026, 3, 23), "after")];
        weeks.Marked(marks).Marks!.Select(m => (m.At, m.Text)).ShouldBe([(1, "second"), (2, "third")]);
        new SeriesChart("bar", ["Order", "2026-03-09"], [], "").Marked(marks).Marks.ShouldBeNull();
    }
}
