using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Measure;
using Tangent.Tests.Analyse;
using Tangent.Unify;

namespace Tangent.Tests.Measure;

/// <summary>Wherever a question of scores takes a segment it takes a persona, and answers of whom the persona stands for.</summary>
public sealed class PersonaScoreTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private int _persona, _nobody;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        (await _server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "Delivery", channel = "parcel", stage = "retention" })).EnsureSuccessStatusCode();
        await Shop.AppendAsync(_server, [.. Enumerable.Range(0, 10).SelectMany(i => new object[]
        {
            new { type = "identify", userId = "c" + i, traits = new { plan = i < 4 ? "gold" : "silver" }, timestamp = Shop.Start },
            new { type = "track", @event = "Delivery", userId = "c" + i, timestamp = Shop.Start },
            new { type = "track", @event = "Feedback", userId = "c" + i, timestamp = Shop.Start.AddDays(1), properties = new { metric = "csat", score = i < 4 ? 5 : 1, touchpoint = "Delivery", comment = "Word " + i } },
        })]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var end = _server.Get<EventLog>().EndPosition;
        await _server.Get<ProfileFeed>().WaitUntilKeptAsync(end, patience.Token);
        while (_server.Get<FeedbackFeed>().Position < end) await Task.Delay(20, patience.Token);
        using var added = await _server.Http.PostAsJsonAsync("/api/v1/unify/segments", new { name = "Gold", conditions = new[] { "trait: plan = gold" } });
        added.StatusCode.ShouldBe(HttpStatusCode.Created, await added.Content.ReadAsStringAsync());
        var segment = (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
        await using var scope = _server.Services.CreateAsyncScope();
        var personas = scope.ServiceProvider.GetRequiredService<PersonaQueries>();
        var (gold, nobody) = (new Persona { Name = "Greta Gold", SegmentId = segment }, new Persona { Name = "Nobody yet" });
        (await personas.SaveAsync(gold, CancellationToken.None)).ShouldBeTrue();
        (await personas.SaveAsync(nobody, CancellationToken.None)).ShouldBeTrue();
        (_persona, _nobody) = (gold.Id, nobody.Id);
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Theory]
    [InlineData("scores")]
    [InlineData("contacts")]
    [InlineData("scores/customers?metric=csat&at=Delivery")]
    [InlineData("contacts/customers?at=Delivery")]
    public async Task A_persona_answers_as_its_segment_does(string question)
    {
        var address = "/api/v1/measure/" + question + (question.Contains('?', StringComparison.Ordinal) ? "&" : "?");
        var ofSegment = await _server.Http.GetStringAsync(address + "segment=Gold");
        (await _server.Http.GetStringAsync($"{address}persona={_persona}")).ShouldBe(ofSegment);
        (await _server.Http.GetStringAsync(address)).ShouldNotBe(ofSegment);
    }

    [Fact]
    public async Task The_score_is_that_of_whom_the_persona_stands_for_and_pages_keep_it_in_their_links()
    {
        var score = (await _server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/measure/scores?persona={_persona}")).GetProperty("items")[0].GetProperty("figure");
        (score.GetProperty("n").GetInt64(), score.GetProperty("value").GetDouble()).ShouldBe((4, 1));
        (await _server.Http.GetStringAsync($"/measure/scores?persona={_persona}")).ShouldContain($"persona={_persona}");
        (await _server.Http.GetAsync($"/analyse/priorities?persona={_persona}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("segment=Gold", "3 2 1 0")]
    [InlineData("trait.plan=gold&take=2&skip=1", "2 1")]
    [InlineData("customer=c7&customer=c2", "7 2")]
    [InlineData("segment=Gold&customer=c7&customer=c2", "2")]
    [InlineData("channel=PARCEL&take=2", "9 8")]
    [InlineData("channel=shop", "")]
    [InlineData("source=Nowhere", "")]
    [InlineData("segment=Gold&search=Word&metric=csat&band=bad", "")]
    public async Task Comments_are_those_of_the_customers_places_and_sources_of_the_filter(string filter, string words)
    {
        var answer = await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/measure/comments?" + filter);
        answer.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("comment").GetString()).ShouldBe(words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => "Word " + w));
        if (filter.Contains("skip", StringComparison.Ordinal)) answer.GetProperty("total").GetInt64().ShouldBe(4);
        (await _server.Http.GetAsync("/measure/comments?" + filter)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Comments_and_their_themes_know_personas_and_refuse_what_they_cannot_be_asked()
    {
        (await _server.Http.GetStringAsync($"/api/v1/measure/comments?persona={_persona}")).ShouldBe(await _server.Http.GetStringAsync("/api/v1/measure/comments?segment=Gold"));
        var themes = await _server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/measure/themes?persona={_persona}");
        (themes.GetProperty("comments").GetInt64(), themes.GetProperty("rest").GetInt64()).ShouldBe((4, 6));
        foreach (var refused in (string[])["customer=nobody", "property.shop=Wien", "unit=account"])
            (await _server.Http.GetAsync("/api/v1/measure/comments?" + refused)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, refused);
    }

    [Fact]
    public async Task A_persona_that_stands_for_nobody_or_is_not_there_is_refused()
    {
        foreach (var persona in new[] { _nobody.ToString(System.Globalization.CultureInfo.InvariantCulture), "999", "Greta" })
        {
            using var answer = await _server.Http.GetAsync($"/api/v1/measure/scores?persona={persona}");
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe("persona");
        }
    }
}
