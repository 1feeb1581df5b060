using Tangent.Collect;

namespace Tangent.Tests.Collect;

/// <summary>The one form into which values of persons are brought before they are compared.</summary>
public sealed class PersonValuesTests
{
    [Theory]
    [InlineData("030 / 123 45 67", "DE", "+49301234567")]
    [InlineData("+49 (0)30 1234567", "DE", "+49301234567")]
    [InlineData("0049 30 1234567", "AT", "+49301234567")]
    [InlineData("0664 1234567", "AT", "+436641234567")]
    [InlineData("044 668 18 00", "CH", "+41446681800")]
    [InlineData("+41 44 668 18 00", "DE", "+41446681800")]
    [InlineData("22 661 81 11", "PL", "+48226618111")]
    [InlineData("+48 601-234-567", "DE", "+48601234567")]
    [InlineData("Tel.: 030 1234567", "DE", "+49301234567")]
    [InlineData("030 1234567 ext. 12", "DE", "+49301234567")]
    [InlineData("+1 212 555 0100", "DE", "+12125550100")]
    [InlineData("12", "DE", null)]
    [InlineData("call me", "DE", null)]
    [InlineData("044 668 18", "CH", null)]
    [InlineData("030 1234567", "XX", null)]
    public void Telephone_numbers_become_international(string written, string country, string? number) => PhoneValue.Of(written, country).ShouldBe(number);

    [Theory]
    [InlineData(" Anna.Meier@Example.COM ", "anna.meier@example.com")]
    [InlineData("Anna Meier <anna+shop@example.com>", "anna@example.com")]
    [InlineData("mailto:anna@example.com", "anna@example.com")]
    [InlineData("@example.com", "")]
    [InlineData("anna", "")]
    public void Addresses_of_mail_lose_what_does_not_matter(string written, string email) => EmailValue.Of(written).ShouldBe(email);

    [Theory]
    [InlineData("Prof. Dr. Müller-Lüdenscheidt", "muller ludenscheidt")]
    [InlineData("mgr inż. Łukasz Żak", "lukasz zak")]
    [InlineData("Dr.", "dr")]
    [InlineData("Weiß", "weiss")]
    public void Names_lose_titles_and_accents(string written, string name) => NameValue.Of(written).ShouldBe(name);

    [Theory]
    [InlineData("Dr. Anna Maria Meier-Groß", "Anna Maria", "Meier-Groß")]
    [InlineData("Meier, Anna", "Anna", "Meier")]
    [InlineData("García López, Ana", "Ana", "García López")]
    [InlineData("Anna Meier, MBA", "Anna", "Meier")]
    [InlineData("Ludwig van der Berg", "Ludwig", "van der Berg")]
    [InlineData("Van Nguyen", "Van", "Nguyen")]
    [InlineData("Cher", "", "Cher")]
    [InlineData(" ", "", "")]
    public void Whole_names_are_told_apart(string written, string given, string surname) => NameValue.Divided(written).ShouldBe((given, surname));

    [Theory]
    [InlineData("Hauptstraße 5", "hauptstr 5")]
    [InlineData("Hauptstr. 5", "hauptstr 5")]
    [InlineData("ul. Długa 7/9", "dluga 7 9")]
    [InlineData("al. Jerozolimskie", "al jerozolimskie")]
    [InlineData("Aleje Jerozolimskie", "al jerozolimskie")]
    public void Streets_have_one_spelling(string written, string address) => AddressValue.Of(written).ShouldBe(address);

    [Theory]
    [InlineData("2015-10-29", 20151029)]
    [InlineData("20151029", 20151029)]
    [InlineData("29.10.2015", 20151029)]
    [InlineData("29/10/2015 00:00", 20151029)]
    [InlineData("31.02.2015", 0)]
    [InlineData("soon", 0)]
    public void Dates_are_read_as_they_are_written(string written, int date) => DateValue.Of(written).ShouldBe(date);

    [Fact]
    public void A_column_says_by_itself_whether_the_month_comes_first()
    {
        DateValue.OrderOf(["10/29/2015", "03/04/2015"]).ShouldBe(DateOrder.MonthFirst);
        DateValue.OrderOf(["29/10/2015", "03/04/2015"]).ShouldBe(DateOrder.DayFirst);
    }

    [Theory]
    [InlineData("+49 171 1234567", "DE", "+491711234567")]
    [InlineData("0171/1234567", "DE", "+491711234567")]
    [InlineData("(089) 12 34 56 78", "DE", "+498912345678")]
    [InlineData("+43 (0) 1 58858-0", "DE", "+431588580")]
    [InlineData("0043 662 8044", "DE", "+436628044")]
    [InlineData("+41 (0)79 123 45 67", "CH", "+41791234567")]
    [InlineData("079 123 45 67", "CH", "+41791234567")]
    [InlineData("(12) 345 67 89", "PL", "+48123456789")]
    [InlineData("0048 600 100 200", "DE", "+48600100200")]
    [InlineData("600 100 20", "PL", null)]
    public void Numbers_of_the_four_countries_are_exact(string written, string country, string? number) => PhoneValue.Of(written, country).ShouldBe(number);

    [Theory]
    [InlineData("Anna.Meier+News@Example.ORG", "anna.meier+news@example.org")]
    [InlineData("Anna <anna@example.org>", "anna@example.org")]
    [InlineData("fcb67ef339b691956cc85fa12be6490c", "")]
    [InlineData("a@b.de; c@d.de", "")]
    public void A_kept_address_of_mail_is_still_the_same_mailbox(string written, string email) => EmailValue.Address(written).ShouldBe(email);

    [Theory]
    [InlineData("Prof. Dr.-Ing. Eva  von der Heide", "Prof. Dr.-Ing.", "Eva von der Heide")]
    [InlineData("Meier-Groß, Anna", "", "Anna Meier-Groß")]
    [InlineData("mgr inż. Łukasz Żak", "mgr inż.", "Łukasz Żak")]
    [InlineData("Frau", "", "Frau")]
    public void A_kept_name_has_its_titles_by_themselves(string written, string title, string name) => NameValue.Written(written).ShouldBe((title, name));

    [Theory]
    [InlineData("Hauptstr. 5", "DE", "Hauptstraße 5")]
    [InlineData("Hauptstr.5", "DE", "Hauptstraße 5")]
    [InlineData("Str. des 17. Juni 135", "DE", "Straße des 17. Juni 135")]
    [InlineData("Bahnhofstrasse 1", "AT", "Bahnhofstraße 1")]
    [InlineData("Bahnhofstraße 1", "CH", "Bahnhofstrasse 1")]
    [InlineData("Am  Markt 3", "DE", "Am Markt 3")]
    [InlineData("ulica Długa 7", "PL", "ul. Długa 7")]
    [InlineData("ul.Długa 7", "PL", "ul. Długa 7")]
    [InlineData("12 Main Str", "US", "12 Main Str")]
    public void A_kept_street_is_written_as_its_country_does(string written, string country, string street) => AddressValue.Written(written, country).ShouldBe(street);

    [Theory]
    [InlineData("Deutschland", "DE")]
    [InlineData("Österreich", "AT")]
    [InlineData("Szwajcaria", "CH")]
    [InlineData("pl", "PL")]
    [InlineData("Atlantis", null)]
    public void Countries_become_codes(string written, string? code) => CountryValue.Of(written).ShouldBe(code);
}
