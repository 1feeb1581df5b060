using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using Tangent.Tests.Browser;

namespace Tangent.Tests.Web;

/// <summary>Tables are arranged and exported by their address alone; a file holds exactly what the page shows.</summary>
public sealed class TableTests : IAsyncLifetime
{
    private static readonly XNamespace Sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await SmallCompany.FoundAsync(_server);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_table_is_sorted_searched_and_its_columns_chosen_by_its_address()
    {
        var file = await LinesAsync("/analyse/flows?flows.sort=to&flows.find=invoice&flows.columns=to&flows.columns=times&export=flows.csv");
        file[0].ShouldBe("To,Times");
        file.Length.ShouldBeGreaterThan(3);
        var names = file[1..].Select(line => line.Split(',')[0]).ToList();
        names.ShouldBe(names.Order(StringComparer.InvariantCultureIgnoreCase));
        var times = (await LinesAsync("/analyse/flows?flows.sort=-times&flows.columns=times&export=flows.csv"))[1..].Select(int.Parse).ToList();
        times.ShouldBe(times.OrderDescending());
        var page = await _server.Http.GetStringAsync("/analyse/flows?flows.sort=-times&flows.columns=times");
        page.ShouldContain($">{times[0]}</td>");
        page.ShouldContain("aria-sort=\"descending\"");
    }

    [Fact]
    public async Task A_workbook_has_the_numbers_of_the_page_as_numbers()
    {
        using var zip = new ZipArchive(new MemoryStream(await _server.Http.GetByteArrayAsync("/analyse/flows?export=flows.xlsx&lang=de")));
        await using var part = zip.GetEntry("xl/worksheets/sheet1.xml")!.Open();
        var rows = XDocument.Load(part).Descendants(Sheet + "row").Select(r => r.Elements(Sheet + "c").Select(c => (Text: c.Element(Sheet + "is")?.Value, Number: c.Element(Sheet + "v")?.Value)).ToList()).ToList();
        rows[0].Select(c => c.Text).ShouldContain("Kunden");
        rows[1].Count(c => c.Number is not null).ShouldBe(4);
        (await LinesAsync("/analyse/flows?export=flows.csv")).Length.ShouldBe(rows.Count);
    }

    [Fact]
    public async Task German_files_have_semicolons_and_decimal_commas()
    {
        var bytes = await _server.Http.GetByteArrayAsync("/analyse/variants?variants.columns=customers&variants.columns=share&export=variants.csv&lang=de");
        bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble).ShouldBeTrue();
        var lines = Encoding.UTF8.GetString(bytes[3..]).Split("\r\n");
        lines[0].ShouldBe("Kunden;Anteil");
        lines[1].ShouldMatch(@"^\d+;0,\d+$");
    }

    [Fact]
    public async Task A_list_that_the_server_pages_is_exported_whole()
    {
        (await LinesAsync("/unify/customers?export=customers.csv")).Length.ShouldBeGreaterThan(200);
        var page = await _server.Http.GetStringAsync("/unify/customers");
        page.ShouldContain("export=customers.xlsx");
    }

    [Theory]
    [InlineData("1")]
    [InlineData("customers.csv")]
    public async Task A_list_of_the_API_is_never_given_whole(string export)
    {
        var page = await _server.Http.GetStringAsync("/analyse/flows?flows.sort=-customers");
        var address = System.Text.RegularExpressions.Regex.Match(page, "href=\"(/analyse/flows/customers[^\"]+)").Groups[1].Value.Replace("&amp;", "&", StringComparison.Ordinal);
        using var answer = await _server.Http.GetAsync($"/api/v1{address}&take=2&export={export}");
        ((int)answer.StatusCode).ShouldBe(200, await answer.Content.ReadAsStringAsync());
        var list = System.Text.Json.JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        list.GetProperty("items").GetArrayLength().ShouldBe(2);
        list.GetProperty("next").GetString().ShouldNotBeNull();
    }

    [Fact]
    public async Task A_choice_of_the_usual_columns_is_none_and_a_search_sends_no_columns()
    {
        var page = await _server.Http.GetStringAsync("/analyse/flows?" + "flows.columns=from&flows.columns=to&flows.columns=times&flows.columns=customers&flows.columns=median&flows.columns=mean");
        FormOfSearch(page).ShouldNotContain("flows.columns");
        var chosen = await _server.Http.GetStringAsync("/analyse/flows?flows.columns=to");
        FormOfSearch(chosen).ShouldContain("name=\"flows.columns\" value=\"to\"");

        static string FormOfSearch(string page)
        {
            var table = page[page.IndexOf("id=\"flows-table\"", StringComparison.Ordinal)..];
            return table[..table.IndexOf("id=\"flows-find\"", StringComparison.Ordinal)];
        }
    }

    [Theory]
    [InlineData("/analyse/flows?export=nothing.csv")]
    [InlineData("/analyse/flows?from=never&export=flows.csv")]
    public async Task What_cannot_be_exported_leads_back_to_the_page(string address)
    {
        using var answer = await _server.Http.GetAsync(address);
        ((int)answer.StatusCode).ShouldBe(302);
        answer.Headers.Location!.ToString().ShouldNotContain("export");
    }

    [Theory]
    [InlineData("/analyse/flows?flows.sort=-nothing&flows.skip=99999&flows.columns=none")]
    [InlineData("/analyse/flows?flows.skip=-1&flows.find=%00%2B")]
    public async Task A_wrong_arrangement_is_no_fault(string address)
    {
        using var answer = await _server.Http.GetAsync(address);
        ((int)answer.StatusCode).ShouldBe(200);
    }

    private async Task<string[]> LinesAsync(string address) =>
        Encoding.UTF8.GetString((await _server.Http.GetByteArrayAsync(address))[3..]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
}
