using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Tangent.Data;
using Tangent.Mail;
using Tangent.Unify;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>Writes the letters that ask: with the first question's scale as links, and a way to say no to such letters.</summary>
internal sealed class SurveyLetters(OutboxQueries outbox, SurveyLinks links, PreferenceLinks preferences, Consents consents, IOptionsMonitor<CompanyOptions> company)
{
    /// <summary>Puts the letter into the outbox of this context.</summary>
    /// <returns>Its id.</returns>
    public async Task<Guid> PutAsync(Survey survey, SurveyDefinition definition, Decision decision, JsonObject traits, ContactPoint point, CancellationToken ct)
    {
        var language = definition.LanguageFor(Language(traits));
        var ticket = new SurveyTicket(survey.Id, Guid.CreateVersion7(), decision.Key, definition.Touchpoint ?? "", "letter", point.Value);
        var (address, token) = (links.PublicAddress!, links.Token(ticket));
        var link = $"{address}{SurveyLinks.Path}{token}?lang={language}";
        var no = preferences.Make(address, point, await consents.KeyOfAsync(point, ct), PreferenceLinks.MostDays, definition.Ask!.Purpose!);
        // A trait may hold anything; a letter's head takes no control characters.
        string Say(IReadOnlyDictionary<string, string>? text) => string.Concat(Variables.Fill(definition.In(text, language), traits).Select(c => char.IsControl(c) ? ' ' : c));
        var session = new AnswerSession(ticket, definition, new Response { Key = ticket.Key }, traits) { Point = point };
        var first = session.Asked(session.From(0)) is [var asked, ..] ? asked : null;
        var choices = first?.Scale is var (lowest, highest)
            ? Enumerable.Range(lowest, highest - lowest + 1).Select(n => n.ToString(CultureInfo.InvariantCulture)).Select(n => new LetterChoice(n, $"{link}&q={first.Key}&a={n}")).ToList() : [];
        var ends = first?.Scale is var (low, high) && first is { Low: not null, High: not null } ? $"{low} – {Say(first.Low)}, {high} – {Say(first.High)}" : "";
        var letter = LetterLayout.Write(point.Value, language, company.CurrentValue.Name, () => new LetterBody(
            Say(definition.Title), [.. new[] { Say(definition.Intro), Say(first?.Text), ends }.Where(p => p.Length > 0)],
            T("Measure.Letter.Answer"), link, choices, new LetterChoice(T("Measure.Letter.Unsubscribe"), no.Url), Why: company.CurrentValue.Name is { Length: > 0 } name ? T("Measure.Letter.WhyCompany", name) : T("Measure.Letter.Why")));
        return outbox.Put(letter with { UnsubscribeUrl = no.OneClickUrl }).Id;
    }

    private static string Language(JsonObject traits)
    {
        var said = TraitReading.Simple(traits["language"]) is { Length: > 0 } language ? language : TraitReading.Simple(traits["locale"]);
        return said.Length >= 2 ? said[..2].ToLowerInvariant() : "";
    }
}
