using System.Text;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

public sealed class VCardTests
{
    [Fact]
    public void Several_values_of_a_part_stand_beside_one_another_and_a_comma_of_the_value_stays()
    {
        var row = Row("N:Meier,Groß;Anna;;;", "ADR:;;Hauptstr. 5,Hinterhaus;Berlin;;10115;", @"ORG:Rad\, Tat;Einkauf,Lager");
        (Of(row, "N.family"), Of(row, "N.given"), Of(row, "ADR.street"), Of(row, "ORG"), Of(row, "ORG.unit")).ShouldBe(("Meier, Groß", "Anna", "Hauptstr. 5, Hinterhaus", "Rad, Tat", "Einkauf, Lager"));
        (Of(row, "ADR.city"), Of(row, "ADR.postcode")).ShouldBe(("Berlin", "10115"));
    }

    [Fact]
    public void What_is_preferred_comes_first_by_its_number()
    {
        var row = Row("EMAIL:none@x.example", "EMAIL;PREF=50:fifty@x.example", "EMAIL;PREF=2:two@x.example", "TEL:1", "TEL;TYPE=pref:2");
        (Of(row, "EMAIL"), Of(row, "EMAIL 2"), Of(row, "TEL")).ShouldBe(("two@x.example", "fifty@x.example", "2"));
    }

    [Fact]
    public void A_quoted_value_without_end_is_cut_and_what_follows_is_read()
    {
        var note = string.Concat(Enumerable.Repeat(new string('n', 70) + "=\r\n", 5_000));
        var card = Cards($"BEGIN:VCARD\r\nNOTE;ENCODING=QUOTED-PRINTABLE:{note}end\r\nFN:Anna\r\nEND:VCARD\r\n");
        card.Read().ShouldBeTrue();
        card.Card.Select(l => l.Name).ShouldBe(["NOTE", "FN"]);
        card.Card[0].Value.Length.ShouldBeInRange(64_000, 66_000);
    }

    private static CardReader Cards(string text) => new(new LineReader(new MemoryStream(Encoding.UTF8.GetBytes(text))));

    private static string[] Row(params string[] lines)
    {
        using var cards = Cards($"BEGIN:VCARD\n{string.Join('\n', lines)}\nEND:VCARD\n");
        cards.Read().ShouldBeTrue();
        return VCard.Row(cards.Card);
    }

    private static string Of(string[] row, string column) => row[Array.IndexOf(VCard.Columns, column)];
}
