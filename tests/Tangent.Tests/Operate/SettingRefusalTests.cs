using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Tests.Operate;

public sealed class SettingRefusalTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Address = "/api/v1/operate/settings";

    [Theory]
    [InlineData("Company:TimeZone", "Mars/Olympus")]
    [InlineData("Company:ReportingCurrency", "XXZ")]
    [InlineData("Company:Rates", "PLN=lots")]
    [InlineData("Company:HolidayCountry", "FR")]
    [InlineData("Company:Holidays", "2026-02-30")]
    [InlineData("Company:Hours", "Mo 17:00-08:00")]
    [InlineData("Mail:Port", "0")]
    [InlineData("Mail:Security", "Maybe")]
    [InlineData("Mail:From", "a@b.example\r\nBcc: c@d.example")]
    [InlineData("Mail:Host", "mail.example")]
    [InlineData("Backup:Keep", "0")]
    [InlineData("Nothing:AtAll", "1")]
    public async Task A_value_that_cannot_be_used_is_refused_with_its_field_and_nothing_changes(string key, string value)
    {
        var before = await server.Http.GetStringAsync(Address);
        using var refused = await server.Http.PatchAsJsonAsync(Address, new Dictionary<string, string> { [key] = value });
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe(key == "Mail:Host" ? "Mail:From" : key);
        (await server.Http.GetStringAsync(Address)).ShouldBe(before);
    }

    [Fact]
    public async Task A_mail_server_without_a_sender_is_refused_with_what_to_do()
    {
        using var refused = await server.Http.PatchAsJsonAsync(Address, new Dictionary<string, string> { ["Mail:Host"] = "mail.example" });
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!.ShouldContain("set Mail:From first");
    }
}
