using Microsoft.Extensions.DependencyInjection.Extensions;
using Tangent.Data;

namespace Tangent.Mail;

internal static class MailModule
{
    public static void AddMail(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section)
            .Validate(o => o.Port is > 0 and <= 65535, "Mail:Port is not a port: use 1 to 65535.")
            .Validate(o => o.Host.Length == 0 || Letter.CanGoTo(o.From), "Mail:From is not an e-mail address; letters need a sender.")
            .ValidateOnStart();
        services.AddScoped<OutboxQueries>();
        services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<OutboxQueries>());
        services.AddSingleton<OutboxSender>();
        services.AddHostedService(s => s.GetRequiredService<OutboxSender>());
    }

    public static void UseMail(this WebApplication app) => app.MapMail();
}
