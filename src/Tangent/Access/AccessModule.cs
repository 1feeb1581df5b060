using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Tangent.Data;
using static Tangent.Web.Texts;

namespace Tangent.Access;

internal static class AccessModule
{
    public static void AddAccess(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        AddAuthentication(services, builder.Configuration);
        services.AddScoped<IUserConfirmation<User>, EnabledUsers>();
        services.AddIdentityCore<User>(o =>
            {
                o.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
                o.User.RequireUniqueEmail = true;
                // An address is a name here; every address that an invitation takes must do.
                o.User.AllowedUserNameCharacters = "";
                // What "confirmed" means is said by EnabledUsers.
                o.SignIn.RequireConfirmedAccount = true;
                o.Password.RequiredLength = Passwords.Shortest;
                o.Password.RequireDigit = o.Password.RequireLowercase = o.Password.RequireUppercase = o.Password.RequireNonAlphanumeric = false;
                o.Lockout.MaxFailedAccessAttempts = SignInThrottle.MostFailures;
                o.Lockout.DefaultLockoutTimeSpan = SignInThrottle.Window;
            })
            .AddSignInManager().AddEntityFrameworkStores<TangentDb>()
            .AddTokenProvider<DataProtectorTokenProvider<User>>(TokenOptions.DefaultProvider)
            .AddTokenProvider<OneTimeCodes>(TokenOptions.DefaultAuthenticatorProvider);
        services.Configure<DataProtectionTokenProviderOptions>(o => o.TokenLifespan = PasswordReset.Lifetime);
        services.ConfigureApplicationCookie(o =>
        {
            o.Cookie.Name = "tangent";
            o.Cookie.SameSite = SameSiteMode.Lax;
            o.LoginPath = "/access/sign-in";
            o.ExpireTimeSpan = Session.Lifetime;
            o.EventsType = typeof(SessionCookie);
        });
        services.AddAuthorizationBuilder().AddRights();
        services.AddScoped<SessionCookie>().AddSingleton<OpenSessions>().AddSingleton<SignInThrottle>().AddSingleton<PublicLimit>().AddScoped<Passwords>().AddScoped<People>();
        services.AddScoped<ResetLetter>().AddSingleton<ResetRequests>().AddHostedService(p => p.GetRequiredService<ResetRequests>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpContextAccessor();
        services.AddOptions<SensitivityOptions>().BindConfiguration(SensitivityOptions.Section);
        services.AddSingleton<Sensitivity>();
        foreach (var kind in Enum.GetValues<SensitiveKind>())
            services.AddSingleton(new Setting($"{SensitivityOptions.Section}:{kind}", new SensitivityOptions().LeastFor(kind).ToString(), (v, _) => User.TryReadRole(v, out Role _) ? null : T("Access.Sensitivity.WrongRole")));
        services.AddScoped<InvitationQueries>().AddScoped<UserQueries>().AddScoped<SessionQueries>().AddScoped<ApiKeyQueries>().AddScoped<AuditQueries>();
        services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<AuditQueries>());
    }

    public static void UseAccess(this WebApplication app)
    {
        app.Use(OriginGuard.CheckAsync);
        app.Use(ApiKeyAuthentication.KeepToAreasAsync);
        app.Use(AuditTrail.RecordAsync);
        app.Use(MaskedAnswers.MaskAsync);
        app.MapSignIn();
        app.MapInvitations();
        app.MapResets();
        app.MapSingleSignOn();
        app.MapPasskeys();
        app.MapAccount();
        app.MapTwoFactor();
        app.MapUsers();
        app.MapUserPages();
        app.MapApiKeys();
        app.MapAudit();
    }

    private static void AddAuthentication(IServiceCollection services, ConfigurationManager configuration)
    {
        services.AddOptions<SingleSignOnOptions>().BindConfiguration(SingleSignOnOptions.Section)
            .Validate(o => o.IsValid, "SingleSignOn needs an https Authority, a ClientId, and for NewUsers viewer, contributor, editor or nothing.").ValidateOnStart();
        var authentication = services.AddAuthentication("Tangent");
        authentication.AddScheme<AuthenticationSchemeOptions, LocalAuthentication>(LocalAuthentication.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null)
            .AddPolicyScheme("Tangent", null, o => o.ForwardDefaultSelector = LocalAuthentication.SchemeFor);
        authentication.AddIdentityCookies();
        if (string.IsNullOrEmpty(configuration[$"{SingleSignOnOptions.Section}:{nameof(SingleSignOnOptions.Authority)}"])) return;
        services.AddSingleton(p => SingleSignOn.Provider(p.GetRequiredService<IOptions<SingleSignOnOptions>>().Value));
        services.AddOptions<OAuthOptions>(SingleSignOn.SchemeName).Configure<IOptions<SingleSignOnOptions>>((o, options) => SingleSignOn.Configure(o, options.Value));
        authentication.AddOAuth<OAuthOptions, SingleSignOnHandler>(SingleSignOn.SchemeName, _ => { });
    }
}
