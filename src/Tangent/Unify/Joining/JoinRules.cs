using System.Text;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>A rule that joins stored customers: persons who share its key are compared by all of it.</summary>
/// <param name="Name">What it is called in joins and histories.</param>
/// <param name="Rule">The conditions; none where a list names the persons.</param>
/// <param name="Always">Values that stand for one person, with the column they are of.</param>
internal sealed record JoinRule(string Name, MatchRule? Rule, MatchList? Always)
{
    /// <summary>Traits that its key is made of.</summary>
    public IReadOnlyList<MatchCondition> Keys { get; } = Rule is null ? [] : [.. Rule.All.Where(c => c.Compare is Comparator.Exact or Comparator.Phonetic)];

    /// <summary>Every trait it looks at.</summary>
    public IReadOnlyList<string> Traits { get; } = Rule is null ? [Always!.Column] : [.. Rule.All.Concat(Rule.Except).Select(c => c.Column).Distinct(StringComparer.Ordinal)];
}

/// <summary>The rules of the settings, made ready: those switched on, then those written down, in their order.</summary>
internal sealed class JoinRules
{
    /// <summary>What traits hold that the rules need not say.</summary>
    private static readonly Dictionary<string, ColumnKind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["email"] = ColumnKind.Email,
        ["phone"] = ColumnKind.Phone,
        ["mobile"] = ColumnKind.Phone,
        ["name"] = ColumnKind.Name,
        ["firstName"] = ColumnKind.GivenName,
        ["first_name"] = ColumnKind.GivenName,
        ["lastName"] = ColumnKind.Surname,
        ["last_name"] = ColumnKind.Surname,
        ["street"] = ColumnKind.Address,
        ["address"] = ColumnKind.Address,
        ["birthDate"] = ColumnKind.Date,
        ["birthday"] = ColumnKind.Date,
        ["customerNumber"] = ColumnKind.Code,
        ["externalId"] = ColumnKind.Code,
        ["postcode"] = ColumnKind.Code,
        ["postalCode"] = ColumnKind.Code,
        ["zip"] = ColumnKind.Code,
    };

    private readonly string _country;
    private readonly Dictionary<string, Func<string, string>> _normal = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ColumnKind> _kinds;

    private JoinRules(IReadOnlyList<JoinRule> all, MatchRules lists, string country)
    {
        (All, Lists, _country) = (all, lists, country);
        _kinds = new(lists.Columns, StringComparer.OrdinalIgnoreCase);
        foreach (var condition in all.Where(r => r.Rule is not null).SelectMany(r => r.Rule!.All.Concat(r.Rule.Except)))
            if (condition.Compare is Comparator.Number or Comparator.Date) _kinds.TryAdd(condition.Column, condition.Compare == Comparator.Number ? ColumnKind.Number : ColumnKind.Date);
    }

    public IReadOnlyList<JoinRule> All { get; }

    /// <summary>What is known about columns, values and persons beforehand.</summary>
    public MatchRules Lists { get; }

    /// <exception cref="FileRefusedException">The rules cannot be read, or one of them asks for no equality: it would compare everybody with everybody.</exception>
    public static JoinRules Of(JoinSettings settings, string country)
    {
        var lists = settings.Rules.Trim().Length == 0 ? new MatchRules() : MatchRulesFile.Read(Encoding.UTF8.GetBytes(settings.Rules));
        var all = new List<JoinRule>();
        if (lists.Always is { } always) all.Add(new JoinRule("Always", null, always));
        if (settings.CustomerNumber) all.Add(Same("Same customer number", "customerNumber"));
        if (settings.ExternalId) all.Add(Same("Same external id", "externalId"));
        if (settings.Email) all.Add(Same("Same e-mail", "email"));
        if (settings.Phone) all.Add(Same("Same phone", "phone"));
        foreach (var (at, rule) in lists.Rules.Index())
        {
            var named = new JoinRule(rule.Name is { Length: > 0 } name ? name : $"Rule {at + 1}", rule, null);
            if (all.Exists(r => r.Name == named.Name)) throw new FileRefusedException($"Two rules are called {named.Name}. Histories and figures name the rule that joined: give each a name of its own.");
            if (named.Keys.Count == 0) throw new FileRefusedException($"{named.Name} has no condition that is exact or phonetic. Among stored customers a rule needs one: it would compare everybody with everybody.");
            all.Add(named);
        }

        return new JoinRules(all, lists, country);
    }

    /// <summary>What a person shares with whoever the rule may join; empty where the rule does not apply.</summary>
    public string Key(JoinRule rule, Func<string, string> valueOf)
    {
        if (rule.Always is { } always)
        {
            var value = valueOf(always.Column);
            var group = value.Length == 0 ? -1 : Array.FindIndex(always.Groups, g => Array.Exists(g, v => v.Trim() == value));
            return group < 0 ? "" : $"{group}";
        }

        var key = new StringBuilder();
        foreach (var condition in rule.Keys)
        {
            var value = Normal(condition.Column, valueOf(condition.Column));
            if (condition.Compare == Comparator.Phonetic) value = ColognePhonetics.Code(value);
            if (value.Length == 0) return "";
            key.Append(value).Append('\n');
        }

        return key.ToString();
    }

    /// <summary>Persons as a table that rules are applied to.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="persons">Gives each person's values.</param>
    public PersonTable Table(JoinRule rule, IReadOnlyList<Func<string, string>> persons)
    {
        var columns = rule.Traits.Select(trait =>
        {
            var raw = new RawColumn(trait);
            foreach (var valueOf in persons) raw.Add(valueOf(trait));
            return PersonColumn.Of(raw, Kind(trait), _country, Lists);
        });
        return new PersonTable([.. columns], persons.Count);
    }

    /// <summary>Of these persons those that are known to be different.</summary>
    public KnownPairs Different(IReadOnlyList<Func<string, string>> persons)
    {
        if (Lists.Never is not { } never) return KnownPairs.None;
        int[][] Rows(string[] group) => [.. group.Select(v => Enumerable.Range(0, persons.Count).Where(p => persons[p](never.Column) == v.Trim()).ToArray())];
        return new KnownPairs([], [.. never.Groups.Select(Rows)]);
    }

    private static JoinRule Same(string name, string trait) => new(name, new MatchRule { Name = name, All = [new MatchCondition { Column = trait }] }, null);

    private ColumnKind Kind(string trait) => _kinds.TryGetValue(trait, out var said) ? said : Kinds.GetValueOrDefault(trait, ColumnKind.Text);

    private string Normal(string trait, string value)
    {
        if (value.Length == 0) return "";
        if (!_normal.TryGetValue(trait, out var normal)) _normal.Add(trait, normal = PersonColumn.Normal(Kind(trait), _country, Lists, trait));
        return normal(value);
    }
}
