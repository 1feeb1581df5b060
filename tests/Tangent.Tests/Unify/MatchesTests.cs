using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Tangent.Tests.Unify;

/// <summary>Matching of files over HTTP: public data with a known truth, several files, and files that cannot be matched.</summary>
public sealed class MatchesTests(TestServer server) : IClassFixture<TestServer>
{
    private const string People = """
        id;Vorname;Nachname;E-Mail;Telefon;Ort
        1;Anna;Meier;anna.meier@example.com;030 1234567;Berlin
        2;Ben;Kowalski;ben@example.com;0664 99887766;Wien
        3;Cleo;Huber;cleo.huber@example.com;;München

        """;

    [FixtureFact]
    public async Task Persons_with_typing_mistakes_are_found_without_rules()
    {
        var (file, truth) = Febrl();
        var found = await MatchAsync("?ignore=soc_sec_id&ignore=rec_id", ("dataset1.csv", file));
        var (precision, recall) = Pairs(found.Clusters, truth);
        (2 * precision * recall / (precision + recall)).ShouldBeGreaterThanOrEqualTo(0.98);
        found.Report.GetProperty("rows").GetInt32().ShouldBe(1000);
        found.Report.GetProperty("duplicates").GetInt32().ShouldBeInRange(480, 510);
    }

