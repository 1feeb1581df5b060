using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Tangent.Cli;

internal static class HouseholdCommands
{
    public static Command Household()
    {
        var customer = new Argument<string>("customer") { Description = "The customer: an id, user:ID, anonymous:ID or number:N" };
        var household = new Command("household", "Show who lives with a customer") { customer };
        household.SetApiAction(async (parsed, http, ct) =>
        {
            if (await http.AskAsync(new HttpRequestMessage(HttpMethod.Get, "/api/v1/collect/joins?take=1&customer=" + Uri.EscapeDataString(parsed.GetValue(customer)!)), ct) is not { } joins) return ExitCode.Refused;
            using var document = JsonDocument.Parse(joins);
            var number = document.RootElement.GetProperty("customer").GetProperty("customer").GetInt32();
            return await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"/api/v1/unify/customers/{number}/household")), Print, ct);
        });
        return household;
    }

    public static Command Households()
    {
        var households = new Command("households", "List the households, the largest first");
        households.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, "/api/v1/unify/households"), PrintAll, ct));
        return households;
    }

    private static void Print(JsonElement answer)
    {
        if (answer.GetProperty("household") is { ValueKind: JsonValueKind.Object } household) PrintOne(household);
        else Console.WriteLine("Nobody who is known lives with this customer.");
    }

    private static void PrintAll(JsonElement answer)
    {
        Console.WriteLine($"{answer.GetProperty("total").GetInt32()} households");
        foreach (var household in answer.GetProperty("items").EnumerateArray()) PrintOne(household);
    }

    private static void PrintOne(JsonElement household)
    {
        Console.WriteLine($"{household.GetProperty("street").GetString()}, {household.GetProperty("place").GetString()}");
        foreach (var member in household.GetProperty("members").EnumerateArray())
            Console.WriteLine($"  {member.GetProperty("customer").GetInt32(),8}  {member.GetProperty("id").GetString(),-24} {member.GetProperty("name").GetString()}");
    }
}
