using System.Text.RegularExpressions;

namespace Tangent.Measure;

/// <summary>What a mail server says of a letter it could not deliver (RFC 3464): a report of several parts, one of them for programs, one the letter itself or its head.</summary>
/// <param name="Letter">Message-ID of the letter that came back.</param>
/// <param name="Action">failed, delayed, delivered, relayed or expanded.</param>
/// <param name="Status">Such as 5.1.1 (RFC 3463).</param>
/// <param name="Recipients">Addresses the report is of: to whom the letter went, and to whom it was sent on; none where it does not say.</param>
internal sealed partial record DeliveryReport(string Letter, string Action, string Status, IReadOnlyList<string> Recipients)
{
    // A head is some dozens of lines.
    private const int LongestHead = 1 << 16;

    private static readonly string[] RecipientFields = ["Original-Recipient", "Final-Recipient"];

    /// <summary>It is this address that did not take the letter, and not one to which its owner has letters sent on.</summary>
    public bool IsAbout(string address) => Recipients.Count == 0 || Recipients.Contains(address, StringComparer.OrdinalIgnoreCase);

    /// <summary>The letter will not arrive.</summary>
    public bool IsFailure => Action == "failed";

    /// <summary>It is the address that takes no letters for good: not a full mailbox, and not (x.7.x) a policy of the server.</summary>
    public bool IsOfAddress => IsFailure && Status.StartsWith("5.", StringComparison.Ordinal) && !Status.StartsWith("5.7.", StringComparison.Ordinal) && Status != "5.2.2";

    /// <returns>Null where the message is no such report.</returns>
    public static DeliveryReport? Read(string message)
    {
        var (head, body) = Split(message.ReplaceLineEndings("\n"));
        if (!Field(head, "Content-Type").StartsWith("multipart/report", StringComparison.OrdinalIgnoreCase) || Boundary().Match(Field(head, "Content-Type")) is not { Success: true } boundary) return null;
        var parts = ("\n" + body).Split("\n--" + boundary.Groups["quoted"].Value + boundary.Groups["plain"].Value).Skip(1).TakeWhile(p => !p.StartsWith("--", StringComparison.Ordinal))
            .Select(p => Split(p.TrimStart('\n'))).ToList();
        // A report may be of several recipients, each in a block; letters from here have one.
        var status = parts.Where(p => IsOf(p.Head, "message/delivery-status")).SelectMany(p => p.Body.Split("\n\n")).FirstOrDefault(b => Field(b, "Action").Length > 0);
        var returned = parts.Where(p => IsOf(p.Head, "message/rfc822") || IsOf(p.Head, "text/rfc822-headers")).Select(p => Field(Split(p.Body.TrimStart('\n')).Head, "Message-ID")).FirstOrDefault(id => id.Length > 0);
        return status is null || returned is null || StatusCode().Match(Field(status, "Status")) is not { Success: true } code ? null : new DeliveryReport(returned, Field(status, "Action").Split(' ', ';')[0].ToLowerInvariant(), code.Value, RecipientsOf(status));
    }

    private static (string Head, string Body) Split(string text)
    {
        var at = text.IndexOf("\n\n", StringComparison.Ordinal);
        return at < 0 ? (text, "") : (text[..at], text[(at + 2)..]);
    }

    private static List<string> RecipientsOf(string status) =>
        [.. RecipientFields.Select(name => Field(status, name)).Where(v => v.Length > 0).Select(v => v[(v.IndexOf(';', StringComparison.Ordinal) + 1)..].Trim().Trim('<', '>'))];

    private static bool IsOf(string head, string type) => Field(head, "Content-Type").StartsWith(type, StringComparison.OrdinalIgnoreCase);

    /// <summary>The text of a field, on one line; empty where there is none.</summary>
    private static string Field(string head, string name)
    {
        if (head.Length > LongestHead) return "";
        var lines = head.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)) continue;
            var text = lines[i][(name.Length + 1)..];
            while (i + 1 < lines.Length && lines[i + 1] is [' ' or '\t', ..]) text += lines[++i];
            return text.Trim();
        }

        return "";
    }

    [GeneratedRegex("""boundary\s*=\s*(?:"(?<quoted>[^"]+)"|(?<plain>[^\s;]+))""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Boundary();

    [GeneratedRegex(@"^[245]\.\d{1,3}\.\d{1,3}", RegexOptions.CultureInvariant)]
    private static partial Regex StatusCode();
}
