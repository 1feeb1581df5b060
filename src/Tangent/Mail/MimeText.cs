using System.Net.Mail;
using System.Net.Mime;
using System.Text;

namespace Tangent.Mail;

/// <summary>A letter as RFC 5322 text. The framework writes it (encodings, folding, alternatives); it can do so into a folder only.</summary>
internal static class MimeText
{
    /// <returns>Lines ended by CRLF, ready for DATA: a dot at the beginning of a line is doubled.</returns>
    public static byte[] Of(Letter letter, string from, string messageId)
    {
        using var message = new MailMessage { From = new MailAddress(from), Subject = letter.Subject, SubjectEncoding = Encoding.UTF8 };
        message.To.Add(new MailAddress(letter.To));
        message.Headers.Add("Message-ID", messageId);
        // No out-of-office answers to a program.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        if (letter.Unsubscribe is { } address)
        {
            message.Headers.Add("List-Unsubscribe", $"<{address}>");
            message.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }

        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(letter.Text, Encoding.UTF8, MediaTypeNames.Text.Plain));
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(letter.Html, Encoding.UTF8, MediaTypeNames.Text.Html));
        // Only this user can read the folder.
        var folder = Directory.CreateTempSubdirectory("tangent-mail");
        try
        {
            using (var pickup = new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = folder.FullName }) pickup.Send(message);
            var lines = File.ReadAllText(folder.GetFiles().Single().FullName, Encoding.Latin1).ReplaceLineEndings("\r\n").TrimEnd().Split("\r\n");
            var own = lines.SkipWhile(l => l.StartsWith("X-Sender:", StringComparison.Ordinal) || l.StartsWith("X-Receiver:", StringComparison.Ordinal));
            return Encoding.Latin1.GetBytes(string.Concat(own.Select(l => (l.StartsWith('.') ? "." + l : l) + "\r\n")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
