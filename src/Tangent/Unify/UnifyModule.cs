namespace Tangent.Unify;

internal static class UnifyModule
{
    public static void AddUnify(this WebApplicationBuilder builder)
    {
    }

    public static void UseUnify(this WebApplication app)
    {
    }
}
