using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

using Tangent.Data;

namespace Tangent.Web;

internal static class WebModule
{
    private static readonly string[] Cultures = ["en", "en-GB", "en-US", "de", "de-DE", "de-AT", "de-CH", "pl", "pl-PL"];

    // ECharts positions its tooltip by style attributes; styles and scripts come from files only.
    private const string ContentSecurityPolicy =
        "default-src 'self'; img-src 'self' data:; style-src 'self'; style-src-attr 'unsafe-inline'; script-src 'self'; " +
        "object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'";

    public static void AddWeb(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents();
        builder.Services.AddAntiforgery(o =>
        {
            o.HeaderName = "X-CSRF-TOKEN";
            o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        builder.Services.AddSingleton<AssetUrls>();
        builder.Services.AddSingleton<CatchingUp>();
        builder.Services.AddSingleton<ChartMarks>();
        builder.Services.AddSingleton<CompanyLogo>();
        builder.Services.AddOptions<HttpsOptions>().BindConfiguration(HttpsOptions.Section)
            .Validate(o => o.HstsDays is >= 0 and <= 3650, "Https:HstsDays must be 0 to 3650.").ValidateOnStart();
        builder.Services.AddOptions<ProxyOptions>().BindConfiguration(ProxyOptions.Section)
            .Validate(o => Transport.Networks(o.Trusted) is not null, "Proxy:Trusted holds something that is neither an address nor a network such as 10.0.0.0/8.").ValidateOnStart();
        builder.Services.AddOptions<HstsOptions>().Configure<IOptions<HttpsOptions>>((hsts, https) => (hsts.MaxAge, hsts.IncludeSubDomains) = (TimeSpan.FromDays(https.Value.HstsDays), false));
        builder.Services.AddSingleton<Manual>();
        builder.Services.AddSingleton<Navigation>();
        builder.Services.AddScoped<IFinder, PageFinder>();
        // Over HTTPS too: what a page holds secret (antiforgery tokens) is encrypted anew for each answer, so that its length and content tell
        // nothing from one answer to the next (BREACH).
        // The fastest level makes style sheets and pages a third larger for a few milliseconds.
        builder.Services.Configure<Microsoft.AspNetCore.ResponseCompression.BrotliCompressionProviderOptions>(o => o.Level = System.IO.Compression.CompressionLevel.Optimal);
        builder.Services.AddResponseCompression(o =>
        {
            o.EnableForHttps = true;
            o.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "application/problem+json", "text/csv", "image/svg+xml"];
        });
        builder.Services.AddOpenApi("v1", o => o.AddDocumentTransformer(ApiDocument.CompleteAsync));
        builder.Services.AddProblemDetails();
        builder.Services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section).Validate(o => o.AreUsable, "Api holds a limit below 0.").ValidateOnStart();
        builder.Services.AddSingleton<ApiLimits>();
        builder.Services.AddSingleton<Cursors>();
        builder.Services.AddSingleton<IdempotencyKeys>();
        builder.Services.AddScoped<KeptAnswerQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<KeptAnswerQueries>());
        builder.Services.AddHostedService<OldKeptAnswers>();
        // What the reader of a body found wrong reaches the one place that tells the caller.
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
            // A misspelt field is refused instead of being lost.
            o.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        });
        builder.Services.Configure<RequestLocalizationOptions>(o =>
        {
            o.SetDefaultCulture("en").AddSupportedCultures(Cultures).AddSupportedUICultures(Cultures);
            o.RequestCultureProviders =
            [
                new QueryStringRequestCultureProvider { QueryStringKey = "lang", UIQueryStringKey = "lang" },
                new CookieRequestCultureProvider { CookieName = "lang" },
                new AcceptLanguageHeaderRequestCultureProvider(),
            ];
        });
    }

    public static void UseWeb(this WebApplication app)
    {
        app.UseResponseCompression();
        app.UseTransport();
        app.Use(SecureAsync);
        // Before the error pages, so that they speak the reader's language.
        app.UseRequestLocalization();
        app.Use(PreferencesEndpoints.KeepLanguageAsync);
        app.UseErrorPages();
        app.UseRouting();
        app.UseAuthentication();
        app.Use(app.Services.GetRequiredService<ApiLimits>().LimitAsync);
        app.UseAuthorization();
        app.UseAntiforgery();
        app.Use(app.Services.GetRequiredService<IdempotencyKeys>().AnswerOnceAsync);
        app.Use(TableExport.ExportAsync);
        app.MapStaticAssets().AllowAnonymous();
        app.MapOpenApi();
        app.MapPreferences();
        app.MapApiPage();
        app.MapSearch();
        app.MapDocs();
    }

    private static Task SecureAsync(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        return next(http);
    }
}
