using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using static Tangent.Collect.DemoKind;

namespace Tangent.Collect;

/// <summary>Writes batches of simulated events as a client would send them: <c>{"batch":[…]}</c> in Segment's form. One instance per worker; its buffer is used again.</summary>
internal sealed partial class DemoEventWriter : IDisposable
{
    private static readonly JsonEncodedText[] Names = [.. DemoCatalogue.Shapes.Select(s => JsonEncodedText.Encode(s.Name))];
    private static readonly JsonEncodedText[] Channels = [.. DemoCatalogue.Shapes.Select(s => JsonEncodedText.Encode(s.Channel))];
    private static readonly JsonEncodedText[] CampaignNames = Encode(DemoCatalogue.Campaigns);
    private static readonly JsonEncodedText[] ShopNames = Encode(DemoCatalogue.Shops);
    private static readonly JsonEncodedText[] Devices = Encode(["", "phone", "desktop", "tablet"]);
    private static readonly JsonEncodedText[] Countries = Encode(["DE", "AT", "PL"]);
    private static readonly JsonEncodedText[] ProductNames = Encode([.. DemoCatalogue.Products.Select(p => p.Name)]);
    private static readonly JsonEncodedText[] Categories = Encode([.. DemoCatalogue.Products.Select(p => p.Category)]);
    private static readonly JsonEncodedText[] Metrics = Encode(["nps", "csat", "ces"]);
    private static readonly JsonEncodedText[] Abouts = Encode([.. Enum.GetValues<DemoKind>().Select(DemoCatalogue.TouchpointOf)]);
    private static readonly JsonEncodedText[] SurveyNames = Encode([.. DemoCatalogue.Surveys.Select(s => s.Name)]);
    private static readonly JsonEncodedText[] Languages = Encode(DemoWords.Languages);

    public const int FirstCustomer = 100_000;
    private const int FirstCard = 50_000_000;

    private readonly byte[] _text = new byte[512];
    private readonly ArrayBufferWriter<byte> _buffer = new(512 * 1024);
    private readonly Utf8JsonWriter _json;
    private readonly int _seed;
    private readonly DemoCalendar _calendar;

