using System.Globalization;
using System.Net;
using Tangent.Cli;
using Tangent.Tests.Operate;

namespace Tangent.Tests.Collect;

/// <summary>The real program as a process of its own takes a large file.</summary>
public sealed class UploadMemoryTests
{
    private const int Megabytes = 256;

    [Fact]
    public async Task A_large_file_goes_to_the_disk_as_it_comes_and_takes_no_memory_for_its_size()
    {
        var folder = Directory.CreateTempSubdirectory("tangent-large").FullName;
        try
        {
            await using var program = await RunningProgram.ServeAsync(folder);
            await using var connection = (await ServerConnection.OpenAsync(folder, CancellationToken.None))!;
            var http = connection.Http;
            // The first request takes what every first one takes.
            (await http.PostAsync("/api/v1/collect/uploads?fileName=small.csv", new Repeated(1))).StatusCode.ShouldBe(HttpStatusCode.Created);
            var before = PeakMegabytes(program.ProcessId);

            using var sent = await http.PostAsync("/api/v1/collect/uploads?fileName=large.csv", new Repeated(Megabytes));

            sent.StatusCode.ShouldBe(HttpStatusCode.Created);
            (await sent.Content.ReadAsStringAsync()).ShouldContain(((long)Megabytes << 20).ToString(CultureInfo.InvariantCulture));
            (PeakMegabytes(program.ProcessId) - before).ShouldBeLessThan(Megabytes / 2);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The most memory that the process ever had.</summary>
    private static int PeakMegabytes(int process) =>
        int.Parse(File.ReadLines($"/proc/{process}/status").Single(l => l.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;

    /// <summary>A file of so many megabytes that is made while it is sent.</summary>
    private sealed class Repeated(int megabytes) : HttpContent
    {
        private static readonly byte[] Megabyte = [.. Enumerable.Repeat("customer,event,time 0123456789\n"u8.ToArray(), 40_000).SelectMany(l => l).Take(1 << 20)];

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var i = 0; i < megabytes; i++) await stream.WriteAsync(Megabyte);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = (long)megabytes << 20;
            return true;
        }
    }
}
