namespace Tangent.Collect;

internal static class CollectModule
{
    public static void AddCollect(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<JourneyStore>();
    }

    public static void UseCollect(this WebApplication app)
    {
    }
}
