using Tangent.Data;
using Tangent.Web;

namespace Tangent.Map;

internal static class MapModule
{
    public static void AddMap(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TouchpointCatalogue>();
        builder.Services.AddHostedService(s => s.GetRequiredService<TouchpointCatalogue>());
        builder.Services.AddScoped<TouchpointQueries>();
        builder.Services.AddScoped<IFinder, TouchpointFinder>();
        builder.Services.AddScoped<TouchpointMergeQueries>();
        builder.Services.AddScoped<VoteQueries>();
        builder.Services.AddScoped<IFollowMerges>(s => s.GetRequiredService<VoteQueries>());
        builder.Services.AddSingleton<PersonaCatalogue>();
        builder.Services.AddHostedService(s => s.GetRequiredService<PersonaCatalogue>());
        builder.Services.AddScoped<PersonaQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<PersonaQueries>());
        builder.Services.AddOptions<MapOptions>().BindConfiguration(MapOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        foreach (var setting in MapOptions.Settings()) builder.Services.AddSingleton(setting);
        builder.Services.AddSingleton<MapWatchers>();
        builder.Services.AddScoped<MapClaims>();
        builder.Services.AddScoped<JourneyMapQueries>();
        builder.Services.AddScoped<IFollowMerges, MergedSteps>();
        // Before the texts of maps: afterwards nobody would know which card named the person.
        builder.Services.AddScoped<PhotoQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<PhotoQueries>());
        builder.Services.AddScoped<IKeepsPersonalData, MapTextQueries>();
        builder.Services.AddScoped<MapTreeQueries>();
        builder.Services.AddScoped<MapHistories>();
        builder.Services.AddScoped<PainPoints>();
        builder.Services.AddScoped<MapLinking>();
        builder.Services.AddScoped<MapImport>();
        builder.Services.AddScoped<MapTemplates>();
        builder.Services.AddScoped<MapCommentQueries>();
        builder.Services.AddScoped<MentionLetters>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<MapCommentQueries>());
        builder.Services.AddScoped<MapQuoteQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<MapQuoteQueries>());
        builder.Services.AddScoped<MapSnapshotQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<MapSnapshotQueries>());
        builder.Services.AddScoped<MapVersions>();
        builder.Services.AddScoped<ObservationQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<ObservationQueries>());
        builder.Services.AddScoped<IFollowMerges>(s => s.GetRequiredService<ObservationQueries>());
        builder.Services.AddScoped<MapPictures>();
        builder.Services.AddScoped<MapShareQueries>();
        builder.Services.AddSingleton<MapShareLinks>();
    }

    public static void UseMap(this WebApplication app)
    {
        app.MapTouchpoints();
        app.MapTouchpointPages();
        app.MapVotes();
        app.MapJourneyMaps();
        app.MapMapTrees();
        app.MapPainPoints();
        app.MapMapFiles();
        app.MapMapTemplates();
        app.MapMapShares();
        app.MapMapBoards();
        app.MapMapLive();
        app.MapMapEditors();
        app.MapMapComments();
        app.MapMapQuotes();
        app.MapMapVersions();
        app.MapPhotos();
        app.MapObservations();
        app.MapObservationPages();
    }
}
