using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Analyse;

internal static class AnalyseModule
{
    public static void AddAnalyse(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Drivers>();
        builder.Services.AddScoped<SavedQuestionQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<SavedQuestionQueries>());
        builder.Services.AddScoped<AnnotationQueries>();
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
        app.MapNeighbours();
        app.MapCorrelation();
        app.MapDrivers();
        app.MapVolumes();
        app.MapEvents();
        app.MapVolumeFragments();
        app.MapSavedQuestions();
        app.MapSavedQuestionPages();
        app.MapAnnotations();
    }
}
