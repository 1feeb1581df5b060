using System.Globalization;
using PdfSharp.Drawing;
using PdfSharp.Pdf;

namespace Tangent.Map;

/// <summary>Prints a map on A3 pages in landscape; the letters are in the file.</summary>
internal static class MapPdf
{
    public static byte[] Write(SheetMap map)
    {
        using var document = new PdfDocument();
        document.Info.Title = map.Name;
        document.Info.Creator = "Tangent";
        foreach (var sheet in MapSheet.Of(map, SheetFormat.A3))
        {
            var page = document.AddPage();
            (page.Width, page.Height) = (XUnit.FromPoint(sheet.Width), XUnit.FromPoint(sheet.Height));
            using var graphics = XGraphics.FromPdfPage(page);
            foreach (var shape in sheet.Shapes) Draw(graphics, shape);
        }

        using var bytes = new MemoryStream();
        document.Save(bytes, closeStream: false);
        return bytes.ToArray();
    }

    private static void Draw(XGraphics graphics, SheetShape shape)
    {
        switch (shape)
        {
            case SheetBox { Stroke: not null and not SheetInk.Line } mark:
                graphics.DrawRoundedRectangle(new XPen(Color(mark.Stroke!), 1), new XSolidBrush(Color(mark.Fill!)), mark.X, mark.Y, mark.Width, mark.Height, mark.Height, mark.Height);
                break;
            case SheetBox box:
                graphics.DrawRectangle(box.Stroke is null ? null : new XPen(Color(box.Stroke), 0.75), box.Fill is null ? null : new XSolidBrush(Color(box.Fill)), box.X, box.Y, box.Width, box.Height);
                break;
            case SheetLine line:
                graphics.DrawLines(new XPen(Color(line.Stroke), line.Width) { DashStyle = line.Dashed ? XDashStyle.Dash : XDashStyle.Solid }, [.. line.Points.Select(p => new XPoint(p.X, p.Y))]);
                break;
            case SheetPhoto photo:
                Draw(graphics, photo);
                break;
            case SheetText text:
                graphics.DrawString(text.Text, SheetFonts.Of(text.Size, text.Bold), new XSolidBrush(Color(text.Fill)), text.X, text.Y);
                break;
        }
    }

    /// <summary>What the printer's library cannot read stays an empty frame: a map is printed all the same.</summary>
    private static void Draw(XGraphics graphics, SheetPhoto photo)
    {
        graphics.DrawRectangle(new XPen(Color(SheetInk.Line), 0.75), photo.X, photo.Y, photo.Width, photo.Height);
        try
        {
            using var image = XImage.FromStream(new MemoryStream(photo.Photo.Picture));
            // It does not turn what the camera says to turn.
            if ((image.PixelWidth, image.PixelHeight) == (photo.Photo.Width, photo.Photo.Height)) graphics.DrawImage(image, photo.X, photo.Y, photo.Width, photo.Height);
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException or NotImplementedException or ArgumentException or IndexOutOfRangeException)
        {
            // The frame is drawn already.
        }
    }

    private static XColor Color(string hex) => XColor.FromArgb(
        int.Parse(hex.AsSpan(1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        int.Parse(hex.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        int.Parse(hex.AsSpan(5, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
