namespace Tangent.Collect;

/// <summary>What the journey store keeps of events and when it writes to disk.</summary>
public sealed class JourneyOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Journeys";

    /// <summary>Event properties that questions can filter and break down by. Changing them rebuilds the journeys from the event log at the next start.</summary>
    public IList<string> Properties { get; } = ["device", "country", "shop", "metric", "score"];

    /// <summary>New events held in memory before they are written to the base on disk; with a base of more than ten times as many, a tenth of it. In quiet moments fewer are written too.</summary>
    public int CompactAtEvents { get; set; } = 2_000_000;
}
