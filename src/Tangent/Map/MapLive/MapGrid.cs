using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <param name="Board">The map as it is now.</param>
/// <param name="Cells">What has changed.</param>
public sealed record MapPatchModel(MapBoardModel Board, IReadOnlySet<MapCellAt> Cells);

/// <summary>A board as its cells need it: columns in their order, cards by place.</summary>
public sealed class MapGrid
{
    private readonly ILookup<(string Step, string Lane), MapCard> _cards;

    internal MapGrid(MapBoardModel model, PageContext page)
    {
        (Model, CanEdit) = (model, page.CanEdit);
        Columns = [.. Map.Stages.SelectMany(s => Map.StepsOf(s).Cast<MapStep?>().DefaultIfEmpty())];
        _cards = Map.Cards.Where(IsSeen).ToLookup(c => (c.Step, c.Lane));
        Today = DateOnly.FromDateTime(page.Local(DateTime.UtcNow));
        Lanes = Map.Lanes.ToDictionary(l => l.Id, NameOf);
    }

    public MapBoardModel Model { get; }

    public MapContent Map => Model.Map.Content;

    /// <summary>As whom the map is looked at; null for everybody.</summary>
    public PersonaMark? Persona => Model.Around.Persona;

    public bool CanEdit { get; }

    public DateOnly Today { get; }

    /// <summary>A stage without steps has an empty column.</summary>
    public List<MapStep?> Columns { get; }

    /// <summary>Names of the lanes by their ids.</summary>
    public IReadOnlyDictionary<string, string> Lanes { get; }

    /// <summary>Address of the board. Links are relative to it: a large board has thousands.</summary>
    public string Address => $"/map/journey-maps/{Model.Map.Id}";

    public IEnumerable<MapCard> Cards(string step, string lane) => _cards[(step, lane)];

    public int? Felt(int column) => column >= 0 && column < Columns.Count ? Columns[column]?.Emotion : null;

    public EvidenceShare Evidence => EvidenceShare.Of(Map with { Cards = [.. Map.Cards.Where(IsSeen)] }, Today, Model.Limits);

    private bool IsSeen(MapCard card) => Persona is not { } seen || card.IsAbout(seen.Id, id => Model.Around.Personas.Any(p => p.Id == id));

    internal static string NameOf(MapLane lane) => lane.Kind == LaneKind.Free ? lane.Name : T("Map.Lane." + lane.Kind);
}
