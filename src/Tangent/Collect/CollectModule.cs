using Microsoft.Extensions.DependencyInjection.Extensions;
using Tangent.Data;
using Tangent.Map;

namespace Tangent.Collect;

internal static class CollectModule
{
    public static void AddCollect(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<TouchpointRules>();
        services.AddHostedService(s => s.GetRequiredService<TouchpointRules>());
        services.AddSingleton<TouchpointEvents>(s => () => (s.GetRequiredService<JourneyStore>().Ask(new TouchpointsQuestion(null, JourneyFilter.None)).Answer?.Items ?? [])
            .Where(v => v.Id is not null).ToDictionary(v => v.Id!.Value, v => v.Events));
        services.AddScoped<TouchpointRuleQueries>();
        services.AddScoped<IFollowMerges>(s => s.GetRequiredService<TouchpointRuleQueries>());
        services.AddScoped<Mapping>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<IngestionOptions>().BindConfiguration(IngestionOptions.Section)
            .Validate(o => o.AreUsable, "A setting of Ingestion is out of its range: sizes, counts and times must be above 0, MaxBatchBytes at most 25 MB.")
            .ValidateOnStart();
        services.AddSingleton<EventLog>();
        services.AddSingleton<SourceKeys>();
        services.AddHostedService<SourceKeysLoading>();
        services.AddScoped<SourceQueries>();
        services.AddScoped<SourceChanges>();
        services.AddSingleton<LiveTail>();
        services.AddSingleton<CollectScript>();
        services.AddSingleton<ConsentlessCounter>();
        services.AddHostedService(s => s.GetRequiredService<ConsentlessCounter>());
        services.AddScoped<ConsentlessQueries>();
        services.AddScoped<ConsentlessViews>();
        services.AddScoped<SourceViews>();
        services.AddScoped<SourcePages>();
        services.AddOptions<JourneyOptions>().BindConfiguration(JourneyOptions.Section)
            .Validate(o => o.CompactAtEvents > 0, "Journeys:CompactAtEvents must be above 0.").ValidateOnStart();
        // When following the log fails, events are still accepted and the pages stay up; the doctor says so.
        services.Configure<HostOptions>(o => o.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore);
        services.AddSingleton<JourneyFeed>();
        services.AddHostedService(s => s.GetRequiredService<JourneyFeed>());
        services.AddSingleton<ILogFollower>(s => s.GetRequiredService<JourneyFeed>());
        services.AddScoped<RejectionQueries>();
        services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<RejectionQueries>());
        services.AddScoped<IKeepsPersonalData, ImportTraces>();
        services.AddScoped<IKeepsPersonalData, LoggedEvents>();
        services.AddSingleton<RejectionJournal>();
        services.AddHostedService(s => s.GetRequiredService<RejectionJournal>());
        services.AddSingleton<Ingestion>();
        services.AddSingleton<JourneyStore>();
        services.AddSingleton<StepConditions>(s => s.GetRequiredService<JourneyStore>().Wrong);
        services.AddSingleton<Decisions>();
        services.AddSingleton<Erasures>();
        services.AddSingleton<EventRetention>();
        services.AddScoped<TombstoneQueries>();
        services.AddSingleton<ErasureJournal>();
        services.AddSingleton<Tombstones>();
        services.AddHostedService(s => s.GetRequiredService<Tombstones>());
        services.AddHostedService<UnfinishedErasures>();
        services.AddSingleton<RunningImports>();
        services.AddScoped<ImportQueries>();
        services.AddScoped<ImportRun>();
        services.AddScoped<ImportUndo>();
        services.AddScoped<ImportPages>();
        services.AddSingleton<Uploads>();
        services.AddSingleton<ImportStarter>();
        services.AddHostedService(s => s.GetRequiredService<ImportStarter>());
        services.AddScoped<FilePreviews>();
        services.AddScoped<ImportFilePages>();
        services.AddScoped<DemoCompany>();
        services.AddHealthChecks().AddCheck<EventLogHealth>("event log").AddCheck<JourneyHealth>("journeys")
            .AddCheck<JourneysReady>("journeys have caught up", tags: [ReadyEndpoints.Tag]);
        services.AddSingleton<IBackupWitness, JourneyWitness>();
        services.AddHostedService<CollectMeasures>();
    }

    public static void UseCollect(this WebApplication app)
    {
        app.MapCalls();
        app.MapCounting();
        app.MapIntegration();
        app.MapSources();
        app.MapLiveTail();
        app.MapSourceChanges();
        app.MapSourcePages();
        app.MapTouchpointRules();
        app.MapDecisions();
        app.MapErasures();
        app.MapTombstones();
        app.MapMapping();
        app.MapImports();
        app.MapImportUndo();
        app.MapUploads();
        app.MapUploadPages();
    }
}
