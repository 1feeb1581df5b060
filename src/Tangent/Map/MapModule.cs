namespace Tangent.Map;

internal static class MapModule
{
    public static void AddMap(this WebApplicationBuilder builder)
    {
    }

    public static void UseMap(this WebApplication app)
    {
    }
}
