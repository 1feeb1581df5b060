using System.CommandLine;
using System.Text.Json;
using Tangent.Analyse;
using Tangent.Measure;
using Tangent.Unify;

namespace Tangent.Cli;

/// <summary>Every question from the shell: the options are the parameters of the HTTP API, and with <c>--json</c> the answer is the same text.</summary>
internal static class AskCommand
{
    // A table on a screen; the API lists more unless told.
    private const string TableTop = "20";

    public static Command Create() => new("ask", "Ask about customers' journeys")
    {
        Question(FunnelsEndpoints.Question, AskTables.Funnel, "funnel"),
        Question(PathsEndpoints.Question, AskTables.Paths),
        Question(VariantsEndpoints.Question, AskTables.Variants),
        Question(FlowsEndpoints.Question, AskTables.Flows, "dfg"),
        Question(ReworkEndpoints.Question, AskTables.Rework),
        Conformance(),
        Attribution(),
        Question(NeighboursEndpoints.Question, AskTables.Neighbours),
        Question(NeighboursEndpoints.Pairs, AskTables.CoOccurrence),
        Question(CorrelationEndpoints.Question, AskTables.Correlation),
        Question(DriversEndpoints.Question, AskTables.Drivers),
        Question(PrioritiesEndpoints.Question, AskTables.Priorities),
        Question(StalledEndpoints.Question, AskTables.Stalled),
        Question(RetentionEndpoints.Question, AskTables.Retention),
        Question(LifeCycleEndpoints.Question, AskTables.LifeCycle),
        Question(RecoveryEndpoints.Question, AskTables.Recovery),
        Question(ReferralsEndpoints.Question, AskTables.Referrals),
        Question(VolumesEndpoints.Question, AskTables.Touchpoints),
        Question(ScoresEndpoints.Question, AskTables.Scores),
        Question(ContactsEndpoints.Question, AskTables.Contacts),
        Question(EventsEndpoints.Question, AskTables.Events),
        SegmentCommand.Ask(),
        ThemesCommand.Ask(),
        ScorecardCommand.Ask(),
    };

    private static Command Conformance()
    {
        var file = new Option<FileInfo>("--rules") { Description = "A file of rules, one a line; empty lines and those that begin with # are passed over.", HelpName = "FILE" }.AcceptExistingOnly();
        var command = Question(ConformanceEndpoints.Question, AskTables.Conformance, more: (parsed, address) => RulesOf(parsed.GetValue(file)).Aggregate(address, (a, rule) => a.With("rule", rule)));
        command.Add(file);
        return command;
    }

    private static Command Attribution()
    {
        var file = new Option<FileInfo>("--paths") { Description = "Paths counted elsewhere: a CSV file with a header and one row for each path. The questions of events are not looked at then.", HelpName = "FILE" }.AcceptExistingOnly();
        Dictionary<string, Option<string>> columns = [];
        foreach (var parameter in AttributionAddress.OfFile.Where(p => p.Name != "order"))
            columns.Add(parameter.Name, new Option<string>(parameter.Name == "path" ? "--path-column" : "--" + parameter.Name) { Description = "With --paths: " + char.ToLowerInvariant(parameter.Description[0]) + parameter.Description[1..], HelpName = parameter.Name == "separator" ? "TEXT" : "COL" });
        var command = Question(AttributionEndpoints.Question, AskTables.Attribution,
            request: (parsed, asked) => parsed.GetValue(file) is { } paths ? OfFile(parsed, paths, asked, columns) : null);
        command.Add(file);
        foreach (var option in columns.Values) command.Add(option);
        return command;
    }

    private static HttpRequestMessage OfFile(ParseResult parsed, FileInfo file, Address asked, Dictionary<string, Option<string>> columns)
    {
        var address = new Address("/api/v1/analyse/attribution/paths").With("order", asked.Values.LastOrDefault(v => v.Key == "order").Value);
        foreach (var (name, option) in columns) address = address.With(name, parsed.GetValue(option));
        return new HttpRequestMessage(HttpMethod.Post, address.ToString()) { Content = new StreamContent(file.OpenRead(), 1 << 17) };
    }

    private static IEnumerable<string> RulesOf(FileInfo? file) =>
        file is null ? [] : File.ReadLines(file.FullName).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#');

    /// <param name="question">The question; its summary and parameters are the command's.</param>
    /// <param name="print">Prints the answer as a table.</param>
    /// <param name="name">What the command is called, where not as the resource.</param>
    /// <param name="more">What the command adds to the address from options of its own.</param>
    /// <param name="request">Another request that the command makes of its own options; null where it gives none.</param>
    private static Command Question(
        Question question, Action<JsonElement> print, string? name = null,
        Func<ParseResult, Address, Address>? more = null, Func<ParseResult, Address, HttpRequestMessage?>? request = null)
    {
        var command = new Command(name ?? question.Resource, question.Summary.TrimEnd('.'));
        Dictionary<QuestionParameter, Option<string[]>> options = [];
        foreach (var parameter in question.Parameters)
        {
            var option = new Option<string[]>("--" + parameter.Name)
            {
                Description = parameter.Description,
                HelpName = parameter.IsFlag ? "true|false" : parameter.IsNamed ? "NAME=VALUE" : parameter.Name.ToUpperInvariant(),
                Arity = parameter.IsFlag ? ArgumentArity.ZeroOrMore : ArgumentArity.OneOrMore,
            };
            options[parameter] = option;
            command.Add(option);
        }

        command.SetApiAction((parsed, http, ct) =>
        {
            var address = Address(parsed, question, options);
            return http.SendAsync(parsed, request?.Invoke(parsed, address) ?? new HttpRequestMessage(HttpMethod.Get, (more ?? ((_, a) => a))(parsed, address).ToString()), print, ct);
        });
        return command;
    }

    private static Address Address(ParseResult parsed, Question question, Dictionary<QuestionParameter, Option<string[]>> options)
    {
        var address = new Address("/api/v1" + question.Path);
        foreach (var (parameter, option) in options)
        {
            if (parsed.GetResult(option) is null or { Implicit: true }) continue;
            var values = parsed.GetValue(option)!;
            if (values.Length == 0) values = ["true"];
            foreach (var value in values) address = parameter.IsNamed ? WithNamed(address, parameter.Name, value) : address.With(parameter.Name, value);
        }

        var listsAll = address.Values.Any(v => v.Key == "top") || parsed.GetValue(CommandLine.Json);
        return question.Resource == "variants" && !listsAll ? address.With("top", TableTop) : address;
    }

    // Without an equals sign it is sent as it is, and refused with the reason.
    private static Address WithNamed(Address address, string name, string value)
    {
        var equals = value.IndexOf('=', StringComparison.Ordinal);
        return equals <= 0 ? address.With(name, value) : address.With($"{name}.{value[..equals]}", value[(equals + 1)..]);
    }
}
