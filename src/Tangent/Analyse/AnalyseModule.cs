using Tangent.Collect;
using Tangent.Data;
using Tangent.Map;
using Tangent.Unify;

namespace Tangent.Analyse;

internal static class AnalyseModule
{
    public static void AddAnalyse(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Drivers>();
        builder.Services.AddOptions<ReferralOptions>().BindConfiguration(ReferralOptions.Section)
            .Validate(o => o.CodeProperty is { Length: > 0 and <= 200 }, "Referrals:CodeProperty is not the name of a property.").ValidateOnStart();
        builder.Services.AddSingleton<ReferralFeed>();
        builder.Services.AddHostedService(s => s.GetRequiredService<ReferralFeed>());
        builder.Services.AddSingleton<ILogFollower>(s => s.GetRequiredService<ReferralFeed>());
        builder.Services.AddScoped<ReferralQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<ReferralQueries>());
        builder.Services.AddScoped<Referrals>();
        builder.Services.AddScoped<SavedQuestionQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<SavedQuestionQueries>());
        builder.Services.AddScoped<INameSegments>(s => s.GetRequiredService<SavedQuestionQueries>());
        builder.Services.AddScoped<PointWorths>();
        builder.Services.AddScoped<Priorities>();
        builder.Services.AddScoped<LiveMaps>();
        builder.Services.AddScoped<MeasuredEmotions>(s => s.GetRequiredService<LiveMaps>().Emotions);
        builder.Services.AddScoped<MapSides>();
        builder.Services.AddScoped<MapGaps>();
        builder.Services.AddScoped<MapRules>();
        builder.Services.AddScoped<LiveMapPages>();
        builder.Services.AddScoped<MapDrafts>();
        builder.Services.AddScoped<AnnotationQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<AnnotationQueries>());
        builder.Services.AddScoped<IFollowMerges>(s => s.GetRequiredService<AnnotationQueries>());
        builder.Services.AddHostedService<AnnotationsAtStart>();
    }

    public static void UseAnalyse(this WebApplication app)
    {
        app.MapOverview();
        app.MapFunnels();
        app.MapPaths();
        app.MapVariants();
        app.MapFlows();
        app.MapRework();
        app.MapConformance();
        app.MapStalled();
        app.MapAttribution();
        app.MapRetention();
        app.MapLifeCycle();
        app.MapRecovery();
        app.MapReferrals();
        app.MapNeighbours();
        app.MapCorrelation();
        app.MapDrivers();
        app.MapPriorities();
        app.MapVolumes();
        app.MapEvents();
        app.MapVolumeFragments();
        app.MapLiveMaps();
        app.MapMapSides();
        app.MapMapGaps();
        app.MapMapRules();
        app.MapMapDrafts();
        app.MapSavedQuestions();
        app.MapSavedQuestionPages();
        app.MapAnnotations();
    }
}
