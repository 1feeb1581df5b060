using Tangent.Collect;
using Tangent.Data;
using Tangent.Map;
using Tangent.Unify;
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
        builder.Services.AddSingleton<TargetBook>();
        builder.Services.AddHostedService(s => s.GetRequiredService<TargetBook>());
        builder.Services.AddScoped<TargetQueries>();
        builder.Services.AddScoped<IFollowMerges>(s => s.GetRequiredService<TargetQueries>());
        builder.Services.AddScoped<TargetDemo>();
        builder.Services.AddScoped<CommentTagQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<CommentTagQueries>());
        builder.Services.AddScoped<DemoSurveys>();
        builder.Services.AddSingleton<Scores>();
        builder.Services.AddSingleton<Contacts>();
        builder.Services.AddSingleton<Sentiments>();
        builder.Services.AddSingleton<IFindMembers, ScoreMembers>();
        builder.Services.AddScoped<Comments>();
        builder.Services.AddScoped<CommentQuotes>();
        builder.Services.AddScoped<QuoteDemo>();
        builder.Services.AddScoped<Themes>();
        builder.Services.AddScoped<Scorecards>();
        builder.Services.AddScoped<SurveyQueries>();
        builder.Services.AddScoped<IFollowMerges>(s => s.GetRequiredService<SurveyQueries>());
        builder.Services.AddSingleton<PublishedSurveys>();
        builder.Services.AddHostedService<PublishedSurveysLoading>();
        builder.Services.AddSingleton<WidgetScript>();
        builder.Services.AddScoped<WebDecider>();
        builder.Services.AddSingleton<WebDecisionNotes>();
        builder.Services.AddHostedService<WebDecisionWriting>();
        builder.Services.AddScoped<WebDecisionQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<WebDecisionQueries>());
        builder.Services.AddSingleton<SurveyCheck>();
        builder.Services.AddSingleton<SurveyLinks>();
        builder.Services.AddScoped<Respondents>();
        builder.Services.AddScoped<Answering>();
        builder.Services.AddScoped<ResponseQueries>();
        builder.Services.AddScoped<IFollowMerges>(s => s.GetRequiredService<ResponseQueries>());
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<ResponseQueries>());
        builder.Services.AddScoped<DecisionQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<DecisionQueries>());
        builder.Services.AddScoped<LatestDecisions>();
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
        builder.Services.AddScoped<IFollowMerges>(s => s.GetRequiredService<AlertQueries>());
        builder.Services.AddSingleton<AlertFinder>();
        builder.Services.AddScoped<AlertLetters>();
        builder.Services.AddScoped<AlertCheck>();
        builder.Services.AddHostedService<AlertWatch>();
    }

    public static void UseMeasure(this WebApplication app)
    {
        app.MapFeedback();
        app.MapScores();
        app.MapTargets();
        app.MapContacts();
        app.MapSentiments();
        app.MapComments();
        app.MapCommentQuotes();
        app.MapCommentTags();
        app.MapCustomerAnswers();
        app.MapThemes();
        app.MapScorecards();
        app.MapSurveys();
        app.MapSurveyPages();
        app.MapEditor();
        app.MapWidgets();
        app.MapAnswers();
        app.MapTouchpointSurveys();
        app.MapResponses();
        app.MapDecisions();
        app.MapReturnedLetters();
        app.MapAlerts();
    }
}
