using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Measure;

internal static class MeasureModule
{
    public static void AddMeasure(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PlaceNames>();
        builder.Services.AddSingleton<FeedbackIndex>();
        builder.Services.AddSingleton<FeedbackFeed>();
        builder.Services.AddHostedService(s => s.GetRequiredService<FeedbackFeed>());
        builder.Services.AddSingleton<ILogFollower>(s => s.GetRequiredService<FeedbackFeed>());
        builder.Services.AddScoped<FeedbackQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<FeedbackQueries>());
        builder.Services.AddScoped<FeedbackIntake>();
        builder.Services.AddSingleton<Scores>();
        builder.Services.AddScoped<Comments>();
        builder.Services.AddScoped<Themes>();
        builder.Services.AddScoped<Scorecards>();
    }

    public static void UseMeasure(this WebApplication app)
    {
        app.MapFeedback();
        app.MapScores();
        app.MapComments();
        app.MapThemes();
        app.MapScorecards();
    }
}
