using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>The readable part of an export: one page for the person, that needs nothing beside it, runs no script and can be printed.</summary>
/// <param name="file">Takes the parts until all are there: how many pieces a part has stands above it.</param>
internal sealed class PersonPage(CustomerAnswer answer, string company, DateTime madeUtc, Stream file) : IAsyncDisposable
{
    private const string Style = """
        body{font:15px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}h1{font-size:1.7rem}h2{font-size:1.2rem;margin-top:2.2rem;border-bottom:1px solid #ccc}
        table{border-collapse:collapse;width:100%;margin:.6rem 0;break-inside:avoid}th,td{text-align:left;vertical-align:top;padding:.15rem .6rem .15rem 0;overflow-wrap:anywhere}th{width:14rem;font-weight:500;color:#555}
        table+table{border-top:1px dotted #bbb}p{max-width:44rem}footer{margin-top:3rem;color:#555}@media(max-width:40rem){th{width:8rem}}
        """;

    // Letters of all languages stay letters.
    private static readonly HtmlEncoder Letters = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly List<(string Kind, int Count, long Start)> _parts = [];
    private readonly StreamWriter _written = new(file, leaveOpen: true);
    private readonly StringBuilder _piece = new();

    /// <summary>Begins a kind of data.</summary>
    public async Task BeginAsync(string kind, CancellationToken ct)
    {
        await _written.FlushAsync(ct);
        _parts.Add((kind, 0, file.Position));
    }

    public async Task AddAsync(JsonNode piece, CancellationToken ct)
    {
        _piece.Clear().Append("<table>");
        Rows(_piece, "", piece);
        _piece.Append("</table>\n");
        await _written.WriteAsync(_piece, ct);
        _parts[^1] = _parts[^1] with { Count = _parts[^1].Count + 1 };
    }

    /// <summary>Writes the whole page; once.</summary>
    public async Task WriteAsync(Stream into, CancellationToken ct)
    {
        await _written.FlushAsync(ct);
        await using var to = new StreamWriter(into, leaveOpen: true);
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        var title = T("Unify.Privacy.Export.Title", answer.Customer.Title);
        await to.WriteAsync($"<!DOCTYPE html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Html(title)}</title><style>{Style}</style></head><body>\n".AsMemory(), ct);
        await to.WriteAsync($"<h1>{Html(title)}</h1>\n<p>{Html(Made())}</p>\n<p>{Html(string.Join(", ", answer.Identifiers))}</p>\n".AsMemory(), ct);
        await to.WriteAsync($"<p>{Html(T("Unify.Privacy.Export.Rights"))}</p>\n".AsMemory(), ct);
        for (var i = 0; i < _parts.Count; i++)
        {
            var (kind, count, start) = _parts[i];
            if (count == 0) continue;
            await to.WriteAsync($"<h2>{Html(T("Unify.Privacy.Kind." + kind))} ({count})</h2>\n".AsMemory(), ct);
            await to.FlushAsync(ct);
            await CopyAsync(start, i + 1 < _parts.Count ? _parts[i + 1].Start : file.Length, into, ct);
        }

        await to.WriteAsync($"<footer><p>{Html(T("Unify.Privacy.Export.Files"))}</p></footer></body></html>\n".AsMemory(), ct);
    }

    private string Made()
    {
        var at = madeUtc.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return company.Length > 0 ? T("Unify.Privacy.Export.By", company, at) : T("Unify.Privacy.Export.Made", at);
    }

    public ValueTask DisposeAsync() => _written.DisposeAsync();

    private async Task CopyAsync(long start, long end, Stream into, CancellationToken ct)
    {
        file.Position = start;
        var buffer = new byte[1 << 16];
        for (int read; start < end && (read = await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - start)), ct)) > 0; start += read) await into.WriteAsync(buffer.AsMemory(0, read), ct);
    }

    /// <summary>One row for each single value, under the names that lead to it.</summary>
    private static void Rows(StringBuilder html, string name, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject all:
                foreach (var (inner, value) in all) Rows(html, name.Length == 0 ? Word(inner) : $"{name} · {Word(inner)}", value);
                break;
            case JsonArray list when list.Any(v => v is JsonObject or JsonArray):
                foreach (var (i, value) in list.Index()) Rows(html, $"{name} {i + 1}", value);
                break;
            case JsonArray list:
                Row(html, name, string.Join(", ", list.Select(v => v?.ToString())));
                break;
            case { } value when value.GetValueKind() == JsonValueKind.String ? value.ToString().Length > 0 : true:
                Row(html, name, value.ToString());
                break;
        }
    }

    /// <summary>A field in the words of people, where the program itself knows it.</summary>
    private static string Word(string field)
    {
        var key = "Unify.Privacy.Field." + field;
        return T(key) is var word && word != key ? word : TraitNames.Of(field);
    }

    private static void Row(StringBuilder html, string name, string value) => html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Html(name)}</th><td>{Html(value)}</td></tr>\n");

    private static string Html(string text) => Letters.Encode(text);
}
