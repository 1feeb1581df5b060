using Tangent.Bench;
using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Tests.Unify;

/// <summary>Who comes later gets the pairs and the weights that a search over everybody gives.</summary>
public sealed class PersonIndexTests
{
    private static readonly (string Name, ColumnKind Kind, Func<MadePerson, string> Value)[] Columns =
    [
        ("firstName", ColumnKind.GivenName, r => r.Given), ("lastName", ColumnKind.Surname, r => r.Surname), ("birthday", ColumnKind.Date, r => r.Born), ("email", ColumnKind.Email, r => r.Email),
        ("phone", ColumnKind.Phone, r => r.Phone), ("street", ColumnKind.Address, r => r.Street), ("houseNumber", ColumnKind.Code, r => r.HouseNumber), ("postcode", ColumnKind.Code, r => r.Postcode), ("city", ColumnKind.Text, r => r.City),
    ];

    private readonly MadePerson[] _rows = new Persons(3).Make(6_000);
    private readonly PersonTable _table;
    private readonly MatchResult _found;
    private readonly PersonIndex _index;

    public PersonIndexTests()
    {
        var raw = Array.ConvertAll(Columns, c => new RawColumn(c.Name));
        foreach (var row in _rows)
            for (var c = 0; c < raw.Length; c++) raw[c].Add(Columns[c].Value(row));
        _table = new PersonTable([.. raw.Select((r, c) => PersonColumn.Of(r, Columns[c].Kind, "DE", new MatchRules()))], _rows.Length);
        _found = PersonMatcher.Match(_table, 0.99, KnownPairs.None, CancellationToken.None);
        _index = new PersonIndex([.. _rows.Select((_, i) => Id(i))], _table, _found);
    }

    [Fact]
    public void Whoever_a_search_pairs_with_a_person_is_found_for_her_with_the_same_weight_and_nobody_else()
    {
        const double least = 0;
        var pairs = _found.Pairs.Where(p => p.Weight >= least).SelectMany(p => new[] { (From: p.A, To: p.B, p.Weight), (From: p.B, To: p.A, p.Weight) }).ToLookup(p => p.From);
        pairs.Count.ShouldBeGreaterThan(1_500);
        for (var row = 0; row < _rows.Length; row++)
        {
            var found = Find(row, least).Where(f => f.Identifier != Id(row)).ToDictionary(f => f.Identifier, f => f.Weight);
            found.Keys.ShouldBe(pairs[row].Select(p => Id(p.To)), ignoreOrder: true);
            foreach (var pair in pairs[row]) found[Id(pair.To)].ShouldBe(pair.Weight, 0.001);
        }
    }

    [Theory]
    [InlineData(2u)]
    [InlineData(3u)]
    [InlineData(4u)]
    [InlineData(6u)]
    public void A_sample_of_the_proposed_pairs_is_its_part_of_them(uint every)
    {
        // Of very many pairs only a sample is learned from: one without any would leave everything unlearned.
        var blocking = new Blocking(_table);
        double Pairs(uint one)
        {
            long all = 0;
            blocking.WalkAll(one, () => new long[1], (own, _, _) => own[0]++, own => all += own[0], CancellationToken.None);
            return all;
        }

        (Pairs(every) * every / Pairs(1)).ShouldBeInRange(0.8, 1.25);
    }

    [Fact]
    public void Who_changes_is_found_by_what_is_known_now_and_who_is_erased_not_at_all()
    {
        var row = Enumerable.Range(0, _rows.Length).First(r => Find(r, 10).Exists(f => f.Identifier == Id(r)));
        _index.Put(Id(row), [], Brought(_rows[row])).ShouldBeFalse("It is known already.");
        var moved = new MadePerson(-1, "Zenobia", "Quittenbaum", "1931-02-03", "zenobia@quittenbaum.example", "0211 998877665", "Am Ende", "77", "99998", "Nirgendheim");
        _index.Put(Id(row), [], Brought(moved)).ShouldBeTrue();
        Find(row, 10).ShouldNotContain(f => f.Identifier == Id(row));
        _index.Find(Brought(moved), 10).Found.ShouldHaveSingleItem().Identifier.ShouldBe(Id(row));
        _index.Count.ShouldBe(_rows.Length);

        _index.Forget([Id(row)]);
        _index.Find(Brought(moved), -50).Found.ShouldNotContain(f => f.Identifier == Id(row));
        _index.Count.ShouldBe(_rows.Length - 1);
    }

    [Fact]
    public void Those_who_came_after_the_search_are_found_also_when_they_are_many()
    {
        var random = new Random(4);
        var (maker, late) = (new Persons(9), new Dictionary<string, MadePerson>());
        foreach (var (at, row) in maker.Make(52_000).Index())
        {
            late.Add($"user:late-{at}", row);
            _index.Put($"user:late-{at}", [], Brought(row));
        }

        for (var i = 0; i < 200; i++)
        {
            var id = $"user:late-{random.Next(late.Count)}";
            if (late[id].Email.Length == 0 || late[id].Born.Length == 0) continue;
            _index.Find(Brought(late[id]), 0).Found.ShouldContain(f => f.Identifier == id);
        }
    }

    private static string Id(int row) => $"user:{row}";

    private List<KnownPerson> Find(int row, double least) => _index.Find(Brought(_rows[row]), least).Found;

    private string[] Brought(MadePerson row) => _index.Brought(Columns.Where(c => c.Value(row).Length > 0).ToDictionary(c => c.Name, c => c.Value(row)), "DE");
}
