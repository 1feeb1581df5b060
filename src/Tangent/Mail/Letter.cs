using System.Net.Mail;

namespace Tangent.Mail;

/// <summary>An e-mail to one person, as text and as HTML.</summary>
/// <param name="Unsubscribe">Address that ends letters of this kind with one click (RFC 8058); null for letters that a person asked for.</param>
internal sealed record Letter(string To, string Subject, string Text, string Html, Uri? Unsubscribe = null)
{
    /// <summary>Whether a letter can go to this address: a plain one, without a display name, and nothing in it that could become a header or a command.</summary>
    public static bool CanGoTo(string? address) =>
        address is { Length: > 0 and <= 254 } && address.All(c => c is > ' ' and not ('<' or '>' or '"' or '\u007f') && !char.IsControl(c))
        && MailAddress.TryCreate(address, out var read) && read.Address == address;

    /// <exception cref="ArgumentException">The recipient or the subject could not stand in a letter's head.</exception>
    public static Letter Of(string to, string subject, string text, string html, Uri? unsubscribe = null)
    {
        if (!CanGoTo(to)) throw new ArgumentException("The recipient is not an e-mail address.", nameof(to));
        if (subject.Any(char.IsControl)) throw new ArgumentException("The subject has control characters.", nameof(subject));
        return new Letter(to, subject, text, html, unsubscribe);
    }
}
