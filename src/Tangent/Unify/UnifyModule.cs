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
        builder.Services.AddSingleton<AbsorbedIdentifiers>(s => s.GetRequiredService<JourneyStore>().Absorbed);
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
        builder.Services.AddScoped<ReviewBandQueries>();
        builder.Services.AddScoped<Reviews>();
        builder.Services.AddOptions<HouseholdOptions>().BindConfiguration(HouseholdOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<HouseholdIndex>();
        builder.Services.AddHostedService(s => s.GetRequiredService<HouseholdIndex>());
        builder.Services.AddSingleton<HouseholdList>();
        builder.Services.AddSingleton<IFindMembers, HouseholdMembers>();
        builder.Services.AddScoped<Households>();
        builder.Services.AddScoped<NewcomerQueries>();
        builder.Services.AddSingleton<Newcomers>();
        builder.Services.AddScoped<ExactKeys>();
        builder.Services.AddScoped<Candidates>();
        builder.Services.AddHostedService(s => s.GetRequiredService<Newcomers>());
        builder.Services.AddSingleton<DuplicateSearch>();
        builder.Services.AddHostedService(s => s.GetRequiredService<DuplicateSearch>());
        builder.Services.AddSingleton<TraitIndex>();
        builder.Services.AddSingleton<SegmentCatalogue>();
        builder.Services.AddHostedService(s => s.GetRequiredService<SegmentCatalogue>());
        builder.Services.AddSingleton<SegmentMembers>();
        builder.Services.AddSingleton<PersonaMembers>();
        builder.Services.AddScoped<PersonaBook>();
        builder.Services.AddScoped<PersonaDemo>();
        builder.Services.AddScoped<SegmentQueries>();
        builder.Services.AddScoped<IKeepsPersonalData>(s => s.GetRequiredService<SegmentQueries>());
        builder.Services.AddScoped<INameSegments>(s => s.GetRequiredService<SegmentQueries>());
        builder.Services.AddSingleton<ConsentPurposes>();
        builder.Services.AddHostedService(s => s.GetRequiredService<ConsentPurposes>());
        builder.Services.AddSingleton<ContactPoints>();
        builder.Services.AddSingleton<RestrictedPoints>();
        builder.Services.AddSingleton<ConsentReading>();
        builder.Services.AddSingleton<UnknownPoints>();
        builder.Services.AddSingleton<ConsentMembers>();
        builder.Services.AddSingleton<IFindMembers>(s => s.GetRequiredService<ConsentMembers>());
        builder.Services.AddSingleton<PreferenceLinks>();
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
        builder.Services.AddSingleton<Retention>();
        builder.Services.AddSingleton<NightlyRetention>();
        builder.Services.AddHostedService(s => s.GetRequiredService<NightlyRetention>());
        builder.Services.AddSingleton(RetentionPeriods.Setting);
        builder.Services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section)
            .Validate(o => RetentionPeriods.Read(o.Periods) is not null, "Retention:Periods cannot be read. Use for example visitors=90, events=1095.")
            .Validate(o => o.Hour is >= 0 and <= 23, "Retention:Hour must be 0 to 23.").ValidateOnStart();
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
        app.MapAccountRecords();
        app.MapCommittees();
        app.MapRecords();
        app.MapTraits();
        app.MapMatches();
        app.MapReviewBands();
        app.MapReviews();
        app.MapCandidates();
        app.MapHouseholds();
        app.MapSegments();
        app.MapSegmentPages();
        app.MapPersonas();
        app.MapPersonaPages();
        app.MapPrivacy();
        app.MapPrivacyPages();
        app.MapRetentionPeriods();
        app.MapConsents();
        app.MapPurposes();
        app.MapCustomerConsents();
        app.MapPreferenceCentre();
        app.MapConfirmations();
    }
}
