using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Tangent.Collect;

internal static class CollectModule
{
    public static void AddCollect(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<TouchpointRules>();
        services.AddHostedService(s => s.GetRequiredService<TouchpointRules>());
        services.AddScoped<TouchpointRuleQueries>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<IngestionOptions>().BindConfiguration(IngestionOptions.Section);
        services.AddSingleton<EventLog>();
        services.AddSingleton<SourceKeys>();
        services.AddHostedService<SourceKeysLoading>();
        services.AddScoped<SourceQueries>();
        services.Configure<JourneyOptions>(builder.Configuration.GetSection(JourneyOptions.Section));
        services.AddSingleton<JourneyFeed>();
        services.AddHostedService(s => s.GetRequiredService<JourneyFeed>());
        services.AddSingleton<JourneyStore>();
    }

    public static void UseCollect(this WebApplication app)
    {
        app.MapTouchpointRules();
    }
}
