using System.Text;

namespace Tangent.Collect;

/// <summary>The tracker for web pages, packed once for each thing that a source may want before a visitor has agreed, with and without surveys that pages show.</summary>
internal sealed class CollectScript
{
    private static readonly byte[] Usual = "\"nothing\""u8.ToArray();

    private readonly Dictionary<(BeforeConsent Before, bool Surveys), PackedScript> _packed = [];

    // Only where there are surveys do pages fetch what shows them.
    private const string Loader = """
        (function (d, s) { if (!s || s.dataset.surveys === "off") return; var p = d.createElement("script"); p.src = new URL("/survey.js?key=" + (s.dataset.key || ""), s.dataset.host || s.src); d.head.append(p); })(document, document.currentScript);

        """;

    private volatile bool _hasSurveys;

    public CollectScript()
    {
        var plain = PackedScript.Read("collect.js");
        foreach (var before in Enum.GetValues<BeforeConsent>())
        {
            var own = WithDefault(plain, before);
            _packed[(before, false)] = new PackedScript(own);
            _packed[(before, true)] = new PackedScript([.. own, .. Encoding.ASCII.GetBytes(Loader)]);
        }
    }

    /// <summary>Whether some survey is shown by pages: only then do they fetch what shows it.</summary>
    public bool HasSurveys
    {
        get => _hasSurveys;
        set => _hasSurveys = value;
    }

    /// <param name="http">The request.</param>
    /// <param name="before">What the source wants before a visitor has agreed.</param>
    public IResult Answer(HttpContext http, BeforeConsent before) => _packed[(before, HasSurveys)].Answer(http);

    /// <summary>The first place that names what happens before consent is the default of the attribute.</summary>
    private static byte[] WithDefault(byte[] plain, BeforeConsent before)
    {
        var at = plain.AsSpan().IndexOf(Usual);
        return [.. plain[..at], .. Encoding.ASCII.GetBytes($"\"{before.ToString().ToLowerInvariant()}\""), .. plain[(at + Usual.Length)..]];
    }
}
