using System.Globalization;
using Tangent.Bench;

var options = new Dictionary<string, string>();
for (var index = 1; index + 1 < args.Length; index += 2) options[args[index]] = args[index + 1];
int Number(string name, int otherwise) => options.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

if (args is not ["questions", ..])
{
    Console.Error.WriteLine("Usage: Tangent.Bench questions [--events N] [--seed N] [--runs N] [--only TEXT]");
    return 2;
}

QuestionsBench.Run(Number("--events", 10_000_000), Number("--seed", 1), Number("--runs", 7), options.GetValueOrDefault("--only"));
return 0;
