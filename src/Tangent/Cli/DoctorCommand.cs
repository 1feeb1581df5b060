using System.CommandLine;

namespace Tangent.Cli;

internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Check the data folder, the databases, the event log, the journeys and the configuration; says what is wrong and what to do");
        command.SetApiAction(async (parsed, http, ct) =>
        {
            var healthy = true;
            var code = await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, "/api/v1/health"), answer =>
            {
                foreach (var check in answer.GetProperty("checks").EnumerateArray())
                    Console.WriteLine($"{check.GetProperty("status").GetString(),-10} {check.GetProperty("name").GetString()}: {check.GetProperty("detail").GetString()}");
                healthy = answer.GetProperty("status").GetString() != "unhealthy";
            }, ct);
            return code == ExitCode.Done && !healthy ? ExitCode.Refused : code;
        });
        return command;
    }
}
