using System.CommandLine;
using System.Text.Json;
using Tangent.Measure;

namespace Tangent.Cli;

/// <summary>What comments speak of, from the shell.</summary>
internal static class ThemesCommand
{
    public static Command Ask()
    {
        var command = new Command("themes", "What the comments in a filter speak of more than all others");
        var options = ThemesEndpoints.Parameters.ToDictionary(p => p.Name, p => new Option<string[]>("--" + p.Name) { Description = p.Description, HelpName = p.Name.ToUpperInvariant() });
        foreach (var option in options.Values) command.Add(option);
        command.SetApiAction((parsed, http, ct) =>
        {
            var query = options.SelectMany(o => (parsed.GetValue(o.Value) ?? []).Select(v => $"{o.Key}={Uri.EscapeDataString(v)}"));
            return http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, $"{ThemesEndpoints.Address}?{string.Join('&', query)}"), AskTables.Themes, ct);
        });
        return command;
    }
}
