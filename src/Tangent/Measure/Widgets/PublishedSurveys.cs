using Tangent.Collect;

namespace Tangent.Measure;

/// <param name="Code">What the survey's address ends in.</param>
/// <param name="Trigger">seconds, exit or event.</param>
/// <param name="Paths">Pages on which it is shown; none: all.</param>
/// <param name="Cookieless">Visitors of whom nothing is stored are asked, too.</param>
public sealed record PublishedSurvey(string Code, WidgetTrigger Trigger, int Seconds, string? Event, IReadOnlyList<string> Paths, bool Cookieless);

/// <summary>The surveys that web pages show, in memory: every page of every site asks for them.</summary>
internal sealed class PublishedSurveys(CollectScript script)
{
    private volatile IReadOnlyList<PublishedSurvey> _all = [];

    public IReadOnlyList<PublishedSurvey> All => _all;

    public void Set(IEnumerable<(Survey Survey, SurveyDefinition Definition)> surveys)
    {
        _all = [.. surveys.Where(s => s is { Survey.Open: true, Definition.Widget.On: true }).Select(s => (s.Survey.Code, Rule: s.Definition.Widget!)).Select(s => new PublishedSurvey(s.Code, s.Rule.Trigger, s.Rule.Seconds, s.Rule.Event?.Trim(), s.Rule.Paths ?? [], s.Rule.Cookieless))];
        script.HasSurveys = _all.Count > 0;
    }
}

/// <summary>Loads them before the first page can ask.</summary>
internal sealed class PublishedSurveysLoading(IServiceScopeFactory scopes) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SurveyQueries>().PublishAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
