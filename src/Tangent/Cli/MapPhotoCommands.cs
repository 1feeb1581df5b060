using System.CommandLine;
using System.Net.Http.Headers;

namespace Tangent.Cli;

/// <summary>Pictures on the cards of journey maps.</summary>
internal static class MapPhotoCommands
{
    private const string Maps = "/api/v1/map/journey-maps";

    public static Command Photos()
    {
        var id = MapCommand.Id();
        var photos = new Command("photos", "List the pictures on the cards of a journey map") { id };
        photos.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, $"{Maps}/{parsed.GetValue(id)}/photos"), answer =>
        {
            foreach (var p in answer.GetProperty("items").EnumerateArray())
                Console.WriteLine($"{p.GetProperty("id").GetInt32(),5}  {p.GetProperty("card").GetString()}  {p.GetProperty("width").GetInt32()} × {p.GetProperty("height").GetInt32()}  {p.GetProperty("alt").GetString()}");
        }, ct));
        return photos;
    }

    public static Command Photo()
    {
        var (id, card, file) = (MapCommand.Id(), new Argument<string>("card") { Description = "Id of the card, as the API shows it" }, new Argument<string>("file") { Description = "A PNG or JPEG of at most 4 MB" });
        var alt = new Option<string>("--alt") { Description = "What can be seen, for those who cannot see it", Required = true };
        var photo = new Command("photo", "Put a picture on a card of a journey map") { id, card, file, alt };
        photo.SetApiAction(async (parsed, http, ct) =>
        {
            if (!File.Exists(parsed.GetValue(file)))
            {
                await Console.Error.WriteLineAsync($"There is no file {parsed.GetValue(file)}.");
                return ExitCode.Refused;
            }

            using var body = new ByteArrayContent(await File.ReadAllBytesAsync(parsed.GetValue(file)!, ct));
            body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            var address = $"{Maps}/{parsed.GetValue(id)}/cards/{Uri.EscapeDataString(parsed.GetValue(card)!)}/photos?alt={Uri.EscapeDataString(parsed.GetValue(alt)!)}";
            return await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, address) { Content = body }, answer => Console.WriteLine($"Picture {answer.GetProperty("id").GetInt32()}."), ct);
        });
        return photo;
    }

    public static Command Unphoto()
    {
        var photo = new Argument<int>("photo") { Description = "Number of the picture, as 'tangent map photos' shows it" };
        var unphoto = new Command("unphoto", "Remove a picture") { photo };
        unphoto.SetApiAction(async (parsed, http, ct) => await http.AskAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/map/photos/{parsed.GetValue(photo)}"), ct) is null ? ExitCode.Refused : ExitCode.Done);
        return unphoto;
    }
}
