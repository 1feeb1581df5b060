using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Measure;
using Tangent.Web;

namespace Tangent.Cli;

internal static class FeedbackCommand
{
    public static Command Create() => new("feedback", "What customers say: scores and words") { Record() };

    private static Command Record()
    {
        var metric = new Option<string>("--metric") { Description = "nps, csat, ces, rating or review; text for words alone", Required = true };
        var score = new Option<double?>("--score") { Description = "On the metric's scale; none for text" };
        var touchpoint = new Option<string?>("--touchpoint") { Description = "What was asked about; none: the company" };
        var comment = new Option<string?>("--comment") { Description = "The customer's own words" };
        var customer = new Option<string?>("--customer") { Description = "User id of the customer; none where nobody knows who it was" };
        var language = new Option<string?>("--language") { Description = "Of the words, such as de; detected unless said" };
        var day = new Option<DateOnly?>("--day") { Description = "Day it was said, yyyy-MM-dd; today unless said" };
        var record = new Command("record", "Record what a customer said on the phone, in the shop or on paper") { metric, score, touchpoint, comment, customer, language, day };
        record.SetApiAction(async (parsed, http, ct) =>
        {
            var at = (DateTimeOffset?)null;
            if (parsed.GetValue(day) is { } on && !FeedbackForm.TryMoment(on, await CompanyTime.ZoneAsync(http, ct), DateTime.UtcNow, out at))
            {
                await Console.Error.WriteLineAsync(Texts.T("Measure.Record.WrongDay", on.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
                return ExitCode.Refused;
            }

            var said = new FeedbackSaid(
                parsed.GetValue(customer), null, parsed.GetValue(metric), parsed.GetValue(score), parsed.GetValue(touchpoint), parsed.GetValue(comment), parsed.GetValue(language), Via: FeedbackIntake.ByHand, At: at);
            if (await http.AskAsync(new HttpRequestMessage(HttpMethod.Post, "/api/v1/measure/feedback") { Content = JsonContent.Create(new FeedbackBatch([said])) }, ct) is not { } text) return ExitCode.Refused;
            var receipt = JsonSerializer.Deserialize<FeedbackReceipt>(text, JsonSerializerOptions.Web)!;
            foreach (var rejected in receipt.Rejected) await Console.Error.WriteLineAsync(rejected.Detail);
            if (receipt.Accepted == 0) return ExitCode.Refused;
            Console.WriteLine(parsed.GetValue(CommandLine.Json) ? text : "Recorded.");
            return ExitCode.Done;
        });
        return record;
    }
}
