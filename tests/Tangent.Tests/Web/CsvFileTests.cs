using System.Globalization;
using System.Text;
using Tangent.Web;

namespace Tangent.Tests.Web;

public sealed class CsvFileTests
{
    [Theory]
    [InlineData("=HYPERLINK(\"http://evil\")", "\"'=HYPERLINK(\"\"http://evil\"\")\"")]
    [InlineData("+48 12 345", "'+48 12 345")]
    [InlineData("-2", "'-2")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\rx", "\"'\rx\"")]
    [InlineData("a;b", "\"a;b\"")]
    [InlineData("Größe", "Größe")]
    public void A_text_is_never_a_formula(string text, string cell) => Line(text).ShouldBe(cell);

    [Fact]
    public void Numbers_stay_numbers_and_days_are_unambiguous()
    {
        Line(-2.5).ShouldBe("-2,5");
        Line(1234).ShouldBe("1234");
        Line(double.NaN).ShouldBe("");
        Line(new DateOnly(2026, 3, 4)).ShouldBe("2026-03-04");
        Line(new DateTime(2026, 3, 4, 5, 6, 7)).ShouldBe("2026-03-04 05:06:07");
        Line(null).ShouldBe("");
    }

    private static string Line(object? value) =>
        Encoding.UTF8.GetString(CsvFile.Write(new TableContent([new TableHeading("Spalte", Holds.Text)], [[value]]), CultureInfo.GetCultureInfo("de"))[3..])["Spalte\r\n".Length..][..^2];
}
