using System.Collections;
using Tangent.Collect;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>What the answers of a question are of, and which of them it looks at: names made codes once, so that going through a million answers compares numbers only.</summary>
internal sealed class ScoreScope
{
    private readonly FeedbackColumns _columns;
    private readonly bool[] _places;
    private readonly int[]? _customers;
    private readonly int[]? _accountOf;
    private readonly BitArray? _within;
    private readonly int[]? _groupOfPlace;
    private readonly CustomerGroups? _groups;
    private readonly bool _byLanguage;

    /// <param name="who">The customer of each answer and the account of each customer, as far as the question needs them.</param>
    private ScoreScope(FeedbackColumns columns, bool[] places, PlaceTable table, (int[]? Customers, int[]? AccountOf) who, BitArray? within, int[]? groupOfPlace, CustomerGroups? groups, IReadOnlyList<string> groupNames, bool byLanguage)
    {
        (_columns, _places, _customers, _accountOf, _within, _groupOfPlace, _groups, _byLanguage) = (columns, places, who.Customers, who.AccountOf, within, groupOfPlace, groups, byLanguage);
        (Touchpoints, TouchpointOf, GroupNames) = (table.Touchpoints, table.OfPlace, groupNames);
    }

    /// <summary>What was asked about; the company is the one without a name.</summary>
    public IReadOnlyList<PlaceTouchpoint> Touchpoints { get; }

    /// <summary>Of each place of the columns.</summary>
    public int[] TouchpointOf { get; }

    /// <summary>Empty where there is no breakdown.</summary>
    public IReadOnlyList<string> GroupNames { get; }

    public static Asked<ScoreScope> Of(ScoresQuestion question, FeedbackColumns columns, PlaceNames names, JourneyStore journeys)
    {
        var (filter, table) = (question.Filter, names.Of(columns.Places));
        foreach (var name in filter.Touchpoints)
            if (!table.Touchpoints.Any(t => Same(t.Name, name)) && !names.IsKnown(name)) return new Refusal("touchpoint", T("Measure.Refused.Touchpoint", name));
        // One that was merged into another one is asked for by its old name, too.
        string[] wanted = [.. filter.Touchpoints.Select(n => names.Find(n)?.Name ?? n)];
        var sources = columns.Places.Select(p => names.Source(p.SourceId)).ToArray();
        var places = new bool[columns.Places.Count];
        for (var p = 0; p < places.Length; p++)
        {
            var touchpoint = table.Touchpoints[table.OfPlace[p]];
            places[p] = (wanted.Length == 0 || wanted.Any(n => Same(touchpoint.Name, n)))
                && (filter.Channels.Count == 0 || filter.Channels.Any(c => Same(table.ChannelOfPlace[p], c)))
                && (filter.Sources.Count == 0 || filter.Sources.Any(s => Same(sources[p], s)));
        }

        BitArray? within = null;
        if (filter.Within is { } set) within = Bits(set.Numbers);
        if (filter.Customers.Count > 0)
        {
            var named = Bits([.. filter.Customers.Select(journeys.FindCustomer).OfType<int>()]);
            if (within is null) within = named;
            else
            {
                within.Length = named.Length = Math.Max(within.Length, named.Length);
                within.And(named);
            }
        }

        var (byTrait, accountOf) = (question.Groups is not null, filter.Unit == JourneyUnit.Account ? journeys.AccountOfCustomers() : null);
        var customers = within is null && !byTrait && accountOf is null ? null : journeys.CustomersOf(columns.Identity[..columns.Count]);
        IReadOnlyList<string>? groups = question.Breakdown switch
        {
            null => [],
            "channel" => table.ChannelOfPlace,
            "source" => sources,
            "language" => columns.Languages,
            _ => question.Groups?.Names,
        };
        if (groups is null) return new Refusal("breakdown", T("Measure.Refused.Breakdown", question.Breakdown));
        if (question.Breakdown is not ("channel" or "source")) return new ScoreScope(columns, places, table, (customers, accountOf), within, null, question.Groups, groups, question.Breakdown == "language");
        var distinct = groups.Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        int[] ofPlace = [.. groups.Select(g => distinct.FindIndex(d => Same(d, g)))];
        return new ScoreScope(columns, places, table, (customers, accountOf), within, ofPlace, null, distinct, false);
    }

    /// <summary>Whether an answer is looked at, whenever it was given.</summary>
    public bool Has(int row)
    {
        if (!_places[_columns.Place[row]] || (_accountOf is not null && AccountOf(row) < 0)) return false;
        if (_within is null) return true;
        var customer = _customers![row];
        return customer >= 0 && customer < _within.Length && _within[customer];
    }

    /// <summary>The answer's group; 0 where there is no breakdown, −1 where it is in none.</summary>
    public int GroupOf(int row)
    {
        if (_groupOfPlace is not null) return _groupOfPlace[_columns.Place[row]];
        if (_byLanguage) return _columns.Language[row];
        if (_groups is null) return 0;
        // Of accounts the trait is the company's.
        var who = _accountOf is null ? _customers![row] : AccountOf(row);
        return who >= 0 && who < _groups.OfCustomer.Length && _groups.OfCustomer[who] is var group && group != ushort.MaxValue ? group : -1;
    }

    /// <summary>The answer is one of many that its account gave.</summary>
    public bool AreAccounts => _accountOf is not null;

    /// <summary>Number of the answer's customer, where the question needs it; −1 where nobody is named.</summary>
    public int CustomerOf(int row) => _customers![row];

    /// <summary>Number of the answer's account; −1 where it has none.</summary>
    public int AccountOf(int row) => _customers![row] is >= 0 and var customer && customer < _accountOf!.Length ? _accountOf[customer] : -1;

    private static bool Same(string? a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static BitArray Bits(IReadOnlyCollection<int> numbers)
    {
        var bits = new BitArray(numbers.Count == 0 ? 0 : numbers.Max() + 1);
        foreach (var number in numbers) bits[number] = true;
        return bits;
    }
}
