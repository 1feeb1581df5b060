namespace Tangent.Web;

/// <summary>How texts of a table's file are masked for who asks for it.</summary>
internal sealed record TableMask(Func<string, string> Text);
