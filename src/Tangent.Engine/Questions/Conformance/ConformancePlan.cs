using System.Numerics;

namespace Tangent.Engine;

/// <summary>Rules made ready: each rule is one bit, each touchpoint that a rule names has a place with the bits of the rules it serves.</summary>
internal sealed class ConformancePlan
{
    public ConformancePlan(IReadOnlyList<ConformanceRule> rules)
    {
        if (rules.Count is 0 or > ConformanceQuestion.MaxRules) throw new ArgumentException($"There are 1 to {ConformanceQuestion.MaxRules} rules.", nameof(rules));
        foreach (var rule in rules)
            if (rule.Fault() is { } fault) throw new ArgumentException(fault, nameof(rules));
        Rules = rules.Count;
        Places = new ushort[Code.Count];
        ushort[] named = [.. rules.SelectMany(rule => rule.Touchpoints).SelectMany(set => set).Where(touchpoint => touchpoint != Code.None).Distinct()];
        for (var index = 0; index < named.Length; index++) Places[named[index]] = (ushort)(index + 1);
        First = new ulong[named.Length + 1];
        Second = new ulong[named.Length + 1];
        Sets = new ushort[(named.Length + 1) * ConformanceQuestion.MaxRules];
        Least = [.. rules.Select(rule => rule.Least)];
        Most = [.. rules.Select(rule => rule.Most)];
        // Longer than all times the engine takes, and far from overflow.
        WithinMs = [.. rules.Select(rule => Math.Min(rule.WithinMs, 1L << 50))];
        All = [.. rules.Select(rule => (1 << rule.Touchpoints.Count) - 1)];
        for (var number = 0; number < Rules; number++) Add(rules[number], number);
    }

    public int Rules { get; }

    /// <summary>Place of each touchpoint; 0 where no rule names it.</summary>
    public ushort[] Places { get; }

    /// <summary>By place: the rules in whose set A the touchpoint is; of and and xor, in any set.</summary>
    public ulong[] First { get; }

    /// <summary>By place: the rules in whose set B it is.</summary>
    public ulong[] Second { get; }

    /// <summary>By place and rule: the set of an and or xor, as a bit.</summary>
    public ushort[] Sets { get; }

    public int[] Least { get; }
    public int[] Most { get; }
    public long[] WithinMs { get; }

    /// <summary>By rule: the bits of all its sets.</summary>
    public int[] All { get; }

    public ulong Starts { get; private set; }
    public ulong Ends { get; private set; }
    public ulong Absent { get; private set; }
    public ulong Contains { get; private set; }
    public ulong Between { get; private set; }
    public ulong NeedsAfter { get; private set; }
    public ulong NeedsBefore { get; private set; }
    public ulong Responded { get; private set; }
    public ulong And { get; private set; }
    public ulong Xor { get; private set; }
    public ulong Within { get; private set; }

    /// <summary>Rules that keep a number or sets as they read.</summary>
    public ulong Counting => Between | And | Xor;

    /// <summary>Rules that are applicable to every journey.</summary>
    public ulong Always => Starts | Ends | Absent | Contains | Between | Xor;

    /// <summary>Rules that are applicable where there is an A.</summary>
    public ulong OnFirst => NeedsAfter | Responded | And | Within;

    private void Add(ConformanceRule rule, int number)
    {
        var bit = 1UL << number;
        for (var set = 0; set < rule.Touchpoints.Count; set++)
            foreach (var place in rule.Touchpoints[set].Select(touchpoint => Places[touchpoint]).Where(place => place != 0))
            {
                var isFirst = set == 0 || rule.Kind is RuleKind.And or RuleKind.Xor;
                (isFirst ? First : Second)[place] |= bit;
                Sets[place * ConformanceQuestion.MaxRules + number] |= (ushort)(1 << set);
            }

        switch (rule.Kind)
        {
            case RuleKind.Starts: Starts |= bit; break;
            case RuleKind.Ends: Ends |= bit; break;
            case RuleKind.Absent: Absent |= bit; break;
            case RuleKind.Contains: Contains |= bit; break;
            case RuleKind.Between: Between |= bit; break;
            case RuleKind.Response: NeedsAfter |= bit; break;
            case RuleKind.Precedence: NeedsBefore |= bit; break;
            case RuleKind.Succession: NeedsAfter |= bit; NeedsBefore |= bit; break;
            case RuleKind.RespondedExistence: Responded |= bit; break;
            case RuleKind.And: And |= bit; break;
            case RuleKind.Xor: Xor |= bit; break;
            case RuleKind.Within: Within |= bit; break;
            default: throw new ArgumentException($"There is no kind {rule.Kind}.", nameof(rule));
        }
    }
}

/// <summary>What the rules say of one journey.</summary>
/// <param name="Applicable">The applicable rules.</param>
/// <param name="Broken">The broken ones, all of them applicable.</param>
/// <param name="FirstRule">Number of the rule broken first; meaningless where none is.</param>
/// <param name="FirstAt">Index of the event that breaks it; −1 for the end.</param>
internal readonly record struct ConformanceVerdict(ulong Applicable, ulong Broken, int FirstRule, int FirstAt)
{
    /// <summary>Bin of the histogram that the fitness lies in; reckoned in whole numbers, so that a tenth is exactly one.</summary>
    public int Bin
    {
        get
        {
            var applicable = BitOperations.PopCount(Applicable);
            return 10 * (applicable - BitOperations.PopCount(Broken)) / applicable;
        }
    }
}
