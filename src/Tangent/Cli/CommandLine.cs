using System.CommandLine;

namespace Tangent.Cli;

/// <summary>The commands of the program. All of them but <c>serve</c> and <c>demo</c> speak the HTTP API, to a running server or to one they start for themselves.</summary>
internal static class CommandLine
{
    public static readonly Option<string> Data = new("--data")
    {
        Description = "Folder that holds everything the program keeps",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("TANGENT_DATA") ?? "data",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json") { Description = "Print JSON for machines", Recursive = true };

    public static RootCommand Create()
    {
        var root = new RootCommand("Tangent: customer touchpoint management") { Data, Json };
        root.Add(ServeCommand.Create());
        root.Add(DemoCommand.Create());
        root.Add(UserCommand.Create());
        root.Add(KeyCommand.Create());
        root.Add(AuditCommand.Create());
        root.Add(SourceCommand.Create());
        root.Add(CustomerCommand.Create());
        root.Add(PrivacyCommand.Create());
        root.Add(ConsentCommand.Create());
        root.Add(AccountCommand.Create());
        root.Add(FindCommand.Create());
        root.Add(MatchCommand.Create());
        root.Add(DuplicatesCommand.Create());
        root.Add(AskCommand.Create());
        root.Add(QuestionCommand.Create());
        root.Add(AnnotationCommand.Create());
        root.Add(AlertsCommand.Create());
        root.Add(TouchpointCommand.Create());
        root.Add(MapCommand.Create());
        root.Add(VoteCommand.Create());
        root.Add(TargetCommand.Create());
        root.Add(SegmentCommand.Create());
        root.Add(PersonaCommand.Create());
        root.Add(SurveyCommand.Create());
        root.Add(FeedbackCommand.Create());
        root.Add(CommentsCommand.Create());
        root.Add(MailCommand.Create());
        root.Add(PoliciesCommand.Create());
        root.Add(JoiningCommand.Create());
        root.Add(ImportCommand.Create());
        root.Add(ImportsCommand.Create());
        root.Add(SettingsCommand.Create());
        root.Add(BackupCommand.Create());
        root.Add(RestoreCommand.Create());
        root.Add(DoctorCommand.Create());
        return root;
    }

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync("Try: tangent --help");
            return ExitCode.Usage;
        }

        using var stop = new StopSignals();
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
        }
        catch (OperationCanceledException) when (stop.Code is not null)
        {
            return stop.Code.Value;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file of the command line that cannot be read or written.
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Refused;
        }
    }
}

/// <summary>What the shell gets back; documented in docs/cli.md.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Refused = 1;
    public const int Usage = 2;
    public const int FolderInUse = 3;
    public const int CannotStart = 4;
    public const int Interrupted = 130;
    public const int Terminated = 143;
}
