using System.Globalization;
using System.Net;
using System.Text;
using static Tangent.Web.Texts;

namespace Tangent.Mail;

/// <summary>A link of a letter by its words.</summary>
internal sealed record LetterChoice(string Words, string Address);

/// <param name="Button">Words of the link, null where the letter has none.</param>
/// <param name="Choices">Links side by side, such as the numbers of a scale.</param>
/// <param name="Last">A link under the letter.</param>
/// <param name="Why">Why somebody gets the letter; null where it is because of the account here.</param>
internal sealed record LetterBody(
    string Subject, IReadOnlyList<string> Paragraphs, string? Button = null, string? Address = null, IReadOnlyList<LetterChoice>? Choices = null, LetterChoice? Last = null, string? Why = null);

/// <summary>The look of every letter: the text for readers that show text, and plain HTML without pictures, scripts or styles from elsewhere.</summary>
internal static class LetterLayout
{
    /// <param name="to">The person.</param>
    /// <param name="language"><c>en</c>, <c>de</c> or <c>pl</c>: the language of the person, not of the request.</param>
    /// <param name="company">Name under the letter; empty where the company has none yet.</param>
    /// <param name="body">Called in that language, so that its texts are.</param>
    public static Letter Write(string to, string language, string company, Func<LetterBody> body) => In(language, () =>
    {
        var says = body();
        var foot = says.Why ?? (company.Length > 0 ? T("Mail.Foot.Company", company) : T("Mail.Foot"));
        return Letter.Of(to, says.Subject, Plain(says, foot), Html(says, foot, language));
    });

    private static string Plain(LetterBody body, string foot)
    {
        var text = new StringBuilder();
        foreach (var paragraph in body.Paragraphs) text.Append(paragraph).Append("\n\n");
        if (body.Button is not null) text.Append(body.Button).Append(":\n").Append(body.Address).Append("\n\n");
        text.Append("-- \n").Append(foot).Append('\n');
        if (body.Last is { } last) text.Append(last.Words).Append(": ").Append(last.Address).Append('\n');
        return text.ToString();
    }

    private static string Html(LetterBody body, string foot, string language)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<!DOCTYPE html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Encode(body.Subject)}</title></head>\n");
        html.Append("<body style=\"margin:0;padding:24px;background:#f4f5f7;color:#1b2430;font:16px/1.5 system-ui,sans-serif\">\n<div style=\"max-width:560px;margin:0 auto;padding:32px;background:#fff;border-radius:12px\">\n");
        html.Append(CultureInfo.InvariantCulture, $"<h1 style=\"margin:0 0 16px;font-size:20px\">{Encode(body.Subject)}</h1>\n");
        foreach (var paragraph in body.Paragraphs) html.Append(CultureInfo.InvariantCulture, $"<p>{Encode(paragraph)}</p>\n");
        if (body.Choices is { Count: > 0 } choices)
            html.Append("<p>").AppendJoin(' ', choices.Select(c => $"<a href=\"{Encode(c.Address)}\" style=\"display:inline-block;min-width:20px;margin:0 2px 6px 0;padding:8px 9px;border:1px solid #0b5fff;color:#0b5fff;border-radius:6px;text-align:center;text-decoration:none\">{Encode(c.Words)}</a>")).Append("</p>\n");
        if (body.Button is not null)
        {
            // The address stands there in words too: a reader should see where a button leads.
            html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"{Encode(body.Address!)}\" style=\"display:inline-block;padding:10px 20px;background:#0b5fff;color:#fff;border-radius:8px;text-decoration:none\">{Encode(body.Button)}</a></p>\n");
            html.Append(CultureInfo.InvariantCulture, $"<p style=\"font-size:13px;color:#5b6675;word-break:break-all\">{Encode(body.Address!)}</p>\n");
        }

        return html.Append(CultureInfo.InvariantCulture, $"</div>\n<p style=\"max-width:560px;margin:16px auto;font-size:13px;color:#5b6675\">{Encode(foot)}{(body.Last is { } last ? $"<br><a href=\"{Encode(last.Address)}\" style=\"color:#5b6675\">{Encode(last.Words)}</a>" : "")}</p>\n</body></html>\n").ToString();
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
