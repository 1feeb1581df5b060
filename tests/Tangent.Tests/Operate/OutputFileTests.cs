namespace Tangent.Tests.Operate;

/// <summary>Files that commands write.</summary>
public sealed class OutputFileTests
{
    [Theory]
    [InlineData("match", "{0}/persons.csv", "--output", "{0}", "is a folder")]
    [InlineData("match", "{0}/persons.csv", "--output", "{0}/nowhere/clusters.csv", "There is no folder")]
    [InlineData("import", "{0}/persons.csv", "--rejects", "{0}", "is a folder")]
    public async Task A_file_that_cannot_be_written_is_refused_before_any_work(string command, string file, string option, string output, string said)
    {
        var folder = Directory.CreateTempSubdirectory("tangent-output").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "persons.csv"), "email,name\nanna@example.com,Anna\n");
            var (code, _, error) = await RunningProgram.RunAsync(command, string.Format(null, file, folder), option, string.Format(null, output, folder), "--data", Path.Combine(folder, "data"));
            code.ShouldBe(1, error);
            error.ShouldContain(said);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
