using Tangent.Collect;
using Tangent.Data;
using Tangent.Web;

namespace Tangent.Unify;

internal static class UnifyModule
{
    public static void AddUnify(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<ProfileQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<ProfileQueries>());
        builder.Services.AddScoped<RecordQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<RecordQueries>());
        builder.Services.AddScoped<CustomerSearch>();
        builder.Services.AddScoped<CustomerPages>();
        builder.Services.AddSingleton<CustomerTimeline>();
        builder.Services.AddSingleton<JourneyPositions>();
        builder.Services.AddScoped<JoinSettingsQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<JoinSettingsQueries>());
        builder.Services.AddSingleton<Joiner>();
        builder.Services.AddHostedService(s => s.GetRequiredService<Joiner>());
        builder.Services.AddScoped<MergePolicyQueries>();
        builder.Services.AddSingleton<MergePolicies>();
        builder.Services.AddHostedService(s => s.GetRequiredService<MergePolicies>());
        builder.Services.AddScoped<IFinder, CustomerFinder>();
        builder.Services.AddScoped<Corrections>();
        builder.Services.AddSingleton<AccountIndex>();
        builder.Services.AddSingleton<AccountTraits>();
        builder.Services.AddSingleton<AccountBook>();
        builder.Services.AddScoped<AccountDetails>();
        builder.Services.AddScoped<Committees>();
        builder.Services.AddScoped<AccountParts>();
        builder.Services.AddScoped<IFinder, AccountFinder>();
        builder.Services.AddSingleton<PersonMatch>();
        builder.Services.AddScoped<ReviewQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<ReviewQueries>());
        builder.Services.AddScoped<Reviews>();
        builder.Services.AddSingleton<DuplicateSearch>();
        builder.Services.AddHostedService(s => s.GetRequiredService<DuplicateSearch>());
        builder.Services.AddSingleton<TraitIndex>();
        builder.Services.AddSingleton<SegmentCatalogue>();
        builder.Services.AddHostedService(s => s.GetRequiredService<SegmentCatalogue>());
        builder.Services.AddSingleton<SegmentMembers>();
        builder.Services.AddScoped<SegmentQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<SegmentQueries>());
        builder.Services.AddSingleton<ConsentPurposes>();
        builder.Services.AddHostedService(s => s.GetRequiredService<ConsentPurposes>());
        builder.Services.AddSingleton<ContactPoints>();
        builder.Services.AddSingleton<RestrictedPoints>();
        builder.Services.AddSingleton<ConsentReading>();
        builder.Services.AddSingleton<ConsentMembers>();
        builder.Services.AddSingleton<PreferenceLinks>();
        builder.Services.AddSingleton<PreferenceLimit>();
        builder.Services.AddScoped<ConsentQueries>();
        builder.Services.AddScoped<ConsentPurposeQueries>();
        builder.Services.AddScoped<Consents>();
        builder.Services.AddScoped<ConsentViews>();
        builder.Services.AddScoped<PreferenceCentre>();
        builder.Services.AddSingleton<ConfirmationLinks>();
        builder.Services.AddScoped<ConfirmationQueries>();
        builder.Services.AddScoped<ConfirmationLetters>();
        builder.Services.AddScoped<Confirmations>();
        builder.Services.AddScoped<IKeepsPersonalData, ConsentErasure>();
        builder.Services.AddSingleton<ConsentFeed>();
        builder.Services.AddHostedService(s => s.GetRequiredService<ConsentFeed>());
        builder.Services.AddSingleton<ILogFollower>(s => s.GetRequiredService<ConsentFeed>());
        builder.Services.AddScoped<PrivacyQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<PrivacyQueries>());
        builder.Services.AddSingleton<Restrictions>();
        builder.Services.AddHostedService(s => s.GetRequiredService<Restrictions>());
        builder.Services.AddScoped<PersonData>();
        builder.Services.AddScoped<PersonDecisions>();
        builder.Services.AddSingleton<ProfileFeed>();
        builder.Services.AddHostedService(s => s.GetRequiredService<ProfileFeed>());
        builder.Services.AddSingleton<ILogFollower>(s => s.GetRequiredService<ProfileFeed>());
        builder.Services.AddSingleton<IBackupWitness, ProfileWitness>();
    }

    public static void UseUnify(this WebApplication app)
    {
        app.Use(CustomerFilter.ResolveAsync);
        app.MapCustomers();
        app.MapTimelines();
        app.MapJourneyPositions();
        app.MapMergePolicies();
        app.MapJoining();
        app.MapCustomerDecisions();
        app.MapAccounts();
        app.MapAccountPages();
        app.MapCommittees();
        app.MapRecords();
        app.MapTraits();
        app.MapMatches();
        app.MapReviews();
        app.MapSegments();
        app.MapSegmentPages();
        app.MapPrivacy();
        app.MapPrivacyPages();
        app.MapConsents();
        app.MapPurposes();
        app.MapCustomerConsents();
        app.MapPreferenceCentre();
        app.MapConfirmations();
    }
}
