using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Access;
using Tangent.Cli;
using Tangent.Data;
using Tangent.Map;
using Tangent.Tests.Access;

namespace Tangent.Tests.Map;

/// <summary>Pictures on cards and at observations: only what draws is kept, and they go with what they belong to.</summary>
public sealed class MapPhotosTests
{
    private const string File = """
        map: Pictures
        stages:
          - stage: One
            steps:
              - step: First
                touchpoint: Shop
                pain-points: [Nobody had time, Write to greta.muster@example.org]
        """;

    /// <summary>8 × 6 pixels in red, 4 × 4 in blue, as Chromium writes them.</summary>
    private static readonly byte[] Jpeg = Convert.FromBase64String("/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADb/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAGAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAABAb/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCAANSP/9k=");
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAYAAACp8Z5+AAAAH0lEQVR4AYTIsQ0AAAzCsKj//0wZYSJSFh9IuYFqwwMAAP//iKRKlwAAAAZJREFUAwDT0wgBspJM7gAAAABJRU5ErkJggg==");

    [Fact]
    public void What_a_camera_writes_into_a_jpeg_is_gone_but_how_it_was_held_stays()
    {
        // Exif with the turn 6 and a place, a comment, and a film behind the end.
        byte[] exif = [.. "Exif\0\0II*\0\b\0\0\0"u8, 2, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0x25, 0x88, 4, 0, 1, 0, 0, 0, 99, 0, 0, 0, 0, 0, 0, 0, .. "48.2082N 16.3738E of Anna"u8];
        byte[] file = [.. Jpeg[..2], 0xFF, 0xE1, .. Length(exif.Length + 2), .. exif, 0xFF, 0xFE, .. Length(2 + 9), .. "secret id"u8, .. Jpeg[2..], .. "ftypmp4 48.2082N"u8];

        var read = PhotoFile.Read(file)!;

        (read.MediaType, read.Width, read.Height).ShouldBe((PhotoFile.Jpeg, 6, 8));
        var kept = Encoding.Latin1.GetString(read.Bytes);
        kept.ShouldNotContain("48.2082");
        kept.ShouldNotContain("Anna");
        kept.ShouldNotContain("secret");
        read.Bytes[^2..].ShouldBe([0xFF, 0xD9]);
        var again = PhotoFile.Read(read.Bytes)!;
        (again.Width, again.Height, again.Bytes.SequenceEqual(read.Bytes)).ShouldBe((6, 8, true));
        PhotoFile.Read(Jpeg)!.Bytes.ShouldBe(Jpeg);
        (PhotoFile.Read(Jpeg)!.Width, PhotoFile.Read(Jpeg)!.Height).ShouldBe((8, 6));
    }

    [Fact]
    public void Texts_in_a_png_are_gone()
    {
        byte[] chunk = [.. "tEXt"u8, .. "Author\0Anna"u8];
        byte[] file = [.. Png[..33], 0, 0, 0, 11, .. chunk, 1, 2, 3, 4, .. Png[33..], .. "more"u8];
        var read = PhotoFile.Read(file)!;
        (read.MediaType, read.Width, read.Height).ShouldBe((PhotoFile.Png, 4, 4));
        Encoding.Latin1.GetString(read.Bytes).ShouldNotContain("Anna");
        PhotoFile.Read(read.Bytes)!.Bytes.ShouldBe(read.Bytes);
    }

    [Fact]
    public void Whatever_else_comes_is_refused_or_read_and_never_breaks()
    {
        PhotoFile.Read([]).ShouldBeNull();
        PhotoFile.Read("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"u8.ToArray()).ShouldBeNull();
        PhotoFile.Read(Png[..^12]).ShouldBeNull();
        PhotoFile.Read(Jpeg[..^2]).ShouldBeNull();
        byte[] huge = [.. Png];
        BinaryPrimitives.WriteInt32BigEndian(huge.AsSpan(16), 60_000);
        BinaryPrimitives.WriteInt32BigEndian(huge.AsSpan(20), 60_000);
        PhotoFile.Read(huge).ShouldBeNull();
        var random = new Random(5);
        foreach (var whole in (byte[][])[Jpeg, Png])
            for (var i = 0; i < 20_000; i++)
            {
                var broken = whole[..random.Next(1, whole.Length + 1)];
                for (var n = random.Next(4); n > 0; n--) broken[random.Next(broken.Length)] = (byte)random.Next(256);
                if (PhotoFile.Read(broken) is { } read) PhotoFile.Read(read.Bytes).ShouldNotBeNull();
            }
    }

