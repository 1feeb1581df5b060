namespace Tangent.Web;

/// <summary>What the filter of a question offers to choose from.</summary>
/// <param name="Channels">Channels.</param>
/// <param name="Touchpoints">Touchpoints.</param>
/// <param name="Accounts">Some customers belong to an account, so that accounts can be counted.</param>
public sealed record FilterChoices(IReadOnlyList<string> Channels, IReadOnlyList<string> Touchpoints, bool Accounts);
