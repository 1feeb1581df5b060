using Microsoft.AspNetCore.Http.HttpResults;

namespace Tangent.Web;

/// <summary>The page on which the API can be read and tried.</summary>
internal static class ApiEndpoints
{
    public static void MapApiPage(this WebApplication app) => app.MapGet("/api", Show).ExcludeFromDescription();

    private static RazorComponentResult<PageHost> Show(HttpContext http) => http.Show<ApiPage>(new object());
}