    [Fact]
    public async Task A_picture_on_a_card_is_on_the_board_and_in_svg_and_pdf_and_nowhere_else()
    {
        await using var server = await TestServer.StartAsync();
        var map = await ImportAsync(server);
        var api = $"/api/v1/map/journey-maps/{map}";
        var added = await AddAsync(server.Http, $"{api}/cards/card-1/photos?alt=A%20long%20queue", Jpeg);
        added.StatusCode.ShouldBe(HttpStatusCode.Created);
        var photo = (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();

        (await server.Http.GetStringAsync($"/map/journey-maps/{map}")).ShouldContain($"src=\"/api/v1/map/photos/{photo}\" alt=\"A long queue\"");
        using var shown = await server.Http.GetAsync($"/api/v1/map/photos/{photo}");
        shown.Content.Headers.ContentType!.MediaType.ShouldBe("image/jpeg");
        (await shown.Content.ReadAsByteArrayAsync()).ShouldBe(Jpeg);
        shown.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        (await server.Http.GetStringAsync($"{api}/file?as=svg")).ShouldContain("href=\"data:image/jpeg;base64,");
        Encoding.Latin1.GetString(await server.Http.GetByteArrayAsync($"{api}/file?as=pdf")).ShouldContain("/DCTDecode");
        (await server.Http.GetStringAsync($"{api}/file")).ShouldNotContain("queue");
        using var share = await server.Http.PostAsJsonAsync($"{api}/shares", new { days = 2 });
        var link = new Uri((await share.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString()!).PathAndQuery;
        (await server.Http.GetStringAsync(link + "/picture")).ShouldNotContain("data:image");

        (await AddAsync(server.Http, $"{api}/cards/card-1/photos", Jpeg)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await AddAsync(server.Http, $"{api}/cards/card-1/photos?alt=x", "GIF89a"u8.ToArray())).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await AddAsync(server.Http, $"{api}/cards/card-1/photos?alt=x", new byte[PhotoFile.MostBytes + 1])).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await AddAsync(server.Http, $"{api}/cards/card-99/photos?alt=x", Png)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        for (var i = 1; i < Photo.MostOfACard; i++) (await AddAsync(server.Http, $"{api}/cards/card-1/photos?alt=x", Png)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await AddAsync(server.Http, $"{api}/cards/card-1/photos?alt=x", Png)).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        (await server.Http.DeleteAsync($"/api/v1/map/photos/{photo}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await server.Http.GetAsync($"/api/v1/map/photos/{photo}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Http.DeleteAsync(api)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await server.Http.GetAsync($"/api/v1/map/photos/{photo + 1}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_picture_of_an_observation_goes_over_to_the_card_and_only_its_author_and_editors_change_it()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        using var anna = await server.ComeInAsync("anna@firma.example", Role.Editor);
        using var ben = await server.ComeInAsync("ben@firma.example", Role.Contributor);
        using var carl = await server.ComeInAsync("carl@firma.example", Role.Contributor);
        using var viewer = await server.ComeInAsync("dora@firma.example", Role.Viewer);
        var map = await ImportAsync(server);
        var page = "/map/touchpoints/1/observe";
        var token = System.Text.RegularExpressions.Regex.Match(await ben.GetStringAsync(page), "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        async Task<HttpResponseMessage> ObserveAsync(byte[] picture, string alt)
        {
            using var picturePart = new ByteArrayContent(picture);
            return await ben.PostAsync(page, new MultipartFormDataContent { { new StringContent(token), "__RequestVerificationToken" }, { new StringContent("The queue\nreaches the door"), "text" }, { new StringContent("PainPoint"), "kind" }, { new StringContent(alt), "alt" }, { picturePart, "photo", "queue.jpg" } });
        }

        (await ObserveAsync("no picture"u8.ToArray(), "")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await ObserveAsync(Jpeg, "")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await ben.SubmitAsync(page, ("text", "Without a picture"), ("kind", "Idea"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var photo = (await viewer.JsonAsync("/api/v1/map/observations/1/photos")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        photo.GetProperty("alt").GetString().ShouldBe("The queue reaches the door");
        (await anna.GetStringAsync("/map/touchpoints/1/observations")).ShouldContain("alt=\"The queue reaches the door\"");
        (await AddAsync(carl, "/api/v1/map/observations/1/photos?alt=x", Png)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await AddAsync(viewer, "/api/v1/map/observations/1/photos?alt=x", Png)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await AddAsync(ben, "/api/v1/map/observations/1/photos?alt=Door", Png)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await carl.DeleteAsync("/api/v1/map/photos/2")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        (await anna.PostAsJsonAsync("/api/v1/map/observations/1/card", new { map, step = "step-1" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var cards = (await anna.JsonAsync($"/api/v1/map/journey-maps/{map}/photos")).GetProperty("items").EnumerateArray().Select(p => p.GetProperty("card").GetString()).ToList();
        cards.Count.ShouldBe(2);
        cards.Distinct().ShouldHaveSingleItem().ShouldNotBe("card-1");
        (await ben.DeleteAsync("/api/v1/map/photos/2")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await anna.GetStringAsync($"/map/journey-maps/{map}/card/{cards[0]}/comments")).ShouldContain("map-photo-large");
    }

    [Fact]
    public async Task A_picture_goes_with_the_person_whom_it_its_card_or_its_observation_names_and_when_it_is_old()
    {
        await using var server = await TestServer.StartAsync();
        var map = await ImportAsync(server);
        var cards = $"/api/v1/map/journey-maps/{map}/cards";
        (await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints/1/observations", new { text = "greta.muster@example.org waited" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        foreach (var address in new[] { $"{cards}/card-1/photos?alt=Queue", $"{cards}/card-1/photos?alt=Note%20of%20greta.muster@example.org", $"{cards}/card-2/photos?alt=Screen", "/api/v1/map/observations/1/photos?alt=Hall" })
            (await AddAsync(server.Http, address, Png)).StatusCode.ShouldBe(HttpStatusCode.Created, address);
        await using var scope = server.Services.CreateAsyncScope();
        var keepers = scope.ServiceProvider.GetServices<IKeepsPersonalData>().ToList();
        var photos = keepers.OfType<PhotoQueries>().Single();
        var greta = new DataSubject(null, ["user:g"], ["greta.muster@example.org"]);

        (await ((IKeepsPersonalData)photos).CountAsync(greta, CancellationToken.None)).ShouldBe(3);
        // Also of a card that is not on the map any more: taking the edit back would bring both back.
        (await server.Http.PostAsJsonAsync($"/api/v1/map/journey-maps/{map}/changes", new { changes = new[] { new { verb = "remove", part = "card", id = "card-2" } } })).EnsureSuccessStatusCode();
        (await ((IKeepsPersonalData)photos).CountAsync(greta, CancellationToken.None)).ShouldBe(3);
        foreach (var keeper in keepers) await keeper.EraseAsync(greta, CancellationToken.None);

        (await photos.OfMapAsync(map, CancellationToken.None)).ShouldHaveSingleItem().Alt.ShouldBe("Queue");
        (await photos.FindAsync(4, CancellationToken.None)).ShouldBeNull();
        (await photos.AgeOutAsync(DateTime.UtcNow.AddDays(-1), onlyCount: false, CancellationToken.None)).ShouldBe(0);
        (await photos.AgeOutAsync(DateTime.UtcNow.AddDays(1), onlyCount: true, CancellationToken.None)).ShouldBe(1);
        (await photos.OfMapAsync(map, CancellationToken.None)).Count.ShouldBe(1);
        (await photos.AgeOutAsync(DateTime.UtcNow.AddDays(1), onlyCount: false, CancellationToken.None)).ShouldBe(1);
        (await photos.OfMapAsync(map, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_shell_puts_lists_and_removes_pictures()
    {
        await using var server = await TestServer.StartAsync();
        var map = await ImportAsync(server);
        var file = Path.Combine(server.DataFolder, "queue.png");
        await System.IO.File.WriteAllBytesAsync(file, Png);
        async Task<int> RunAsync(params string[] arguments) => await CommandLine.RunAsync(["map", .. arguments, "--data", server.DataFolder]);
        (await RunAsync("photo", $"{map}", "card-1", file, "--alt", "A queue")).ShouldBe(ExitCode.Done);
        (await RunAsync("photo", $"{map}", "card-1", file + "x", "--alt", "A queue")).ShouldBe(ExitCode.Refused);
        (await RunAsync("photos", $"{map}")).ShouldBe(ExitCode.Done);
        (await RunAsync("unphoto", "1")).ShouldBe(ExitCode.Done);
        (await RunAsync("unphoto", "1")).ShouldBe(ExitCode.Refused);
    }

    private static byte[] Length(int length) => [(byte)(length >> 8), (byte)length];

    private static async Task<HttpResponseMessage> AddAsync(HttpClient http, string address, byte[] picture)
    {
        using var body = new ByteArrayContent(picture);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return await http.PostAsync(address, body);
    }

    private static async Task<int> ImportAsync(TestServer server)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var (map, refusal) = await scope.ServiceProvider.GetRequiredService<MapImport>().TakeAsync(MapImport.TryRead(File, out _)!, Actor.Nobody, CancellationToken.None);
        refusal.ShouldBeNull();
        return map!.Id;
    }
}
