using System.CommandLine;
using Tangent.Measure;

namespace Tangent.Cli;

/// <summary>The scorecard of a touchpoint from the shell.</summary>
internal static class ScorecardCommand
{
    public static Command Ask()
    {
        var command = new Command("scorecard", "Everything that is said of one touchpoint: scores, targets, conversion, first response, comments, pain points and owner") { VoteCommand.Touchpoint };
        var options = ScorecardAddress.Parameters.ToDictionary(p => p.Name, p => new Option<string[]>("--" + p.Name) { Description = p.Description, HelpName = p.IsNamed ? "NAME=VALUE" : p.Name.ToUpperInvariant() });
        foreach (var option in options.Values) command.Add(option);
        command.SetApiAction(async (parsed, http, ct) =>
        {
            if (await VoteCommand.FindAsync(http, parsed.GetValue(VoteCommand.Touchpoint)!, ct) is not { } id) return ExitCode.Refused;
            var query = options.SelectMany(o => (parsed.GetValue(o.Value) ?? []).Select(v => $"{o.Key}={Uri.EscapeDataString(v)}"));
            return await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, $"/api/v1/measure/touchpoints/{id}/scorecard?{string.Join('&', query)}"), AskTables.Scorecard, ct);
        });
        return command;
    }
}
