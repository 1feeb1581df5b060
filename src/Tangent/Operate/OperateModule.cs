using System.Globalization;
using Tangent.Data;
using Tangent.Mail;
using static Tangent.Web.Texts;

namespace Tangent.Operate;

/// <summary>What keeps a running Tangent well: its settings, backups, figures. It stands on the ground of the program and knows no stage.</summary>
internal static class OperateModule
{
    public static void AddOperate(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddScoped<LogoQueries>();
        services.AddHostedService<LogoLoading>();
        services.AddSingleton<SettingsForms>();
        services.AddSingleton<MeasuredValues>();
        services.AddHostedService(s => s.GetRequiredService<MeasuredValues>());
        services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section)
            .Validate(o => o.OtlpEndpoint.Length == 0 || Uri.TryCreate(o.OtlpEndpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https", "Telemetry:OtlpEndpoint is not an address. Use for example http://localhost:4318.")
            .Validate(o => o.IntervalSeconds is >= 1 and <= 3600, "Telemetry:IntervalSeconds must be 1 to 3600.").ValidateOnStart();
        services.AddHostedService<TelemetryExport>();
        foreach (var setting in (IEnumerable<Setting>)[.. CompanySettings.All, .. MailSettings(), .. BackupSettings()]) services.AddSingleton(setting);
    }

    public static void UseOperate(this WebApplication app)
    {
        app.MeasureQuestions();
        app.Use(TelemetryExport.NameTraceAsync);
        app.MapSettings();
        app.MapLogo();
        app.MapBackups();
        app.MapOutbox();
        app.MapMetrics();
    }

    private static IEnumerable<Setting> MailSettings()
    {
        var defaults = new MailOptions();
        return
        [
            new("Mail:Host", "", (v, _) => v.Length == 0 || Uri.CheckHostName(v) != UriHostNameType.Unknown ? null : T("Operate.Problem.Host")),
            new("Mail:Port", Text(defaults.Port), (v, _) => IsNumber(v, 1, 65535) ? null : T("Operate.Problem.Port")),
            new("Mail:Security", defaults.Security.ToString(), (v, _) => Enum.TryParse<MailSecurity>(v, out var known) && Enum.IsDefined(known) ? null : T("Operate.Problem.Security")),
            new("Mail:From", "", (v, of) => Letter.CanGoTo(v) || (v.Length == 0 && of("Mail:Host").Length == 0) ? null : T(v.Length == 0 ? "Operate.Problem.FromFirst" : "Operate.Problem.From")),
            new("Mail:User", "", (v, _) => v.Any(char.IsControl) ? T("Operate.Problem.User") : null),
            new("Mail:Password", "", (v, _) => v.Any(char.IsControl) ? T("Operate.Problem.User") : null) { IsSecret = true },
            new("Mail:PublicAddress", "", (v, _) => v.Length == 0 || (Uri.TryCreate(v, UriKind.Absolute, out var address) && address.Scheme is "http" or "https") ? null : T("Operate.Problem.PublicAddress")),
        ];
    }

    private static IEnumerable<Setting> BackupSettings()
    {
        var defaults = new BackupOptions();
        return
        [
            new("Backup:EveryHours", Text(defaults.EveryHours), (v, _) => IsNumber(v, 0, 8760) ? null : T("Operate.Problem.EveryHours")),
            new("Backup:Keep", Text(defaults.Keep), (v, _) => IsNumber(v, 1, 1000) ? null : T("Operate.Problem.Keep")),
        ];
    }

    private static bool IsNumber(string text, int least, int most) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
