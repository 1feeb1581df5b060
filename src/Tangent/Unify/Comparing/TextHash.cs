namespace Tangent.Unify;

/// <summary>FNV-1a over the characters of a text, 64 bits: the same in every run.</summary>
internal static class TextHash
{
    private const ulong Start = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static ulong Of(string text) => Of(Start, text);

    /// <param name="kind">Texts of different kinds have different hashes.</param>
    /// <param name="text">The text.</param>
    public static ulong Of(int kind, string text) => Of((Start ^ (uint)kind) * Prime, text);

    private static ulong Of(ulong hash, string text)
    {
        foreach (var c in text) hash = (hash ^ c) * Prime;
        return hash;
    }
}
