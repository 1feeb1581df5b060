using System.Text.Json.Serialization;

namespace Tangent.Map;

/// <summary>The part somebody has in an account's decision to buy (Webster and Wind 1972; the initiator: Bonoma 1982).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BuyingRole>))]
public enum BuyingRole
{
    Initiator,
    User,
    Influencer,
    Decider,
    Buyer,
    Gatekeeper,
}
