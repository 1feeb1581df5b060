using System.Globalization;
using System.Text;

namespace Tangent.Bench;

/// <summary>Ready-made requests of <c>/v1/batch</c>: only the digits of message ids and customers are written anew for each sending, so that the load costs little beside the server.</summary>
internal sealed class EventBodies
{
    private const string Digits = "0123456789abcdef";
    private const int Variants = 16;

    private readonly byte[][] requests = new byte[Variants][];
    private readonly int[][] messageIds = new int[Variants][];
    private readonly int[][] customers = new int[Variants][];
    private readonly int most;
    private readonly Random random;
    private long sent;

    /// <param name="writeKey">Key of the source.</param>
    /// <param name="batch">Events of a request.</param>
    /// <param name="most">Number of different customers.</param>
    /// <param name="rich">As an SDK sends them in a browser, instead of the bare call.</param>
    public EventBodies(string writeKey, int batch, int most, bool rich)
    {
        this.most = most;
        random = new Random(7);
        for (var variant = 0; variant < Variants; variant++)
        {
            var body = new StringBuilder("{\"batch\":[");
            for (var i = 0; i < batch; i++)
            {
                if (i > 0) body.Append(',');
                body.Append(rich ? Rich(variant * batch + i) : Bare(variant * batch + i));
            }

            body.Append(CultureInfo.InvariantCulture, $"],\"sentAt\":\"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ}\"}}");
            var head = string.Create(CultureInfo.InvariantCulture,
                $"POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(writeKey + ":"))}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n");
            requests[variant] = Encoding.ASCII.GetBytes(head + body);
            messageIds[variant] = Places(requests[variant], "\"messageId\":\"00000000-0000-4000-8000-"u8);
            customers[variant] = Places(requests[variant], "\"userId\":\"customer-"u8);
        }

        EventBytes = (double)requests.Sum(r => r.Length) / Variants / batch;
    }

    public double EventBytes { get; }

    /// <summary>The next request; valid until sixteen more have been asked for.</summary>
    public ReadOnlyMemory<byte> Next()
    {
        var variant = (int)(sent++ % Variants);
        var request = requests[variant];
        foreach (var at in messageIds[variant]) Hex(request.AsSpan(at, 12), ++Numbered);
        foreach (var at in customers[variant]) Hex(request.AsSpan(at, 7), random.Next(most));
        return request;
    }

    private long Numbered { get; set; }

    private static void Hex(Span<byte> text, long number)
    {
        for (var i = text.Length - 1; i >= 0; i--, number >>= 4) text[i] = (byte)Digits[(int)number & 15];
    }

    private static int[] Places(byte[] request, ReadOnlySpan<byte> after)
    {
        var places = new List<int>();
        for (var at = 0; request.AsSpan(at).IndexOf(after) is var next && next >= 0;)
        {
            at += next + after.Length;
            places.Add(at);
        }

        return [.. places];
    }

    private static string Bare(int i) => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"type":"track","event":"{{{Name(i)}}}","userId":"customer-0000000","messageId":"00000000-0000-4000-8000-000000000000","timestamp":"{{{Time(i)}}}","properties":{"channel":"{{{Channel(i)}}}","value":{{{i % 90}}}.5}}""");

    private static string Rich(int i) => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"type":"track","event":"{{{Name(i)}}}","userId":"customer-0000000","anonymousId":null,"messageId":"00000000-0000-4000-8000-000000000000","timestamp":"{{{Time(i)}}}","properties":{"channel":"{{{Channel(i)}}}","orderId":"o-{{{i}}}","revenue":{{{i % 500}}}.5,"currency":"EUR","shop":"Wien"},"context":{"library":{"name":"analytics.js","version":"2.1.0"},"page":{"path":"/checkout/{{{i}}}","url":"https://shop.example/checkout/{{{i}}}?step=2","title":"Checkout"},"device":{"type":"mobile"},"locale":"de-AT","userAgent":"Mozilla/5.0 (Linux; Android 14)"},"integrations":{} }""");

    private static string Name(int i) => "Touchpoint " + ((i * 7 % 40) + 10).ToString(CultureInfo.InvariantCulture);

    private static string Channel(int i) => (i % 4) switch { 0 => "web shop", 1 => "app", 2 => "phone", _ => "store" };

    private static string Time(int i) => DateTime.UtcNow.AddMinutes(-(i * 37 % 250_000)).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
