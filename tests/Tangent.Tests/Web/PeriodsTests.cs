using Tangent.Web;

namespace Tangent.Tests.Web;

public sealed class PeriodsTests
{
    [Theory]
    [InlineData("2026-03-31", "Web.Period.Last7", "2026-03-25", "2026-03-31")]
    [InlineData("2026-03-31", "Web.Period.Last30", "2026-03-02", "2026-03-31")]
    [InlineData("2026-03-31", "Web.Period.LastMonth", "2026-02-01", "2026-02-28")]
    [InlineData("2026-01-05", "Web.Period.LastMonth", "2025-12-01", "2025-12-31")]
    [InlineData("2026-05-05", "Web.Period.ThisMonth", "2026-05-01", "2026-05-05")]
    [InlineData("2026-12-31", "Web.Period.ThisQuarter", "2026-10-01", "2026-12-31")]
    public void A_period_has_the_days_its_name_says(string today, string name, string from, string to)
    {
        var choice = Periods.Of(DateOnly.Parse(today, null)).Single(c => c.Text == name);
        (choice.From, choice.To).ShouldBe((DateOnly.Parse(from, null), DateOnly.Parse(to, null)));
    }
}