    public DemoEventWriter(DemoRun run)
    {
        (_seed, _calendar) = (run.Seed, new DemoCalendar(run.End));
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    public void Dispose() => _json.Dispose();

    /// <returns>The batch; valid until the next one is written.</returns>
    public ReadOnlyMemory<byte> Write(DemoBatch batch)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteStartArray("batch"u8);
        foreach (var index in batch.Order)
        {
            ref readonly var e = ref batch.Events[index];
            Write(in e, batch.Customers[e.Customer]);
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenMemory;
    }

    private void Write(in DemoEvent e, DemoCustomer customer)
    {
        var shape = DemoCatalogue.Shapes[(int)e.Kind];
        _json.WriteStartObject();
        _json.WriteString("type"u8, e.Kind switch
        {
            IdentifyOnWeb or IdentifyInErp => "identify"u8,
            Group => "group"u8,
            Alias => "alias"u8,
            _ => shape.Name.Length == 0 ? "page"u8 : "track"u8,
        });
        if (shape.Name.Length > 0) _json.WriteString("event"u8, Names[(int)e.Kind]);
        WriteIdentity(in e);
        _json.WriteString("timestamp"u8, DateTimeOffset.FromUnixTimeMilliseconds(e.TimeMs).UtcDateTime);
        switch (e.Kind)
        {
            case IdentifyOnWeb or IdentifyInErp:
                WriteTraits(customer, all: e.Detail == 1);
                if (e.Kind == IdentifyInErp) WriteConsent(customer);
                break;
            case Group:
                WriteGroup(customer);
                break;
            case Alias:
                WriteNumbered("previousId"u8, "K"u8, FirstCard + e.Customer);
                break;
            default:
                WriteProperties(in e, customer);
                if (shape.Source == DemoSource.WebShop || e.Campaign > 0) WriteContext(in e, shape);
                break;
        }

        _json.WriteEndObject();
    }

    private void WriteIdentity(in DemoEvent e)
    {
        Utf8.TryWrite(_text, CultureInfo.InvariantCulture, $"d{_seed}-{e.Customer}-{e.Sequence}", out var length);
        _json.WriteString("messageId"u8, _text.AsSpan(0, length));
        if (e.Who == DemoWho.Customer) WriteNumbered("userId"u8, "C"u8, FirstCustomer + e.Customer);
        else if (e.Who == DemoWho.Card) WriteNumbered("userId"u8, "K"u8, FirstCard + e.Customer);
        if (e.Device == DemoDevice.None) return;
        var bits = DemoSeeds.Mix(((ulong)(uint)_seed << 34) ^ ((ulong)(uint)e.Customer << 2) ^ (ulong)e.Device);
        Span<byte> id = stackalloc byte[36];
        new Guid((uint)bits, (ushort)(bits >> 32), (ushort)((bits >> 48 & 0xFFF) | 0x4000), 0x9A, (byte)(bits >> 3), (byte)(bits >> 11), (byte)(bits >> 19), (byte)(bits >> 27), (byte)(bits >> 35), (byte)(bits >> 43), (byte)(bits >> 51))
            .TryFormat(id, out _);
        _json.WriteString("anonymousId"u8, id);
    }

    private void WriteProperties(in DemoEvent e, DemoCustomer customer)
    {
        _json.WriteStartObject("properties"u8);
        _json.WriteString("channel"u8, Channels[(int)e.Kind]);
        _json.WriteString("country"u8, Countries[(int)customer.Country]);
        if (e.Device != DemoDevice.None) _json.WriteString("device"u8, Devices[(int)e.Device]);
        if (e.Shop > 0) _json.WriteString("shop"u8, ShopNames[e.Shop]);
        if (e.Cents > 0) WriteAmount(in e, customer);
        if (e.Kind == SurveyAnswered) WriteAnswer(in e, customer);
        else WriteDetails(in e, customer);
        _json.WriteEndObject();
    }

    private void WriteAmount(in DemoEvent e, DemoCustomer customer)
    {
        // Revenue is what was sold; an invoice's total states the same money once more; a price was only seen.
        var name = e.Kind switch
        {
            OrderCompleted or ReceiptPrinted or ContractSigned or GiftCardBought => "revenue"u8,
            InvoiceSent or BikePickedUp => "total"u8,
            _ => "price"u8,
        };
        _json.WriteNumber(name, new decimal(e.Cents, 0, 0, false, 2));
        _json.WriteString("currency"u8, customer.Country == DemoCountry.Poland ? "PLN"u8 : "EUR"u8);
    }

    private void WriteDetails(in DemoEvent e, DemoCustomer customer)
    {
        switch (e.Kind)
        {
            case ProductPage or CheckoutStarted or OrderCompleted or ReceiptPrinted or NewsletterClicked or ConfiguratorUsed or SizeAdvised or TestRideTaken or ContractSigned:
                _json.WriteString("product"u8, ProductNames[e.Product]);
                _json.WriteString("category"u8, Categories[e.Product]);
                if (e.Kind is OrderCompleted or ReceiptPrinted or ContractSigned) _json.WriteNumber("orderId"u8, e.Number);
                break;
            case OrderConfirmed or TrackingViewed or ParcelDelivered or ReturnReceived:
                _json.WriteNumber("orderId"u8, e.Number);
                break;
            case InvoiceSent or ReminderSent or InvoicePage:
                _json.WriteNumber("invoiceId"u8, e.Number);
                if (e.Kind == InvoiceSent) _json.WriteString("layout"u8, e.Detail == 1 ? "B"u8 : "A"u8);
                break;
            case WorkshopBooked or BikeReceived or PickUpCall or PickUpText or BikePickedUp:
                _json.WriteNumber("jobId"u8, e.Number);
                break;
            case MailReceived or MailAnswered:
                _json.WriteNumber("ticketId"u8, e.Number);
                if (e.Kind == MailAnswered) _json.WriteNumber("waitMinutes"u8, e.Detail);
                break;
            case AdviceCall or InvoiceCall or ComplaintCall or BookingCall or FleetCall:
                _json.WriteNumber("callId"u8, e.Number);
                _json.WriteNumber("waitSeconds"u8, e.Detail);
                break;
            case FriendInvited or CodeUsed:
                WriteNumbered("referralCode"u8, "V"u8, e.Number);
                break;
            case ReviewWritten:
                _json.WriteNumber("stars"u8, e.Score);
                WriteComment(in e, customer);
                break;
        }
    }

    private void WriteAnswer(in DemoEvent e, DemoCustomer customer)
    {
        _json.WriteString("metric"u8, Metrics[(int)e.Metric]);
        _json.WriteNumber("score"u8, e.Score);
        // An NPS question asks about the company, not about one touchpoint.
        if (e.Metric != DemoMetric.Nps) _json.WriteString("touchpoint"u8, Abouts[(int)e.About]);
        if (DemoCatalogue.SurveyOf(e.Metric, e.About) is >= 0 and var survey)
        {
            _json.WriteString("survey"u8, SurveyNames[survey]);
            _json.WriteString("question"u8, Metrics[(int)e.Metric]);
        }

        _json.WriteString("language"u8, Languages[DemoWords.Language(customer)]);
        if (e.Number % 5 < 2) WriteComment(in e, customer);
    }

    private void WriteComment(in DemoEvent e, DemoCustomer customer)
    {
        var (good, mixed) = e.Metric switch { DemoMetric.Nps => (9, 7), DemoMetric.Csat => (4, 3), _ => (6, 4) };
        var tone = e.Score >= good ? DemoTone.Good : e.Score >= mixed ? DemoTone.Mixed : DemoTone.Bad;
        var length = DemoWords.Comment(DemoWords.Language(customer), e.Topic, tone, e.Number, _text);
        _json.WriteString("comment"u8, _text.AsSpan(0, length));
    }

    private void WriteNumbered(ReadOnlySpan<byte> name, ReadOnlySpan<byte> prefix, int number)
    {
        prefix.CopyTo(_text);
        number.TryFormat(_text.AsSpan(prefix.Length), out var digits, default, CultureInfo.InvariantCulture);
        _json.WriteString(name, _text.AsSpan(0, prefix.Length + digits));
    }

    private static JsonEncodedText[] Encode(string[] texts) => [.. texts.Select(t => JsonEncodedText.Encode(t, JavaScriptEncoder.UnsafeRelaxedJsonEscaping))];
}
