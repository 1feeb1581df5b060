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
        builder.Services.AddScoped<VoteQueries>();
        builder.Services.AddOptions<MapOptions>().BindConfiguration(MapOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        foreach (var setting in MapOptions.Settings()) builder.Services.AddSingleton(setting);
        builder.Services.AddSingleton<MapWatchers>();
        builder.Services.AddScoped<JourneyMapQueries>();
        // Before the texts of maps: afterwards nobody would know which card named the person.
        builder.Services.AddScoped<PhotoQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<PhotoQueries>());
        builder.Services.AddScoped<IKeepsPersonalData, MapTextQueries>();
        builder.Services.AddScoped<MapImport>();
        builder.Services.AddScoped<MapTemplates>();
        builder.Services.AddScoped<MapCommentQueries>();
        builder.Services.AddScoped<MentionLetters>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<MapCommentQueries>());
        builder.Services.AddScoped<ObservationQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<ObservationQueries>());
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
        app.MapMapFiles();
        app.MapMapTemplates();
        app.MapMapShares();
        app.MapMapBoards();
        app.MapMapLive();
        app.MapMapEditors();
        app.MapMapComments();
        app.MapPhotos();
        app.MapObservations();
        app.MapObservationPages();
    }
}
