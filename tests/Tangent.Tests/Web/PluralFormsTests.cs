using System.Globalization;
using System.Text;
using Tangent.Web;

namespace Tangent.Tests.Web;

/// <summary>The forms of a word by the CLDR's rules, whether the number comes as such or already written.</summary>
public sealed class PluralFormsTests
{
    private static readonly CompositeFormat Polish = CompositeFormat.Parse("{0} {0:klient|klienci|klientów|klienta}");

    [Theory]
    [InlineData(1, "klient")]
    [InlineData(2, "klienci")]
    [InlineData(5, "klientów")]
    [InlineData(12, "klientów")]
    [InlineData(14, "klientów")]
    [InlineData(22, "klienci")]
    [InlineData(25, "klientów")]
    [InlineData(101, "klientów")]
    [InlineData(104, "klienci")]
    [InlineData(112, "klientów")]
    [InlineData(0, "klientów")]
    [InlineData(1_234_567, "klientów")]
    [InlineData(1_000_003, "klienci")]
    public void Polish_has_one_few_and_many(long number, string form)
    {
        using var _ = Speaking("pl");
        string.Format(PluralForms.OfRequest, Polish, number).ShouldEndWith(" " + form);
        string.Format(PluralForms.OfRequest, Polish, Figures.Number(number)).ShouldBe($"{Figures.Number(number)} {form}");
    }

    [Theory]
    [InlineData("en", 1, "customer")]
    [InlineData("en", 0, "customers")]
    [InlineData("en", 21, "customers")]
    [InlineData("de", 1, "customer")]
    [InlineData("de", 1001, "customers")]
    public void English_and_German_have_one_and_other(string language, long number, string form)
    {
        using var _ = Speaking(language);
        string.Format(PluralForms.OfRequest, "{0:customer|customers}", Figures.Number(number)).ShouldBe(form);
    }

    [Fact]
    public void Fractions_and_shortened_numbers_have_their_own_forms()
    {
        using var _ = Speaking("pl");
        string.Format(PluralForms.OfRequest, Polish, 1.5).ShouldBe("1,5 klienta");
        string.Format(PluralForms.OfRequest, Polish, Figures.Compact(2_000_000)).ShouldEndWith(" klientów");
    }

    [Fact]
    public void Other_formats_stay_as_they_are()
    {
        using var _ = Speaking("de");
        string.Format(PluralForms.OfRequest, "{0:n0} · {1} · {2:yyyy}", 12345, "a|b", new DateOnly(2026, 3, 4)).ShouldBe("12.345 · a|b · 2026");
    }

    private static Language Speaking(string language) => new(language);

    private sealed class Language : IDisposable
    {
        private readonly (CultureInfo Culture, CultureInfo UI) _before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);

        public Language(string language) => CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);

        public void Dispose() => (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = _before;
    }
}
