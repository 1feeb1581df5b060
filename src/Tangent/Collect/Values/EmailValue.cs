namespace Tangent.Collect;

/// <summary>An e-mail address in the form in which two of them are compared; the original stays where it was.</summary>
internal static class EmailValue
{
    /// <summary>Trimmed, in lower case, without "mailto:", angle brackets and a tag after a plus sign.</summary>
    /// <returns>Empty where the text has no @ with something on either side.</returns>
    public static string Of(string text)
    {
        var span = text.AsSpan().Trim();
        if (span.LastIndexOf('<') is >= 0 and var open) span = span[(open + 1)..];
        span = span.TrimEnd('>').Trim();
        if (span.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)) span = span["mailto:".Length..];
        var at = span.LastIndexOf('@');
        if (at <= 0 || at == span.Length - 1 || span.ContainsAny(' ', '\t')) return "";
        var local = span[..at];
        if (local.IndexOf('+') is > 0 and var plus) local = local[..plus];
        return string.Concat(local, span[at..]).ToLowerInvariant();
    }

    /// <summary>The address itself, in small letters: a tag after a plus sign stays, since it may be another mailbox.</summary>
    /// <returns>Empty where the text is no address.</returns>
    public static string Address(string text)
    {
        var address = text.Trim().ToLowerInvariant();
        if (address.LastIndexOf('<') is >= 0 and var open) address = address[(open + 1)..].TrimEnd('>').Trim();
        if (address.StartsWith("mailto:", StringComparison.Ordinal)) address = address["mailto:".Length..];
        var at = address.LastIndexOf('@');
        return at > 0 && at < address.Length - 1 && !address.AsSpan().ContainsAny(" \t;,") ? address : "";
    }

    /// <summary>What stands before the @.</summary>
    public static ReadOnlySpan<char> Local(ReadOnlySpan<char> email) => email.IndexOf('@') is >= 0 and var at ? email[..at] : email;
}
