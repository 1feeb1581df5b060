using Tangent.Cli;

namespace Tangent.Tests.Browser;

/// <summary>Takes the pictures of README and docs from the demo company: <c>TANGENT_PICTURES=1 ./test --filter PicturesTests</c>.</summary>
[Collection("browser")]
public sealed class PicturesTests(Chromium chromium)
{
    private static readonly (string Name, string Address, bool Dark)[] Pictures =
    [
        ("overview", "/", false), ("funnel", "/analyse/funnels", false), ("paths", "/analyse/paths", false), ("touchpoints", "/map/touchpoints", false),
        ("customer", "/unify/customers/7", false), ("mapping", "/collect/mapping", false), ("retention", "/analyse/retention", false), ("dark", "/", true),
    ];

    [PictureFact]
    public async Task The_pictures_show_the_pages_as_they_are()
    {
        var folder = Path.Combine(Directory.CreateTempSubdirectory("tangent-pictures").FullName, "demo");
        (await CommandLine.RunAsync(["demo", "--no-serve", "--data", folder, "--json", "--customers", "5000"])).ShouldBe(ExitCode.Done);
        await using (var server = await TestServer.StartAsync(dataFolder: folder))
        {
            foreach (var (name, address, dark) in Pictures)
            {
                await using var tab = await chromium.OpenAsync(server.Address, height: 860, dark: dark);
                await tab.GoAsync(address);
                await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, "docs", "images", name + ".png") });
                tab.Complaints.ShouldBeEmpty();
            }
        }

        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
    }

    private sealed class PictureFactAttribute : FactAttribute
    {
        public PictureFactAttribute()
        {
            if (Environment.GetEnvironmentVariable("TANGENT_PICTURES") != "1" || !Chromium.IsThere) Skip = "Takes pictures only where they are asked for: TANGENT_PICTURES=1, with Chromium.";
            Timeout = 600_000;
        }
    }
}
