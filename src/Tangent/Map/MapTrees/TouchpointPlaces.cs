namespace Tangent.Map;

/// <summary>A step that is at a touchpoint.</summary>
/// <param name="Map">Number of the map.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">Its state.</param>
/// <param name="Id">Id of the step.</param>
/// <param name="Step">Name of the step.</param>
public sealed record TouchpointPlace(int Map, string Name, MapState State, string Id, string Step);

/// <param name="Items">By map, then along the journey.</param>
public sealed record TouchpointPlacesAnswer(IReadOnlyList<TouchpointPlace> Items);

internal static class TouchpointPlaces
{
    /// <summary>Where on maps a touchpoint is.</summary>
    public static async Task<TouchpointPlacesAnswer> PlacesAsync(this JourneyMapQueries maps, int touchpoint, CancellationToken ct) =>
        new([.. (await maps.ListAsync(ct)).SelectMany(m => MapContent.Read(m.Content).StepsInOrder().Where(s => s.Touchpoint == touchpoint).Select(s => new TouchpointPlace(m.Id, m.Name, m.State, s.Id, s.Name)))]);
}
