using System.Globalization;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    private const string PropertyGroups = "property.", TraitGroups = "trait.";

    /// <summary>The groups of a breakdown.</summary>
    /// <param name="Breakdown">What the engine counts by.</param>
    /// <param name="Name">Name of a group by its code.</param>
    /// <param name="Find">Code of a group by its name; null where there is none.</param>
    private sealed record FunnelGroups(Engine.FunnelBreakdown Breakdown, Func<ushort, string> Name, Func<string, ushort?> Find)
    {
        /// <summary>Those who never reached the step whose event gives the group.</summary>
        public bool LeavesOut(ushort group) => group == Engine.Code.None && Breakdown.Touch == Engine.FunnelTouch.Step;
    }

    private FunnelGroups? GroupsOf(FunnelQuestion question, Scope scope, out Refusal? refusal)
    {
        refusal = null;
        if (question.Breakdown is not { } breakdown) return null;
        var touch = question.Touch switch { null or "first" => Engine.FunnelTouch.First, "last" => Engine.FunnelTouch.Last, _ => Engine.FunnelTouch.Step };
        var step = 0;
        if (touch == Engine.FunnelTouch.Step && (!int.TryParse(question.Touch, NumberStyles.None, CultureInfo.InvariantCulture, out step) || step < 1 || step > question.Steps.Count))
        {
            refusal = new Refusal("touch", T("Collect.Refusal.Touch", question.Steps.Count));
            return null;
        }

        var groups = TextsOfSignatures(breakdown, scope.Touchpoints) is { } texts ? BySignature(texts)
            : breakdown.StartsWith(PropertyGroups, StringComparison.Ordinal) ? ByProperty(breakdown[PropertyGroups.Length..], out refusal)
            : breakdown.StartsWith(TraitGroups, StringComparison.Ordinal) ? ByTrait(question, out refusal)
            : null;
        if (groups is null) refusal ??= new Refusal("breakdown", T("Collect.Refusal.Breakdown"));
        // A trait is the customer's, whatever the event.
        return groups is null ? null : groups with { Breakdown = groups.Breakdown with { Touch = groups.Breakdown.OfCustomer is null ? touch : Engine.FunnelTouch.First, Step = Math.Max(0, step - 1) } };
    }

    private static string[]? TextsOfSignatures(string breakdown, TouchpointTable table) => breakdown switch
    {
        "channel" => table.Channels,
        "source" => [.. table.Signatures.Select(s => s.Source)],
        "campaign" => [.. table.Signatures.Select(s => s.Campaign)],
        "touchpoint" => [.. table.OfSignature.Select(table.Name)],
        _ => null,
    };

    private static FunnelGroups BySignature(string[] texts)
    {
        var names = new List<string>();
        var codes = new Dictionary<string, ushort>(StringComparer.OrdinalIgnoreCase);
        var ofSignature = new ushort[texts.Length];
        for (var s = 0; s < ofSignature.Length; s++)
        {
            if (!codes.TryGetValue(texts[s], out var code))
            {
                codes.Add(texts[s], code = (ushort)names.Count);
                names.Add(texts[s]);
            }

            ofSignature[s] = code;
        }

        return new FunnelGroups(new Engine.FunnelBreakdown(OfSignature: ofSignature), code => code < names.Count ? names[code] : "", name => codes.TryGetValue(name, out var code) ? code : null);
    }

    private FunnelGroups? ByProperty(string property, out Refusal? refusal)
    {
        var column = Column(property);
        refusal = Unusable(column, property) is { } why ? new Refusal("breakdown", why) : null;
        return refusal is not null ? null : new FunnelGroups(new Engine.FunnelBreakdown(Column: column), Text, Find);

        string Text(ushort code)
        {
            lock (feed.Journeys.Gate) return feed.Journeys.Codes.ValueText(column, code);
        }

        ushort? Find(string value)
        {
            lock (feed.Journeys.Gate) return feed.Journeys.Codes.FindValue(column, value) is var code and >= 0 ? (ushort)code : null;
        }
    }

    private static FunnelGroups? ByTrait(FunnelQuestion question, out Refusal? refusal)
    {
        refusal = null;
        if (question.Groups is not { } groups) return null;
        return new FunnelGroups(
            new Engine.FunnelBreakdown(OfCustomer: groups.OfCustomer), code => code < groups.Names.Count ? groups.Names[code] : "",
            name => name.Length == 0 ? Engine.Code.None : groups.Names.Select((n, i) => (n, i)).Where(x => x.n == name).Select(x => (ushort?)x.i).FirstOrDefault());
    }
}