    [FixtureFact]
    public async Task Persons_with_blanks_and_damaged_values_are_found_in_any_order_of_rows()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Fixtures, "splink-fake-1000", "fake_1000_from_splink_demos.csv"));
        var rows = lines[1..];
        new Random(5).Shuffle(rows);
        var found = await MatchAsync("?ignore=cluster", ("fake.csv", string.Join('\n', rows.Prepend(lines[0]))));
        var (precision, recall) = Pairs(found.Clusters, [.. rows.Select(r => r.Split(',')[^1])]);
        precision.ShouldBeGreaterThanOrEqualTo(0.98);
        recall.ShouldBeGreaterThanOrEqualTo(0.95);
    }

    [FixtureFact]
    public async Task Two_files_are_linked_by_what_their_columns_hold()
    {
        var (file, truth) = Febrl();
        var lines = file.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // The second file calls its columns otherwise.
        var second = string.Join('\n', lines.Skip(501).Prepend(lines[0].Replace("given_name", "Vorname", StringComparison.Ordinal).Replace("surname", "Nachname", StringComparison.Ordinal).Replace("date_of_birth", "Geburtsdatum", StringComparison.Ordinal)));
        var found = await MatchAsync("?ignore=soc_sec_id&ignore=rec_id", ("first.csv", string.Join('\n', lines.Take(501))), ("second.csv", second));
        var (precision, recall) = Pairs(found.Clusters, truth);
        (2 * precision * recall / (precision + recall)).ShouldBeGreaterThanOrEqualTo(0.98);
        found.Lines[1].ShouldStartWith("first.csv,1,1,");
        found.Lines[501].ShouldStartWith("second.csv,1,");
    }

    [Fact]
    public async Task Three_strangers_stay_three_and_nothing_of_the_file_is_kept()
    {
        var alone = await MatchAsync("", ("people.csv", People));
        alone.Clusters.Distinct().Count().ShouldBe(3);
        alone.Lines[0].ShouldBe("file,row,cluster,probability");
        Directory.EnumerateFiles(Path.Combine(server.DataFolder, "imports"), "match-*").ShouldBeEmpty();
    }

    [FixtureFact]
    public async Task Three_files_with_a_column_that_only_some_of_them_have_are_linked_too()
    {
        var (file, truth) = Febrl();
        var lines = file.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string Part(int from, int rows, Func<string, int, string> extra) => string.Join('\n', lines.Skip(from).Take(rows).Select(extra).Prepend(extra(lines[0], -1)));
        var found = await MatchAsync(
            "?ignore=soc_sec_id&ignore=rec_id",
            ("first.csv", Part(1, 300, (l, i) => l)),
            ("second.csv", Part(301, 300, (l, i) => $"{l},{(i < 0 ? "shoe" : i % 7)}")),
            ("third.csv", Part(601, 400, (l, i) => $"{l},{(i < 0 ? "shoe" : i % 7)}")));
        var (precision, recall) = Pairs(found.Clusters, truth);
        (2 * precision * recall / (precision + recall)).ShouldBeGreaterThanOrEqualTo(0.98);
    }

    [FixtureFact]
    public async Task A_column_that_is_nearly_empty_joins_nobody()
    {
        var (file, truth) = Febrl();
        var lines = file.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var rows = lines.Select((l, i) => $"{l},{(i == 0 ? "mobile phone" : i is 17 or 400 ? "0041 79 555 66 77" : "")}");
        var found = await MatchAsync("?ignore=soc_sec_id&ignore=rec_id", ("dataset1.csv", string.Join('\n', rows)));
        var (precision, recall) = Pairs(found.Clusters, truth);
        (2 * precision * recall / (precision + recall)).ShouldBeGreaterThanOrEqualTo(0.98);
        JsonDocument.Parse(found.Report.GetRawText()).RootElement.GetProperty("columns").EnumerateArray().ShouldAllBe(c => double.IsFinite(c.GetProperty("weight").GetDouble()));
    }

    [Fact]
    public async Task Where_few_are_there_twice_namesakes_are_not_taken_for_them()
    {
        var random = new Random(11);
        string Pick(string words) => words.Split(' ') is var all ? all[(int)(all.Length * Math.Pow(random.NextDouble(), 1.5))] : "";
        var rows = new List<string>();
        for (var i = 0; i < 4000; i++)
        {
            var (first, last) = (Pick("Anna Jan Piotr Maria Stefan Hans Karl Monika Ursula Thomas Peter Barbara"), Pick("Nowak Weber Huber Wagner Becker Schulz Hoffmann Kowalski Zielinski Wojcik Fischer Meyer Koch Bauer Richter Klein"));
            rows.Add($"{first};{last};{first}.{last}{i}@post.example;0171 {random.Next(1_000_000, 9_999_999)};{1950 + random.Next(50)}-{1 + random.Next(12):00}-{1 + random.Next(28):00};{Pick("Wien Graz Linz Berlin Hamburg")}");
        }

        // Five come again, with another address and a slip in the name.
        for (var i = 0; i < 5; i++) rows.Add(rows[i * 700].Split(';') is [var first, var last, _, var phone, var born, var town] ? $"{first};{last}e;other{i}@mail.example;{phone};{born};{town}" : "");
        var found = await MatchAsync("", ("people.csv", "Vorname;Nachname;E-Mail;Telefon;Geburtsdatum;Ort\n" + string.Join('\n', rows) + "\n"));
        found.Clusters.Distinct().Count().ShouldBe(4000);
        for (var i = 0; i < 5; i++) found.Clusters[4000 + i].ShouldBe(found.Clusters[i * 700]);
    }

    [Fact]
    public async Task What_was_only_filled_in_joins_nobody()
    {
        var random = new Random(3);
        string Pick(string words) => words.Split(' ') is var all ? all[random.Next(all.Length)] : "";
        var rows = Enumerable.Range(0, 400).Select(i => $"{Pick("Anna Jan Piotr Maria Stefan Hans Karl Monika Ursula Thomas")};{Pick("Nowak Weber Huber Wagner Becker Schulz Hoffmann Kowalski Fischer Meyer Koch Bauer")};a{i}@post.example;0171 {random.Next(1_000_000, 9_999_999)};{1950 + random.Next(50)}-{1 + random.Next(12):00}-{1 + random.Next(28):00}").ToList();
        string[] names = ["Adalbert;Quast", "Bogumila;Zielonka", "Cosima;Trauttmansdorff", "Dagobert;Pfnuer", "Emeryk;Wrona", "Friedlinde;Oxenfurt", "Gisbert;Ziegenspeck", "Hedwiga;Lis"];
        string[] fillings = ["noreply@post.example;11111;11111", "unknown@post.example;030 0000000;0000-00-00", "no-reply@shop.example;030 0000000;1900-01-01"];
        rows.AddRange(fillings.SelectMany(f => names.Select(n => $"{n};{f}")).OrderBy(r => r.Split(';')[0], StringComparer.Ordinal));
        var found = await MatchAsync("", ("people.csv", "Vorname;Nachname;E-Mail;Telefon;Geburtsdatum\n" + string.Join('\n', rows) + "\n"));
        // Each three times under the same two rare names, and never with another one.
        var clusters = found.Clusters.Skip(400).Chunk(3).ToList();
        clusters.SelectMany(c => c.Distinct()).GroupBy(c => c).ShouldAllBe(g => g.Count() == 1);
        found.Clusters.Take(400).Distinct().Count().ShouldBeGreaterThan(390);
    }

    [Fact]
    public async Task The_command_writes_into_a_folder_that_is_there_and_asks_for_one_that_is_not()
    {
        var file = Path.Combine(server.DataFolder, "people.csv");
        await File.WriteAllTextAsync(file, "Vorname;Nachname;E-Mail\nAnna;Meier;anna@post.example\nBen;Huber;ben@post.example\n");
        Task<int> MatchIntoAsync(string output) => Tangent.Cli.CommandLine.RunAsync(["match", file, "--output", Path.Combine(server.DataFolder, output), "--data", server.DataFolder]);
        (await MatchIntoAsync("o.csv"), await MatchIntoAsync(Path.Combine("nowhere", "o.csv"))).ShouldBe((Tangent.Cli.ExitCode.Done, Tangent.Cli.ExitCode.Refused));
        (await File.ReadAllLinesAsync(Path.Combine(server.DataFolder, "o.csv")))[0].ShouldBe("file,row,cluster,probability");
    }

    [Theory]
    [InlineData("Vorname,Nachname,Geburtsdatum,Strasse", "name,geb,adresse", false)]
    [InlineData("name,geb,adresse", "Vorname,Nachname,Geburtsdatum,Strasse", false)]
    [InlineData("name,geb,adresse", "Vorname,Nachname,Geburtsdatum,Strasse", true)]
    [InlineData("Vorname,Name,Geburtsdatum,Strasse", "name,geb,adresse", false)]
    [InlineData("Vorname,Name,Geburtsdatum,Strasse", "Vorname,Nachname,geb,adresse", false)]
    public async Task Whole_names_and_addresses_of_one_file_are_compared_with_those_of_another(string first, string second, bool turned)
    {
        string Row(string head, (string Given, string Surname, string Born, string Street) p) => head.StartsWith("Vorname", StringComparison.Ordinal) ? $"{p.Given},{p.Surname},{p.Born},{p.Street}"
            : $"{(turned ? $"\"{p.Surname}, {p.Given}\"" : $"{p.Given} {p.Surname}")},{p.Born},{p.Street.Replace("straße", "str.", StringComparison.Ordinal)}";
        string File(string head, int rows) => head + "\n" + string.Join('\n', Enumerable.Range(0, rows).Select(i => Row(head, Linked(i)))) + "\n";
        var found = await MatchAsync("", ("first.csv", File(first, 400)), ("second.csv", File(second, 200)));
        Enumerable.Range(0, 200).Count(i => found.Clusters[400 + i] == found.Clusters[i]).ShouldBeGreaterThanOrEqualTo(198);
        found.Clusters.Take(400).Distinct().Count().ShouldBeGreaterThanOrEqualTo(398);
        found.Report.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("kind").GetString()).Order().ShouldBe(["Address", "Date", "GivenName", "Surname"]);
    }

    [Fact]
    public async Task Places_are_compared_by_what_they_are_called_in_any_language()
    {
        string File(string head) => head + "\n" + string.Join('\n', Enumerable.Range(0, 60).Select(i => $"{Linked(i).Surname},{10115 + (i * 97)},{(char)('A' + (i % 7))}stadt{i % 31}")) + "\n";
        var found = await MatchAsync("", ("first.csv", File("Nachname,PLZ,Ort")), ("second.csv", File("surname,postcode,city")));
        found.Report.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("name").GetString()).ShouldBe(["Nachname", "PLZ", "Ort"]);
    }

    [Fact]
    public async Task A_column_that_follows_from_another_has_no_worth_of_its_own()
    {
        var file = Path.Combine(server.DataFolder, "towns.csv");
        await System.IO.File.WriteAllTextAsync(file, "Vorname,Nachname,Geburtsdatum,PLZ,Ort\n" + string.Join('\n', Enumerable.Range(0, 400).Concat(Enumerable.Range(0, 40)).Select(i => Linked(i) is var p ? $"{p.Given},{p.Surname},{p.Born},{10000 + (i % 16 * 111)},Ort{i % 8}stadt" : "")) + "\n");
        var printed = await Printed.ByAsync("match", file, "--output", Path.Combine(server.DataFolder, "towns-out.csv"), "--data", server.DataFolder);
        printed.ShouldContain("Ort (Category): follows from PLZ");
        printed.ShouldContain("PLZ (Category): agreeing is worth");
        var report = JsonDocument.Parse(await Printed.ByAsync("match", file, "--output", Path.Combine(server.DataFolder, "towns-out.csv"), "--json", "--data", server.DataFolder)).RootElement;
        var town = report.GetProperty("columns").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "Ort");
        (town.GetProperty("followsFrom").GetString(), town.GetProperty("weight").ValueKind, town.GetProperty("equal").ValueKind).ShouldBe(("PLZ", JsonValueKind.Null, JsonValueKind.Null));
    }

    [Fact]
    public async Task Files_of_one_name_are_told_apart_by_their_paths()
    {
        string[] files = [Path.Combine("na", "p.csv"), Path.Combine("nb", "p.csv"), Path.Combine("nb", "q.csv")];
        files = Array.ConvertAll(files, f => Path.Combine(server.DataFolder, f));
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await System.IO.File.WriteAllTextAsync(file, "Vorname,Nachname,E-Mail\nAnna,Meier,anna@post.example\nBen,Huber,ben@post.example\n");
        }

        var output = Path.Combine(server.DataFolder, "told-apart.csv");
        await Printed.ByAsync(["match", .. files, "--output", output, "--data", server.DataFolder]);
        (await System.IO.File.ReadAllLinesAsync(output)).Skip(1).Select(l => l.Split(',')[0]).Distinct().ShouldBe([files[0], files[1], "q.csv"]);
    }

    [Fact]
    public async Task Families_who_share_name_address_and_telephone_stay_persons()
    {
        var rows = new Tangent.Bench.Persons(5).Make(20_000);
        var found = await MatchAsync("", ("people.csv", string.Join('\n', rows.Select(r => r.Csv).Prepend(Tangent.Bench.MadePerson.Header)) + "\n"));
        var (precision, recall) = Pairs(found.Clusters, [.. rows.Select(r => r.Truth.ToString(CultureInfo.InvariantCulture))]);
        precision.ShouldBeGreaterThan(0.98);
        recall.ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public async Task Columns_of_the_same_name_are_two_columns()
    {
        const string twice = "Name;Telefon;Telefon\nAnna Meier;030 1234567;0171 5555555\nBen Kowalski;0664 99887766;0664 1112233\nAnna Meier;030 1234567;0171 5555555\n";
        var found = await MatchAsync("", ("one.csv", twice), ("two.csv", twice));
        found.Lines.Length.ShouldBe(7);
        found.Report.GetProperty("columns").GetArrayLength().ShouldBe(3);
        found.Clusters[3].ShouldBe(found.Clusters[0]);
        found.Clusters[4].ShouldBe(found.Clusters[1]);
    }

    [Fact]
    public async Task A_form_that_breaks_off_is_refused_and_leaves_nothing()
    {
        using var body = new StringContent("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nname,city\nAnna,Wien\n");
        body.Headers.Remove("Content-Type");
        body.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        using var response = await server.Http.PostAsync("/api/v1/unify/matches", body);
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, await response.Content.ReadAsStringAsync());
        Directory.EnumerateFiles(Path.Combine(server.DataFolder, "imports"), "match-*").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("?ignore=shoe_size", "id,name\n1,Anna\n2,Ben\n", "shoe")]
    [InlineData("?sure=0.2", "id,name\n1,Anna\n2,Ben\n", "probability")]
    [InlineData("", "{\"name\":\"Anna\"}", "CSV")]
    [InlineData("", "", "empty")]
    [InlineData("", "id,name\n1,\"Anna\n2,Ben\n", "Line 2")]
    [InlineData("", "name\nAnna\nAnna\n", "No column")]
    public async Task What_cannot_be_matched_is_refused_with_the_reason(string query, string content, string says)
    {
        using var response = await SendAsync(query, ("people.csv", content));
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await response.Content.ReadAsStringAsync()).ShouldContain(says);
        using var without = await server.Http.PostAsync("/api/v1/unify/matches", new StringContent("{}", Encoding.UTF8, "application/json"));
        without.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    /// <summary>Somebody, the same at each call.</summary>
    private static (string Given, string Surname, string Born, string Street) Linked(int i)
    {
        string Pick(string words, int at) => words.Split(' ') is var all ? all[at % all.Length] : "";
        return (
            Pick("Anna Jan Piotr Maria Stefan Hans Karl Monika Ursula Thomas Peter Barbara Lena", i), Pick("Nowak Weber Huber Wagner Becker Schulz Hoffmann Kowalski Zielinski Wojcik Fischer Meyer Koch Bauer Richter Klein Lis", i * 5),
            $"{1940 + (i * 7 % 60)}-{1 + (i % 12):00}-{1 + (i * 11 % 28):00}", $"{Pick("Garten Berg Wald Linden Kirch Bahnhof Schul", i * 3)}straße {1 + (i % 89)}");
    }

    private static (string File, string[] Truth) Febrl()
    {
        var file = File.ReadAllText(Path.Combine(Repository.Fixtures, "febrl1", "dataset1.csv"));
        return (file, [.. file.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split('-')[1])]);
    }

    private async Task<(string[] Lines, int[] Clusters, JsonElement Report)> MatchAsync(string query, params (string Name, string Content)[] files)
    {
        using var response = await SendAsync(query, files);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (lines, [.. lines.Skip(1).Select(l => int.Parse(l.Split(',')[2], null))], JsonDocument.Parse(response.Headers.GetValues("Tangent-Report").First()).RootElement);
    }

    private async Task<HttpResponseMessage> SendAsync(string query, params (string Name, string Content)[] files)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, content) in files) form.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(content)), "file", name);
        return await server.Http.PostAsync("/api/v1/unify/matches" + query, form);
    }

    /// <summary>Share of the found pairs that are true, and of the true pairs that are found.</summary>
    private static (double Precision, double Recall) Pairs(int[] clusters, string[] truth)
    {
        static double Count<T>(IEnumerable<T> keys) => keys.GroupBy(k => k).Sum(g => g.Count() * (g.Count() - 1.0) / 2);
        clusters.Length.ShouldBe(truth.Length);
        var right = Count(clusters.Zip(truth));
        return (right / Count(clusters), right / Count(truth));
    }
}
