using Tangent.Map;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

/// <summary>Gives events their touchpoints: by a rule, and by a new touchpoint where the catalogue has none of the name.</summary>
internal sealed class Mapping(JourneyStore journeys, TouchpointRuleQueries rules, TouchpointQueries touchpoints, TouchpointCatalogue catalogue)
{
    public async Task<MappingModel> LookAsync(CancellationToken ct) =>
        MappingModel.Of(journeys.Signatures(), await rules.ListAsync(ct), catalogue.Touchpoints);

    /// <returns>Why not; null where it was done.</returns>
    public async Task<string?> AddAsync(MappingForm form, CancellationToken ct)
    {
        var rule = new TouchpointRuleModel(0, 0, form.Event, form.Channel, form.Source, form.Path, form.Campaign).ToRule();
        string[] conditions = [rule.Event, rule.Channel, rule.Source, rule.Path, rule.Campaign];
        if (conditions.All(c => c.Length == 0)) return T("Collect.Mapping.ConditionNeeded");
        var (touchpoint, refusal) = await NamedAsync(form.Touchpoint?.Trim() ?? "", rule.Channel, ct);
        if (touchpoint is null) return refusal;
        // A touchpoint that is called like the event claims it without a rule.
        if (touchpoint.Name == rule.Event && rule is { Source: "", Path: "", Campaign: "" }) return null;
        rule.TouchpointId = touchpoint.Id;
        // The more exact a rule is, the earlier it is tried: one with a path must not be shadowed by one without.
        await rules.AddAsync([rule], first: rule.Path.Length > 0 || rule.Campaign.Length > 0 || rule.Source.Length > 0, ct);
        return null;
    }

    /// <summary>Maps what is most frequent among the unmapped to what is suggested, where that joins it with nothing else: what only seems alike is for people to decide.</summary>
    /// <returns>How many event names were mapped.</returns>
    public async Task<int> AcceptAsync(CancellationToken ct)
    {
        var accepted = 0;
        foreach (var events in (await LookAsync(ct)).Plain)
        {
            var form = new MappingForm { Event = events.Event, Channel = events.Channel, Touchpoint = events.Suggestion };
            if (await AddAsync(form, ct) is null) accepted++;
        }

        return accepted;
    }

    public async Task MoveAsync(int id, int by, CancellationToken ct)
    {
        var ids = (await rules.ListAsync(ct)).ConvertAll(r => r.Id);
        var at = ids.IndexOf(id);
        if (at < 0) return;
        ids.RemoveAt(at);
        ids.Insert(Math.Clamp(at + by, 0, ids.Count), id);
        await rules.ReorderAsync(ids, ct);
    }

    private async Task<(Touchpoint? Touchpoint, string? Refusal)> NamedAsync(string name, string channel, CancellationToken ct)
    {
        if (catalogue.Named(name) is { } known) return (known, null);
        var touchpoint = new Touchpoint { Name = "" };
        if (new TouchpointModel(0, name, channel).ApplyTo(touchpoint) is not null) return (null, T("Collect.Mapping.NameNeeded", Touchpoint.NameLength));
        await touchpoints.AddAsync([touchpoint], ct);
        return (touchpoint, null);
    }
}
