using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Collect;
using Tangent.Tests.Collect;

namespace Tangent.Tests.Web;

/// <summary>The examples for those who write programs of their own do what they say, against a real server.</summary>
public sealed class ExamplesTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_example_in_csharp_sends_asks_and_pages()
    {
        // Built with the tests, see the project file.
        var program = Path.Combine(Repository.Root, "artifacts", "bin", "Tangent.Example", new DirectoryInfo(AppContext.BaseDirectory).Name, "Tangent.Example.dll");
        await RunsAsync("csharp", "Example", "dotnet", program);
    }

    [SdkFact]
    public async Task The_example_in_typescript_sends_asks_and_pages()
    {
        var made = Directory.CreateTempSubdirectory("tangent-example").FullName;
        await RunAsync("node", Path.Combine(SdkTests.Npm, "node_modules", "typescript", "bin", "tsc"), "--strict", "--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext", "--lib", "es2022,dom,dom.iterable",
            "--outDir", made, Path.Combine(Repository.Root, "examples", "typescript", "example.mts"));
        await RunsAsync("typescript", "Script", "node", Path.Combine(made, "example.mjs"));
        Directory.Delete(made, recursive: true);
    }

    private async Task RunsAsync(string name, string says, string program, string file)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var source = (await scope.ServiceProvider.GetRequiredService<SourceQueries>().AddAsync(name, SourceKind.Server, CancellationToken.None)).ShouldNotBeNull();
        var first = await RunAsync(program, file, server.Address.ToString(), source.WriteKey);
        first.ShouldContain("375 events accepted, 0 sent before");
        first.ShouldContain($"{says} visit: 250 customers");
        first.ShouldContain($"{says} order: 125 customers");
        first.ShouldContain("250 customers read");
        (await RunAsync(program, file, server.Address.ToString(), source.WriteKey)).ShouldContain("0 events accepted, 375 sent before");
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await output + await error);
        return await output;
    }
}

/// <summary>Runs where the packages of npm are installed; on the build machine they must be.</summary>
public sealed class SdkFactAttribute : FactAttribute
{
    public SdkFactAttribute()
    {
        if (!Directory.Exists(Path.Combine(SdkTests.Npm, "node_modules")) && Environment.GetEnvironmentVariable("CI") != "true")
            Skip = "The packages are not installed: run npm ci in tests/Tangent.Tests/npm, or ./test.";
    }
}
