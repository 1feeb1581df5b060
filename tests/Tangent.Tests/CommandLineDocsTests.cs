using System.CommandLine;
using System.Globalization;
using System.Text;
using Tangent.Cli;

namespace Tangent.Tests;

/// <summary>docs/cli.md is made from the commands themselves. After a change: <c>TANGENT_UPDATE_DOCS=1 ./test --filter DocsTests</c>.</summary>
public sealed class CommandLineDocsTests
{
    [Fact]
    public void The_command_page_says_what_the_commands_say() => Docs.ShouldBeCurrent("docs/cli.md", Render());

    [Fact]
    public void Every_command_option_and_argument_says_what_it_is_for()
    {
        foreach (var command in All(CommandLine.Create()))
        {
            command.Description.ShouldNotBeNullOrWhiteSpace(command.Name);
            foreach (var symbol in command.Options.Cast<Symbol>().Concat(command.Arguments)) symbol.Description.ShouldNotBeNullOrWhiteSpace($"{command.Name} {symbol.Name}");
        }
    }

    private static string Render()
    {
        var root = CommandLine.Create();
        var text = new StringBuilder("""
            # Command line

            Every command but `serve` and `demo` speaks to the server that holds the data folder; where none runs, the command opens the folder
            itself for as long as it takes. So a command works the same with and without a running server, and prints with `--json` exactly
            what the HTTP API answers.

            | exit code | meaning |
            | --- | --- |
            | 0 | done |
            | 1 | refused, or something was found to be wrong; standard error says what and what to do |
            | 2 | the command line was not understood |
            | 3 | the data folder is in use by another server |
            | 4 | the data folder cannot be opened or the server cannot start |
            | 130, 143 | stopped by Ctrl+C or a signal to terminate; `serve`, once asked to stop, ends with 0 |

            ## Options of every command


            """);
        Table(text, root.Options.Where(o => o.Recursive));
        foreach (var command in root.Subcommands.SelectMany(c => All(c)).Where(c => c.Subcommands.Count == 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## tangent {Path(command)}\n\n{command.Description}.\n");
            if (command.Arguments.Count + command.Options.Count == 0) continue;
            text.Append('\n');
            Table(text, command.Arguments.Cast<Symbol>().Concat(command.Options));
        }

        return text.ToString();
    }

    private static void Table(StringBuilder text, IEnumerable<Symbol> symbols)
    {
        text.Append("| option | meaning | default |\n| --- | --- | --- |\n");
        foreach (var symbol in symbols.Where(s => s is not Option { Hidden: true } && s.Name is not ("--help" or "--version")))
            text.Append(CultureInfo.InvariantCulture, $"| `{(symbol is Argument ? symbol.Name.ToUpperInvariant() : symbol.Name)}` | {symbol.Description!.Replace("|", "\\|", StringComparison.Ordinal)} | {Default(symbol)} |\n");
    }

    private static string Default(Symbol symbol)
    {
        var value = symbol switch
        {
            Option { HasDefaultValue: true } o => o.GetDefaultValue(),
            Argument { HasDefaultValue: true } a => a.GetDefaultValue(),
            _ => null,
        };
        return value switch
        {
            null or false or "" => "",
            System.Collections.IEnumerable list and not string => string.Join(' ', list.Cast<object>()),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);

    private static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand ? $"{Path(parent)} {command.Name}" : command.Name;
}
