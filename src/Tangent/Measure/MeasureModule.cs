namespace Tangent.Measure;

internal static class MeasureModule
{
    public static void AddMeasure(this WebApplicationBuilder builder)
    {
    }

    public static void UseMeasure(this WebApplication app)
    {
    }
}
