using Tangent.Collect;
using Tangent.Data;
using static Tangent.Web.Texts;

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
        builder.Services.AddScoped<SurveyQueries>();
        builder.Services.AddSingleton<SurveyCheck>();
        builder.Services.AddSingleton<SurveyLinks>();
        builder.Services.AddScoped<Respondents>();
        builder.Services.AddScoped<Answering>();
        builder.Services.AddScoped<ResponseQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<ResponseQueries>());
        builder.Services.AddScoped<DecisionQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<DecisionQueries>());
        builder.Services.AddScoped<AskDecider>();
        builder.Services.AddScoped<SurveyLetters>();
        builder.Services.AddSingleton<AskFeed>();
        builder.Services.AddHostedService(s => s.GetRequiredService<AskFeed>());
        builder.Services.AddSingleton<ILogFollower>(s => s.GetRequiredService<AskFeed>());
        builder.Services.AddHostedService<Asker>();
        builder.Services.AddOptions<AlertOptions>().BindConfiguration(AlertOptions.Section)
            .Validate(o => AlertOptions.Read(o.Recipients) is not null, AlertOptions.Key + " holds something that is no e-mail address, or more than fifty.").ValidateOnStart();
        builder.Services.AddSingleton(new Setting(AlertOptions.Key, "", (v, _) => AlertOptions.Read(v) is null ? T("Measure.Alerts.WrongRecipients") : null));
        builder.Services.AddScoped<AlertQueries>();
        builder.Services.AddSingleton<AlertFinder>();
        builder.Services.AddScoped<AlertLetters>();
        builder.Services.AddScoped<AlertCheck>();
        builder.Services.AddHostedService<AlertWatch>();
    }

    public static void UseMeasure(this WebApplication app)
    {
        app.MapFeedback();
        app.MapScores();
        app.MapComments();
        app.MapThemes();
        app.MapScorecards();
        app.MapSurveys();
        app.MapSurveyPages();
        app.MapAnswers();
        app.MapResponses();
        app.MapDecisions();
        app.MapAlerts();
    }
}
