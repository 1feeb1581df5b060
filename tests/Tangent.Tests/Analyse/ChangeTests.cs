using Tangent.Analyse;
using Tangent.Tests.Browser;

namespace Tangent.Tests.Analyse;

/// <summary>Figures beside those of the period before.</summary>
public sealed class ChangeTests(ChangeTests.Company company) : IClassFixture<ChangeTests.Company>
{
    public sealed class Company : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Server = await TestServer.StartAsync();
            await SmallCompany.FoundAsync(Server);
        }

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }

    [Theory]
    [InlineData(60, 100, 40, 100, 0.2, true)]
    [InlineData(52, 100, 48, 100, 0.04, false)]
    [InlineData(10, 10, 0, 10, 1, true)]
    [InlineData(0, 10, 0, 10, 0, false)]
    public void A_difference_of_shares_is_clear_where_the_pooled_z_test_says_so(long part, long whole, long partBefore, long wholeBefore, double difference, bool isClear)
    {
        var change = new ShareChange(part, whole, (partBefore, wholeBefore));
        (Math.Round(change.Difference!.Value, 6), change.IsClear).ShouldBe((difference, isClear));
    }

    [Fact]
    public void A_share_of_nobody_has_no_change() => new ShareChange(0, 0, (1, 2)).Difference.ShouldBeNull();

    [Theory]
    [InlineData("/analyse/funnels")]
    [InlineData("/analyse/variants")]
    [InlineData("/analyse/correlation")]
    [InlineData("/analyse/attribution")]
    [InlineData("/analyse/neighbours")]
    [InlineData("/analyse/conformance")]
    public async Task A_period_is_compared_with_as_many_days_before_and_all_time_with_nothing(string page)
    {
        var last = DateOnly.FromDateTime(DateTime.UtcNow);
        (await company.Server.Http.GetStringAsync($"{page}?from={last.AddDays(-29):yyyy-MM-dd}&to={last:yyyy-MM-dd}")).ShouldContain("before: ");
        (await company.Server.Http.GetStringAsync(page)).ShouldNotContain("before: ");
        (await company.Server.Http.GetStringAsync($"{page}?from=2000-01-01&to={last:yyyy-MM-dd}")).ShouldNotContain("before: ");
    }
}
