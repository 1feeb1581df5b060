namespace Tangent.Collect;

/// <summary>How purposes and topics of consents are named, wherever they come in.</summary>
internal static class ConsentNames
{
    /// <summary>The purpose that is of the customer as such, and not of an address or a number.</summary>
    public const string Tracking = "tracking";

    private const int Most = 60;

    /// <summary>A key as it is kept: small letters, digits and <c>. _ -</c>; null where the text cannot be one.</summary>
    public static string? KeyOf(string? text)
    {
        var key = string.Join('-', (text ?? "").Trim().ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return key.Length is > 0 and <= Most && key.All(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '-') ? key : null;
    }
}
