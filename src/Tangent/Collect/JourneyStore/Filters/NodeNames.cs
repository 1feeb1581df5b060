using Tangent.Map;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

/// <summary>Touchpoints under the names that a question uses: as they are, some put together as one, or by their stage.</summary>
internal sealed class NodeNames
{
    private readonly List<string> _names;
    private readonly Func<string, ushort?> _find;

    private NodeNames(ushort[] ofSignature, List<string> names, Func<string, ushort?> find) => (OfSignature, _names, _find) = (ofSignature, names, find);

    /// <summary>Code of each signature.</summary>
    public ushort[] OfSignature { get; }

    /// <summary>The codes are of one question; else they are those of all.</summary>
    public bool IsPassing { get; private init; } = true;

    public string Name(ushort code) => _names[code];

    /// <returns>The code of a name; of a touchpoint that is part of a group, the group's. Null where there is none.</returns>
    public ushort? Find(string name) => _find(name);

    /// <summary>Every touchpoint by itself, but those of a group as one node of the group's name.</summary>
    /// <returns>Null where a group cannot be; <paramref name="refusal"/> says why.</returns>
    public static NodeNames? Of(TouchpointTable table, IReadOnlyList<NamedValue> groups, out Refusal? refusal)
    {
        refusal = null;
        if (groups.Count == 0) return new NodeNames(table.OfSignature, [.. Enumerable.Range(0, table.Count).Select(c => table.Name((ushort)c))], table.Find) { IsPassing = false };
        ushort[] codes = [.. Enumerable.Range(0, table.Count).Select(c => (ushort)c)];
        var names = codes.Select(table.Name).ToList();
        foreach (var group in groups.GroupBy(g => g.Name, StringComparer.Ordinal))
        {
            var field = "group." + group.Key;
            foreach (var member in group)
            {
                if (table.Find(member.Value) is not { } code) refusal = Unknown(field, member.Value);
                else if (codes[code] != code) refusal = new Refusal(field, T("Collect.Refusal.TwoGroups", member.Value));
                else codes[code] = (ushort)names.Count;
            }

            // Its name may be that of one of its own touchpoints, but not of another one.
            if (table.Find(group.Key) is { } same && codes[same] != names.Count) refusal = new Refusal(field, T("Collect.Refusal.GroupName", group.Key));
            names.Add(group.Key);
        }

        if (refusal is not null) return null;
        return new NodeNames([.. table.OfSignature.Select(c => codes[c])], names, name =>
            table.Find(name) is { } code ? codes[code]
            : names.FindIndex(table.Count, n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase)) is var group and >= 0 ? (ushort)group
            : null);
    }

    /// <summary>The stage of every touchpoint. Events at a touchpoint that is not in the catalogue have none and are left out of journeys.</summary>
    public static NodeNames ByStage(TouchpointTable table)
    {
        List<string> names = [.. Enum.GetNames<LifeCycleStage>()];
        return new NodeNames([.. table.OfSignature.Select(c => table.Stage(c) is { } stage ? (ushort)stage : Engine.Code.None)], names, name =>
            names.FindIndex(n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase)) is var stage and >= 0 ? (ushort)stage : null);
    }

    private static Refusal Unknown(string field, string touchpoint) => new(field, T("Collect.Refusal.Touchpoint", touchpoint));
}
