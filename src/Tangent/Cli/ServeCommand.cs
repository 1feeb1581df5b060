using System.CommandLine;
using Tangent.Access;
using Tangent.Data;
using Tangent.Web;

namespace Tangent.Cli;

internal static class ServeCommand
{
    public const string DefaultUrl = ReachedAddress.Usual;

    public static readonly Option<string[]> Urls = new("--urls")
    {
        Description = "Addresses to listen on, separated by semicolons",
        DefaultValueFactory = _ => [DefaultUrl],
    };

    public static Command Create()
    {
        var settings = new Argument<string[]>("settings") { Description = "Configuration, for example Company:TimeZone=Europe/Vienna", Arity = ArgumentArity.ZeroOrMore };
        settings.Validators.Add(given =>
        {
            if (given.Tokens.Select(t => t.Value).FirstOrDefault(v => !IsSetting(v)) is { } wrong)
                given.AddError($"'{wrong}' is neither an option nor a setting. The options are --urls and --data; a setting is written Section:Name=value, for example Company:TimeZone=Europe/Vienna.");
        });
        var command = new Command("serve", "Start the server: web pages and API") { Urls, settings };
        command.SetAction(async (parsed, ct) =>
        {
            try
            {
                return await RunAsync(new ServerOptions(parsed.GetValue(CommandLine.Data)!, Addresses(parsed), false, [.. parsed.GetValue(settings)!.Select(s => "--" + s.TrimStart('-'))]), null, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                // Asked to stop while it was starting.
                return ExitCode.Done;
            }
        });
        return command;
    }

    /// <summary>A misspelt option must not look as if it had been heard.</summary>
    private static bool IsSetting(string text) => text.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && (text[..equals].Contains(':', StringComparison.Ordinal) || text[..equals].TrimStart('-') == "AllowedHosts");

    public static string[] Addresses(ParseResult parsed) =>
        [.. parsed.GetValue(Urls)!.SelectMany(u => u.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    /// <param name="options">What to serve.</param>
    /// <param name="started">Runs once the server answers; false ends it again.</param>
    /// <param name="ct">Ends the server.</param>
    public static async Task<int> RunAsync(ServerOptions options, Func<Server, CancellationToken, Task<bool>>? started, CancellationToken ct)
    {
        Server? server;
        try
        {
            server = await Server.StartAsync(options, ct);
        }
        catch (Exception e) when (Server.IsExpected(e))
        {
            await Console.Error.WriteLineAsync($"The server cannot start: {e.Message}");
            return ExitCode.CannotStart;
        }

        if (server is null)
        {
            var folder = new DataFolder(options.DataFolder);
            await Console.Error.WriteLineAsync($"The data folder {folder.Root} is in use by another server (process {folder.Holder()}). Stop it, or choose another folder with --data.");
            return ExitCode.FolderInUse;
        }

        await using (server)
        {
            if (started is not null && !await started(server, ct)) return ExitCode.Done;
            Console.WriteLine($"Tangent is at {server.Address}");
            if (!options.Demo) await PrintOwnerLinkAsync(server, ct);
            Console.WriteLine("Stop with Ctrl+C.");
            await server.App.WaitForShutdownAsync(ct);
        }

        return ExitCode.Done;
    }

    private static async Task PrintOwnerLinkAsync(Server server, CancellationToken ct)
    {
        await using var scope = server.App.Services.CreateAsyncScope();
        var invitations = scope.ServiceProvider.GetRequiredService<InvitationQueries>();
        if (await invitations.AnyUserAsync(ct)) return;
        var token = await invitations.CreateAsync(null, Role.Owner, ct);
        Console.WriteLine($"Create the owner's account here (works once): {server.Address}{InvitationsEndpoints.Link(token)}");
    }
}
