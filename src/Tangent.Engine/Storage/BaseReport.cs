namespace Tangent.Engine;

/// <summary>Whether a table found its base on disk.</summary>
public enum BaseState
{
    /// <summary>The base is complete and its checksums hold.</summary>
    Found,

    /// <summary>There is no base: a new table.</summary>
    Absent,

    /// <summary>A base is there but not as it was written, or of another version or number of columns.</summary>
    Damaged,
}

/// <summary>What a table found when it was opened.</summary>
/// <param name="State">Found, absent or damaged.</param>
/// <param name="Reason">Why it is not used; empty where it is.</param>
public sealed record BaseReport(BaseState State, string Reason);
