using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tangent.Collect;

namespace Tangent.Measure;

/// <summary>The surveys of the demo company: what its customers were asked, with the answers they gave. The scores are those of the events; nothing is made up here.</summary>
internal sealed class DemoSurveys(SurveyQueries surveys, SurveyCheck check, FeedbackQueries feedback, FeedbackFeed feed, ResponseQueries responses)
{
    public async Task AddAsync(CancellationToken ct)
    {
        await feed.WaitUntilCurrentAsync(ct);
        foreach (var (name, template, touchpoint, key) in DemoCatalogue.Surveys)
        {
            var definition = SurveyTemplates.All[template] with { Name = name, Touchpoint = touchpoint, DefaultLanguage = "de" };
            if (check.Find(definition) is { } fault) throw new InvalidOperationException($"The demo's survey {name}: {fault.Field}: {fault.Detail}");
            var survey = new Survey { Code = "demo-" + template, By = DemoCatalogue.Company, ChangedUtc = DateTime.UtcNow };
            await surveys.SaveAsync(survey, definition, ct);
            var pages = definition.Pages!.Count;
            await responses.FoundAsync((await feedback.OfSurveyAsync(name, ct)).Select(f => ResponseOf(f, survey, key, pages)), ct);
        }
    }

    private static Response ResponseOf(Feedback said, Survey survey, string key, int pages) => new()
    {
        Id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(said.Id)).AsSpan(0, 16)),
        SurveyId = survey.Id,
        Version = survey.Version,
        Key = said.Key,
        Touchpoint = said.Touchpoint,
        Language = said.Language,
        Via = "letter",
        NextPage = pages,
        Complete = true,
        Answers = JsonSerializer.Serialize(new Dictionary<string, GivenAnswer> { [key] = new([said.Score!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)], said.Comment) }, JsonSerializerOptions.Web),
        StartedUtc = said.AtUtc,
        ChangedUtc = said.AtUtc,
    };
}
