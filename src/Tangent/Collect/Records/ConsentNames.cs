namespace Tangent.Collect;

/// <summary>How purposes and topics of consents are named, wherever they come in.</summary>
internal static class ConsentNames
{
    /// <summary>The purpose that is of the customer as such, and not of an address or a number.</summary>
    public const string Tracking = "tracking";

    private const int Most = 60;
    private const int LeastDigits = 4;

    private static readonly string[] Kinds = ["email", "mailto", "phone", "tel", "post", "tracking"];

    /// <summary>A contact point as it is named, <c>kind:value</c>; an address and a number tell their kind.</summary>
    /// <returns>Null where the text names none.</returns>
    public static string? PointOf(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (kind, value) = colon > 0 ? (text[..colon].Trim().ToLowerInvariant(), text[(colon + 1)..].Trim()) : (text.Contains('@', StringComparison.Ordinal) ? "email" : "phone", text.Trim());
        return !Kinds.Contains(kind) || value.Length == 0 ? null
            : kind is "email" or "mailto" && EmailValue.Of(value).Length == 0 ? null
            : kind is "phone" or "tel" && value.Count(char.IsAsciiDigit) < LeastDigits ? null : $"{kind}:{value}";
    }

    /// <summary>A key as it is kept: small letters, digits and <c>. _ -</c>; null where the text cannot be one.</summary>
    public static string? KeyOf(string? text)
    {
        var key = string.Join('-', (text ?? "").Trim().ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return key.Length is > 0 and <= Most && key.All(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '-') ? key : null;
    }
}
