using System.Text;
using QRCoder;

namespace Tangent.Web;

/// <summary>Links that telephones read from paper and screens.</summary>
internal static class QrPicture
{
    /// <returns>The link as a QR code: an SVG in a data address.</returns>
    public static string Of(string link)
    {
        using var code = QRCodeGenerator.GenerateQrCode(link, QRCodeGenerator.ECCLevel.M);
        using var picture = new SvgQRCode(code);
        return "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(picture.GetGraphic(4, "#000000", "#ffffff")));
    }
}
