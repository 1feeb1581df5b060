namespace Tangent.Web;

/// <summary>A page of the documentation as it is shown.</summary>
/// <param name="Name">Its address below <c>/docs/</c>.</param>
/// <param name="Language">The language it is written in.</param>
/// <param name="Title">Its first heading, which the page's frame shows.</param>
/// <param name="Html">The rest.</param>
public sealed record ManualPage(string Name, string Language, string Title, string Html, IReadOnlyList<ManualSection> Sections)
{
    public string Href => Manual.Root + "/" + Name;
}

/// <param name="Anchor">Its address on the page; empty for what stands before the first heading.</param>
/// <param name="Level">2 for a section, 3 for one in it.</param>
/// <param name="Text">What it says, without marks.</param>
public sealed record ManualSection(string Anchor, string Heading, int Level, string Text)
{
    internal string FoldedHeading { get; } = FoldedText.Of(Heading);

    internal string FoldedWords { get; } = FoldedText.Of(Text);
}

/// <param name="Text">Key of the group's name.</param>
public sealed record ManualGroup(string Text, IReadOnlyList<ManualPage> Pages);

/// <summary>A section in which something was found.</summary>
/// <param name="Excerpt">The words around the first place.</param>
public sealed record ManualHit(ManualPage Page, ManualSection Section, string Excerpt)
{
    public string Href => Section.Anchor.Length == 0 ? Page.Href : $"{Page.Href}#{Section.Anchor}";
}

/// <param name="Page">The page that is read; null on the first page of the documentation.</param>
/// <param name="Search">What was searched.</param>
/// <param name="Hits">Where it was found; null where nothing was searched.</param>
public sealed record ManualModel(IReadOnlyList<ManualGroup> Groups, ManualPage? Page, string Search, IReadOnlyList<ManualHit>? Hits);
