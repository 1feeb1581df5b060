namespace Tangent.Web;

/// <summary>Something a search found.</summary>
/// <param name="Text">What people call it.</param>
/// <param name="Href">Its page.</param>
/// <param name="Icon">Name in the icon sprite.</param>
/// <param name="Note">What tells it from others of the same name; empty where nothing does.</param>
public sealed record Found(string Text, string Href, string Icon, string Note = "");

/// <summary>Finds things of one kind by a piece of their name, for the search that reaches everything.</summary>
internal interface IFinder
{
    /// <summary>The kind, the same in every language.</summary>
    string Kind { get; }

    /// <summary>Key of its name.</summary>
    string Name { get; }

    /// <summary>The best few, the best first.</summary>
    /// <param name="text">What was typed; empty where nothing was yet.</param>
    /// <param name="page">The page searched from, whose filter goes along.</param>
    Task<IReadOnlyList<Found>> FindAsync(string text, PageContext page, CancellationToken ct);
}
