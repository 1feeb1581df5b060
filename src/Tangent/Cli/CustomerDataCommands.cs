using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Cli;

/// <summary>What a person may ask for of the own data: seen, handed over, corrected, restricted.</summary>
internal static class CustomerDataCommands
{
    private static Argument<string> Customer() => new("customer") { Description = "The customer: an id, user:ID, anonymous:ID or number:N" };

    public static Command Data()
    {
        var customer = Customer();
        var data = new Command("data", "Count what is kept of a customer, by kind of data: what an erasure takes out") { customer };
        data.SetApiAction(async (parsed, http, ct) => await AddressAsync(http, parsed.GetValue(customer)!, ct) is not { } address ? ExitCode.Refused
            : await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, address + "/data"), answer =>
            {
                foreach (var item in answer.GetProperty("items").EnumerateArray())
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{item.GetProperty("kind").GetString(),-22}{item.GetProperty("count").GetInt64(),10}"));
                if (answer.GetProperty("restrictedBecause").GetString() is { } reason) Console.WriteLine($"Processing is restricted: {reason}");
            }, ct));
        return data;
    }

    public static Command Export()
    {
        var customer = Customer();
        var output = new Option<string>("--output") { Description = "File to write, a zip", Required = true };
        var language = new Option<string>("--lang") { Description = "Language of the page for people: en, de or pl", DefaultValueFactory = _ => "en" };
        var export = new Command("export", "Write everything that is kept of a customer to a zip: JSON, and a page for people") { customer, output, language };
        export.SetApiAction(async (parsed, http, ct) =>
        {
            if (await AddressAsync(http, parsed.GetValue(customer)!, ct) is not { } address) return ExitCode.Refused;
            using var response = await http.GetAsync($"{address}/export?lang={Uri.EscapeDataString(parsed.GetValue(language)!)}", HttpCompletionOption.ResponseHeadersRead, ct);
            if (!response.IsSuccessStatusCode) return await ApiCommand.RefuseAsync(response, ct);
            var path = parsed.GetValue(output)!;
            if (File.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            {
                await Console.Error.WriteLineAsync($"{path} is there already, or its folder is not. Name another file.");
                return ExitCode.Refused;
            }

            await using var zip = await response.Content.ReadAsStreamAsync(ct);
            await OutputFile.WriteAsync(path, zip.CopyToAsync, ct, isPrivate: true);
            Console.WriteLine(path);
            return ExitCode.Done;
        });
        return export;
    }

    public static Command Restrict()
    {
        var customer = Customer();
        var reason = new Option<string>("--reason") { Description = "Why, such as the number of the request", Required = true };
        var restrict = new Command("restrict", "Restrict processing: the data is kept, and left out of matching and of whoever may be contacted") { customer, reason };
        restrict.SetApiAction((parsed, http, ct) => ChangeAsync(http, HttpMethod.Put, parsed.GetValue(customer)!, "/restriction", new { reason = parsed.GetValue(reason) }, ct));
        return restrict;
    }

    public static Command Release()
    {
        var customer = Customer();
        var release = new Command("release", "End the restriction of processing") { customer };
        release.SetApiAction((parsed, http, ct) => ChangeAsync(http, HttpMethod.Delete, parsed.GetValue(customer)!, "/restriction", null, ct));
        return release;
    }

    public static Command Correct()
    {
        var customer = Customer();
        var trait = new Argument<string>("trait") { Description = "Name of the trait" };
        var value = new Argument<string?>("value") { Description = "What holds from now on, whatever sources say; without it the sources count again", DefaultValueFactory = _ => null };
        var correct = new Command("correct", "Correct what is known of a customer") { customer, trait, value };
        correct.SetApiAction((parsed, http, ct) => ChangeAsync(
            http, HttpMethod.Put, parsed.GetValue(customer)!, "/traits/" + Uri.EscapeDataString(parsed.GetValue(trait)!), new { value = parsed.GetValue(value) }, ct));
        return correct;
    }

    private static async Task<int> ChangeAsync(HttpClient http, HttpMethod method, string customer, string path, object? body, CancellationToken ct)
    {
        if (await AddressAsync(http, customer, ct) is not { } address) return ExitCode.Refused;
        using var request = new HttpRequestMessage(method, address + path) { Content = body is null ? null : JsonContent.Create(body) };
        return await http.AskAsync(request, ct) is null ? ExitCode.Refused : ExitCode.Done;
    }

    /// <returns>Null where there is no such customer; the refusal is printed.</returns>
    private static async Task<string?> AddressAsync(HttpClient http, string customer, CancellationToken ct)
    {
        if (await http.AskAsync(new HttpRequestMessage(HttpMethod.Get, "/api/v1/collect/joins?take=1&customer=" + Uri.EscapeDataString(customer)), ct) is not { } joins) return null;
        using var document = JsonDocument.Parse(joins);
        return string.Create(CultureInfo.InvariantCulture, $"/api/v1/unify/customers/{document.RootElement.GetProperty("customer").GetProperty("customer").GetInt32()}");
    }
}
