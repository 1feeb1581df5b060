namespace Tangent.Measure;

/// <summary>Surveys to begin with, in three languages, with the wording that makes answers comparable.</summary>
internal static class SurveyTemplates
{
    private static readonly Lazy<IReadOnlyDictionary<string, SurveyDefinition>> Read = new(() =>
    {
        using var json = typeof(SurveyTemplates).Assembly.GetManifestResourceStream("survey-templates.json")!;
        return SurveyDefinition.ReadMany(json).ToDictionary(s => s.Name!, s => s with { Name = s.Title!["en"] }, StringComparer.Ordinal);
    });

    /// <summary>By key, such as <c>delivery</c>.</summary>
    public static IReadOnlyDictionary<string, SurveyDefinition> All => Read.Value;
}
