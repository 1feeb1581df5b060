using System.Reflection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Access;
using Tangent.Analyse;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Map;
using Tangent.Measure;
using Tangent.Operate;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Tests;

/// <summary>Whoever adds a table says whose data is in it: no export, erasure or retention period may miss one.</summary>
public sealed class PersonalDataTests(TestServer server) : IClassFixture<TestServer>
{
    /// <summary>Tables that tell of no customer, and why.</summary>
    private static readonly Dictionary<Type, string> NotOfCustomers = new()
    {
        [typeof(User)] = "users of the program",
        [typeof(IdentityUserClaim<Guid>)] = "users of the program",
        [typeof(IdentityUserLogin<Guid>)] = "users of the program",
        [typeof(IdentityUserToken<Guid>)] = "users of the program",
        [typeof(IdentityUserPasskey<Guid>)] = "users of the program",
        [typeof(IdentityPasskeyData)] = "users of the program",
        [typeof(Session)] = "users of the program",
        [typeof(Invitation)] = "users of the program",
        [typeof(ApiKey)] = "programs",
        [typeof(AuditRetention)] = "a moment",
        [typeof(Tangent.Operate.Logo)] = "the company itself",
        [typeof(StoredSetting)] = "settings",
        [typeof(Watermark)] = "positions in the log",
        [typeof(Source)] = "sources",
        [typeof(RetiringKey)] = "sources",
        [typeof(RejectionCount)] = "counts",
        [typeof(TouchpointRule)] = "rules",
        [typeof(RememberedMapping)] = "names of columns",
        [typeof(Touchpoint)] = "touchpoints",
        [typeof(MapShare)] = "users of the program",
        [typeof(ConsentlessCount)] = "counts of nobody",
        [typeof(MergePolicy)] = "policies",
        [typeof(SourceRank)] = "policies",
        [typeof(KeptReviewBand)] = "two probabilities",
        [typeof(DuplicateRun)] = "how many pairs a search found, and what columns are worth",
        [typeof(ConsentPurpose)] = "policies",
        [typeof(Tombstone)] = "keyed hashes, which are there so that the person is not",
        [typeof(Survey)] = "what everybody is asked",
        [typeof(SurveyVersion)] = "what everybody is asked",
        [typeof(UndeliverablePoint)] = "keyed hashes of addresses that letters do not reach",
        [typeof(TouchpointVote)] = "users of the program",
        [typeof(ScoreTarget)] = "what scores are to reach",
        [typeof(Alert)] = "figures of touchpoints",
    };

    [Fact]
    public void Every_table_has_somebody_who_exports_and_erases_it_or_a_reason_why_not()
    {
        using var scope = server.Services.CreateScope();
        var covered = scope.ServiceProvider.GetServices<IKeepsPersonalData>().SelectMany(k => k.Entities).ToHashSet();
        var tables = scope.ServiceProvider.GetRequiredService<TangentDb>().Model.GetEntityTypes().Select(e => e.ClrType).ToHashSet();

        tables.Except(covered).Except(NotOfCustomers.Keys).Select(t => t.Name).ShouldBeEmpty("name them in an IKeepsPersonalData, or here with the reason");
        covered.Intersect(NotOfCustomers.Keys).ShouldBeEmpty();
        covered.Union(NotOfCustomers.Keys).Except(tables).ShouldBeEmpty("there is no such table any more");
    }

    [Fact]
    public void Every_keeper_of_personal_data_is_asked_and_has_a_name_of_its_own()
    {
        using var scope = server.Services.CreateScope();
        var asked = scope.ServiceProvider.GetServices<IKeepsPersonalData>().ToList();
        var written = typeof(global::Program).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IKeepsPersonalData)));

        written.Except(asked.Select(k => k.GetType())).Select(t => t.Name).ShouldBeEmpty();
        asked.Select(k => k.Kind).Distinct().Count().ShouldBe(asked.Count);
        asked.Select(k => "Unify.Privacy.Kind." + k.Kind).Where(key => Texts.T(key) == key).ShouldBeEmpty("say in Unify/Texts what kind of data it is");
    }
}
