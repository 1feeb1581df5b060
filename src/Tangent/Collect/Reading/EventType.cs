namespace Tangent.Collect;

/// <summary>The six calls of the Segment specification.</summary>
internal enum EventType
{
    Track = 0,
    Page = 1,
    Screen = 2,
    Identify = 3,
    Group = 4,
    Alias = 5,
}
