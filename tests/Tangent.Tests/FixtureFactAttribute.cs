namespace Tangent.Tests;

/// <summary>A fact about public data that lies beside the repository; skipped, with the reason, where it is absent (a fresh clone).</summary>
public sealed class FixtureFactAttribute : FactAttribute
{
    public FixtureFactAttribute()
    {
        if (!Directory.Exists(Repository.Fixtures)) Skip = $"The public data sets are not at {Repository.Fixtures}.";
    }
}
