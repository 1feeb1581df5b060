using System.Globalization;
using System.Text;
using Tangent.Web;

namespace Tangent.Map;

/// <summary>A map as a table: a line for each card, and one for each step without cards.</summary>
internal static class MapCsv
{
    private const string Header = "stage,step,touchpoint,emotion,lane,text,evidence,times,low,high,date\r\n";

    /// <param name="content">The map.</param>
    /// <param name="touchpoint">Name of a step's touchpoint; empty for none.</param>
    public static string Write(MapContent content, Func<MapStep, string> touchpoint)
    {
        var text = new StringBuilder(Header);
        foreach (var stage in content.Stages)
            foreach (var step in content.StepsOf(stage))
            {
                var start = $"{CsvFile.Text(stage.Name)},{CsvFile.Text(step.Name)},{CsvFile.Text(touchpoint(step))},{step.Emotion},";
                var cards = content.Lanes.SelectMany(l => content.CardsAt(step, l).Select(c => (Lane: l, Card: c))).ToList();
                if (cards.Count == 0) text.Append(start).Append(",,,,,,\r\n");
                foreach (var (lane, card) in cards)
                {
                    var e = card.Evidence;
                    text.Append(start).AppendJoin(',', CsvFile.Text(MapWords.Of(lane)), CsvFile.Text(card.Text), MapWords.Of(e.Kind), e.Times, Number(e.Low), Number(e.High), e.Date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).Append("\r\n");
                }
            }

        return text.ToString();
    }

    private static string Number(double? number) => number?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
