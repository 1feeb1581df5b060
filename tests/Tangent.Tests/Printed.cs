using System.Text;
using Tangent.Cli;

namespace Tangent.Tests;

/// <summary>What commands print. Tests run beside each other in one process: each hears only its own.</summary>
internal sealed class Printed : TextWriter
{
    private static readonly AsyncLocal<StringWriter?> Hearing = new();
    private readonly TextWriter _console;

    static Printed() => Console.SetOut(new Printed(Console.Out));

    private Printed(TextWriter console) => _console = console;

    public override Encoding Encoding => _console.Encoding;

    private TextWriter To => Hearing.Value ?? _console;

    public override void Write(char value) => To.Write(value);

    public override void Write(string? value) => To.Write(value);

    public override void WriteLine(string? value) => To.WriteLine(value);

    /// <returns>What a command prints that does as it is told.</returns>
    public static async Task<string> ByAsync(params string[] args)
    {
        await using var heard = new StringWriter();
        Hearing.Value = heard;
        (await CommandLine.RunAsync(args)).ShouldBe(ExitCode.Done);
        return heard.ToString();
    }
}
