using Tangent.Map;

namespace Tangent.Unify;

/// <summary>How the roles of the buying committee are written.</summary>
internal static class BuyingRoles
{
    /// <summary>The trait of a person that says the role.</summary>
    public const string Trait = "buyingRole";

    public static readonly IReadOnlyList<BuyingRole> All = Enum.GetValues<BuyingRole>();

    /// <summary>Without their word nothing is bought: to them silence matters.</summary>
    public static readonly IReadOnlyList<BuyingRole> Deciding = [BuyingRole.Decider, BuyingRole.Buyer];

    // As HubSpot (hs_buying_role) and Salesforce (OpportunityContactRole) write them, and as people do in German and Polish.
    private static readonly Dictionary<string, BuyingRole> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["initiator"] = BuyingRole.Initiator,
        ["champion"] = BuyingRole.Initiator,
        ["inicjator"] = BuyingRole.Initiator,
        ["user"] = BuyingRole.User,
        ["end user"] = BuyingRole.User,
        ["business user"] = BuyingRole.User,
        ["anwender"] = BuyingRole.User,
        ["nutzer"] = BuyingRole.User,
        ["użytkownik"] = BuyingRole.User,
        ["influencer"] = BuyingRole.Influencer,
        ["evaluator"] = BuyingRole.Influencer,
        ["technical buyer"] = BuyingRole.Influencer,
        ["beeinflusser"] = BuyingRole.Influencer,
        ["doradca"] = BuyingRole.Influencer,
        ["decider"] = BuyingRole.Decider,
        ["decision maker"] = BuyingRole.Decider,
        ["executive sponsor"] = BuyingRole.Decider,
        ["entscheider"] = BuyingRole.Decider,
        ["decydent"] = BuyingRole.Decider,
        ["buyer"] = BuyingRole.Buyer,
        ["budget holder"] = BuyingRole.Buyer,
        ["economic buyer"] = BuyingRole.Buyer,
        ["economic decision maker"] = BuyingRole.Buyer,
        ["einkäufer"] = BuyingRole.Buyer,
        ["kupujący"] = BuyingRole.Buyer,
        ["gatekeeper"] = BuyingRole.Gatekeeper,
        ["blocker"] = BuyingRole.Gatekeeper,
        ["legal and compliance"] = BuyingRole.Gatekeeper,
        ["türöffner"] = BuyingRole.Gatekeeper,
        ["strażnik"] = BuyingRole.Gatekeeper,
    };

    /// <returns>The role a word stands for; null where it is none.</returns>
    public static BuyingRole? Read(string? word) =>
        Words.TryGetValue((word ?? "").Trim().Replace('_', ' ').Replace('-', ' '), out var role) ? role : null;

    /// <summary>As the trait and the API write it.</summary>
    public static string Written(BuyingRole role) => role.ToString().ToLowerInvariant();
}
