using System.Text.Json.Nodes;
using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Tests.Unify;

public sealed class GoldenRecordTests
{
    private const int Crm = 1, Shop = 2, Browser = 3;
    private static readonly DateTime Monday = new(2026, 3, 2, 8, 0, 0, DateTimeKind.Utc);

    private readonly MergePolicies _policies = new(Sources(), keys => keys.Where(k => k == "user:1").ToHashSet(), null!);

    [Fact]
    public void Of_sources_without_an_order_the_latest_trusted_one_wins()
    {
        var record = Golden(
            Said("user:7", Crm, Monday, """{"email":"old@example.org"}"""), Said("user:7", Shop, Monday.AddDays(1), """{"email":"new@example.org"}"""),
            Said("user:7", Browser, Monday.AddDays(2), """{"email":"forged@example.org"}"""));
        var email = record.Values.Single();
        (record.Email, email.Source, email.ByPeople).ShouldBe(("new@example.org", "Shop", false));
        email.Others.Select(o => o.Source).Order().ShouldBe(["CRM", "Website"]);
    }

    [Fact]
    public void A_record_that_was_merged_into_another_goes_behind_it_where_both_were_said_at_once()
    {
        Profile[] said = [Said("user:1", Crm, Monday, """{"email":"gone@example.org","city":"Linz"}"""), Said("user:9", Crm, Monday, """{"email":"kept@example.org"}""")];
        (Golden(said).Email, (string?)Golden(said).Traits["city"]).ShouldBe(("kept@example.org", "Linz"));
        // What was said later is newer, whoever was merged into whom.
        Golden(said[1], Said("user:1", Crm, Monday.AddDays(1), """{"email":"newer@example.org"}""")).Email.ShouldBe("newer@example.org");
    }

    [Fact]
    public async Task The_most_important_source_wins_whatever_came_later()
    {
        await _policies.ReplaceAsync([], [new SourceRank { SourceId = Crm, Rank = 1 }, new SourceRank { SourceId = Shop, Rank = 2 }]);
        Golden(Said("user:7", Crm, Monday, """{"email":"crm@example.org"}"""), Said("user:7", Shop, Monday.AddDays(1), """{"email":"shop@example.org"}""")).Email.ShouldBe("crm@example.org");
    }

    [Fact]
    public async Task Most_and_least_recent_go_by_time()
    {
        Profile[] said = [Said("user:7", Crm, Monday, """{"plan":"basic","since":"2019"}"""), Said("user:7", Shop, Monday.AddDays(1), """{"plan":"gold","since":"2020"}""")];
        await _policies.ReplaceAsync([Policy(MergeChoice.MostRecent, "plan"), Policy(MergeChoice.LeastRecent, "since")], [new SourceRank { SourceId = Crm, Rank = 1 }]);
        var traits = Golden(said).Traits;
        ((string?)traits["plan"], (string?)traits["since"]).ShouldBe(("gold", "2019"));
    }

    [Fact]
    public void An_address_wins_as_one()
    {
        var record = Golden(
            Said("user:7", Crm, Monday, """{"street":"Alte Gasse 1","postcode":"1010","city":"Wien"}"""), Said("user:7", Shop, Monday.AddDays(1), """{"street":"Neuer Weg 2","city":"Graz"}"""));
        record.Traits.ToJsonString().ShouldBe("""{"street":"Neuer Weg 2","city":"Graz"}""");
    }

    [Fact]
    public async Task Lists_are_united()
    {
        await _policies.ReplaceAsync([Policy(MergeChoice.United, "interests", "tags")], []);
        var record = Golden(Said("user:7", Crm, Monday, """{"interests":["bikes","maps"]}"""), Said("anonymous:9", Shop, Monday.AddDays(1), """{"interests":["maps","tents"],"tags":"vip"}"""));
        record.Traits["interests"]!.AsArray().Select(i => (string?)i).Order().ShouldBe(["bikes", "maps", "tents"]);
        ((string?)record.Traits["tags"]).ShouldBe("vip");
    }

    [Fact]
    public async Task What_people_corrected_wins_alone_and_over_every_source()
    {
        await _policies.ReplaceAsync([], [new SourceRank { SourceId = Crm, Rank = 1 }]);
        var record = Golden(Said("user:7", Crm, Monday.AddDays(9), """{"street":"Alte Gasse 1","city":"Wein"}"""), Said("user:7", Profile.OfPeople, Monday, """{"city":"Wien"}"""));
        ((string?)record.Traits["street"], (string?)record.Traits["city"]).ShouldBe(("Alte Gasse 1", "Wien"));
        record.Values.Single(v => v.Name == "city").ByPeople.ShouldBeTrue();
    }

    [Fact]
    public void A_known_customer_says_more_than_a_device()
    {
        Golden(Said("anonymous:a", Shop, Monday.AddDays(1), """{"plan":"basic"}"""), Said("user:7", Shop, Monday, """{"plan":"gold"}""")).Traits["plan"]!.GetValue<string>().ShouldBe("gold");
    }

    private GoldenRecord Golden(params Profile[] said) => GoldenRecord.Of(said, _policies);

    private static MergePolicy Policy(MergeChoice choice, params string[] fields) => new() { Fields = string.Join('\n', fields), Choice = choice };

    private static Profile Said(string key, int source, DateTime at, string traits)
    {
        var profile = new Profile { Key = key, SourceId = source };
        profile.Learn(JsonNode.Parse(traits)!.AsObject(), "", at);
        return profile;
    }

    private static SourceKeys Sources()
    {
        var sources = new SourceKeys(TimeProvider.System);
        sources.Set(new Source { Id = Crm, Name = "CRM", Kind = SourceKind.Import });
        sources.Set(new Source { Id = Shop, Name = "Shop", Kind = SourceKind.Server });
        sources.Set(new Source { Id = Browser, Name = "Website", Kind = SourceKind.Web });
        return sources;
    }
}
