using System.Globalization;
using System.Text.Json.Nodes;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>Finds accounts and puts together what is known of one.</summary>
internal sealed class AccountDetails(JourneyStore journeys, AccountBook book, ProfileQueries profiles, MergePolicies policies, Corrections corrections, Sensitivity sensitivity)
{
    public async Task<AccountsAnswer> ListAsync(string? search, Paging page, CancellationToken ct)
    {
        var at = await book.NowAsync(ct);
        var words = FoldedText.Of(search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var masking = sensitivity.Now;
        var rows = words.Length == 0 ? at.Rows : [.. at.Rows.Where(r => at.Tree.Of(r.Id).Has(words, masking))];
        var rest = page.After is { } after ? rows.SkipWhile(r => string.Compare(Place(r), after, StringComparison.Ordinal) <= 0) : rows;
        AccountRow[] some = [.. rest.Skip(Math.Max(0, page.Skip)).Take(Math.Clamp(page.Take, 1, Paging.Most) + 1)];
        return some.Length > page.Take ? new AccountsAnswer(rows.Count, some[..page.Take], Place(some[page.Take - 1])) : new AccountsAnswer(rows.Count, some);
    }

    /// <returns>Null where there is no such account.</returns>
    public async Task<AccountAnswer?> FindAsync(string account, CancellationToken ct)
    {
        var at = await book.NowAsync(ct);
        if (at.Find(account) is not { } row) return null;
        var record = GoldenRecord.Of(await profiles.FindAsync([Profile.AccountPrefix + account], ct), policies).Masked(sensitivity.Now);
        return new AccountAnswer(row, record.Values, [.. at.Tree.Above(account).Select(Related)], [.. at.Tree.Below(account).Select(Related)], CoverageAnswer.Of(at.Of(account)));
    }

    /// <summary>A page of the account's journey.</summary>
    public async Task<AccountJourneyAnswer> JourneyAsync(string account, string? channel, Paging page, CancellationToken ct)
    {
        if (journeys.JourneyOfAccount(account, channel is { Length: > 0 } ? channel : null, page) is not { } journey) return new AccountJourneyAnswer(0, []);
        var at = await book.NowAsync(ct);
        var roles = at.Of(account).Where(m => m.Role is not null).ToDictionary(m => m.Member.Customer, m => m.Role);
        var names = new Dictionary<int, string>();
        var identities = journey.Events.Select(e => e.Customer).Distinct().Select(journeys.Identity).ToList();
        var said = (await profiles.FindAsync(identities.SelectMany(i => i.Identifiers), ct)).ToLookup(p => p.Key, StringComparer.Ordinal);
        foreach (var identity in identities)
        {
            var record = GoldenRecord.Of(identity.Identifiers.SelectMany(i => said[i]), policies).Masked(sensitivity.Now);
            names[identity.Customer] = record.Name.Length > 0 ? record.Name : record.Email.Length > 0 ? record.Email : identity.Id;
        }

        return new AccountJourneyAnswer(journey.Total, [.. journey.Events.Select(e => new AccountEventItem(e.Customer, names.GetValueOrDefault(e.Customer) ?? "", roles.GetValueOrDefault(e.Customer), e.Event))], journey.Next);
    }

    /// <summary>Says which company is above; empty for none, null takes back what people said, and the sources count again.</summary>
    /// <returns>Why it is not kept.</returns>
    public async Task<Refusal?> SayParentAsync(string? account, string? parent, string by, CancellationToken ct)
    {
        var at = await book.NowAsync(ct);
        if (account is null || at.Find(account) is null) return new Refusal("account", T("Unify.Accounts.Unknown", account));
        if (parent is { Length: > 0 } && at.Find(parent) is null) return new Refusal("parent", T("Unify.Accounts.Unknown", parent));
        if (parent is { Length: > 0 } && at.Tree.IsCircle(account, parent)) return new Refusal("parent", T("Unify.Accounts.Circle", at.Tree.Of(parent).Name, at.Tree.Of(account).Name));
        await corrections.SayAsync(Profile.AccountPrefix + account, new JsonObject { [AccountFacts.ParentTrait] = parent }, by, ct);
        await book.ForgetAsync(ct);
        return null;
    }

    private static RelatedAccount Related(AccountFacts facts) => new(facts.Id, facts.Name);

    /// <summary>Where an account stands in the list, as a text that sorts like it: the latest first, then by id.</summary>
    private static string Place(AccountRow row) => string.Create(CultureInfo.InvariantCulture, $"{DateTime.MaxValue.Ticks - (row.Last ?? DateTime.MinValue).Ticks:D19} {row.Id}");
}
