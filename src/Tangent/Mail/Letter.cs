using System.Globalization;
using System.Net.Mail;

namespace Tangent.Mail;

/// <summary>An e-mail to one person, as text and as HTML.</summary>
/// <param name="Unsubscribe">Address to which mail programs post when the reader wants no more such letters (RFC 8058); null for letters that somebody asked for.</param>
internal sealed record Letter(string To, string Subject, string Text, string Html, string? Unsubscribe = null)
{
    private static readonly IdnMapping Idn = new();

    /// <summary>Whether a letter can go to this address: a plain one, without a display name, and nothing in it that could become a header or a command.</summary>
    public static bool CanGoTo(string? address) =>
        address is { Length: > 0 and <= 254 } && address.All(c => c is > ' ' and not ('<' or '>' or '"' or '\u007f') && !char.IsControl(c))
        && MailAddress.TryCreate(address, out var read) && read.Address == address && AsciiHost(read.Host) is not null;

    /// <summary>The name of a host as it is sent over the network; null where it cannot be one.</summary>
    public static string? AsciiHost(string host)
    {
        try
        {
            return Idn.GetAscii(host);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <exception cref="ArgumentException">The recipient or the subject could not stand in a letter's head.</exception>
    public static Letter Of(string to, string subject, string text, string html)
    {
        if (!CanGoTo(to)) throw new ArgumentException("The recipient is not an e-mail address.", nameof(to));
        if (subject.Any(char.IsControl)) throw new ArgumentException("The subject has control characters.", nameof(subject));
        return new Letter(to, subject, text, html);
    }
}
