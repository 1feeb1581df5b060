namespace Tangent.Tests;

/// <summary>Tests that look at figures of the demo company look at one and the same: of many figures one falls the other way by chance, on one day or another.</summary>
internal static class DemoDay
{
    public const string Before = "2026-11-27";
}
