using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;

namespace Tangent.Web;

/// <param name="Status">HTTP status.</param>
/// <param name="Trace">Number under which the log has the fault; null where nothing failed in the program.</param>
public sealed record ErrorModel(int Status, string? Trace);

/// <summary>Turns a bare status into a page for people and into problem details for programs (and for htmx, which shows them as a message).</summary>
internal static class ErrorPages
{
    public static void UseErrorPages(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = ShowAsync, AllowStatusCode404Response = true, SuppressDiagnosticsCallback = failed => failed.Exception is BadHttpRequestException });
        app.UseStatusCodePages(context => ShowAsync(context.HttpContext));
    }

    private static async Task ShowAsync(HttpContext http)
    {
        var failed = http.Features.Get<IExceptionHandlerFeature>();
        if (failed?.Error is BadHttpRequestException bad) http.Response.StatusCode = bad.StatusCode;
        if (failed?.Error is NotNowException)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = NotNowException.RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var status = http.Response.StatusCode;
        var trace = failed is not null && status >= 500 ? Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier : null;
        if (IsForProgram(http)) await Problems.Of(http, failed?.Error, trace).ExecuteAsync(http);
        else await http.Show<ErrorPage>(new ErrorModel(status, trace), status).ExecuteAsync(http);
    }

    private static bool IsForProgram(HttpContext http)
    {
        var path = http.Request.Path;
        return path.StartsWithSegments("/api/v1") || path.StartsWithSegments("/v1") || path.StartsWithSegments("/openapi") || http.WantsFragment()
            || !http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
    }
}
