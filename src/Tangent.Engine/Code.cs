namespace Tangent.Engine;

/// <summary>What the dictionary codes of callers have in common.</summary>
public static class Code
{
    /// <summary>"None": a signature mapped to this is no part of journeys; a group of this value collects what has no group.</summary>
    public const ushort None = ushort.MaxValue;

    /// <summary>Number of possible codes, "none" included.</summary>
    internal const int Count = 65_536;
}
