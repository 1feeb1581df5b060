using System.Security.Claims;
using Microsoft.Extensions.Options;
using Tangent.Web;

namespace Tangent.Access;

/// <summary>Says for every reader what is masked; what the program does by itself sees everything.</summary>
internal sealed class Sensitivity(IOptionsMonitor<SensitivityOptions> options, IHttpContextAccessor http)
{
    /// <summary>For whoever asks now.</summary>
    public Masking Now => http.HttpContext is { } context ? For(context.User) : Masking.None;

    /// <summary>The least role that sees everything.</summary>
    public Role LeastForAll => Enum.GetValues<SensitiveKind>().Max(options.CurrentValue.LeastFor);

    public Masking For(ClaimsPrincipal user)
    {
        // Nobody is signed in: what is open to everybody holds nothing of customers, or was made for the person herself.
        if (user.Identity?.IsAuthenticated != true || !Enum.TryParse<Role>(user.FindFirstValue(ClaimTypes.Role), out var role)) return Masking.None;
        var least = options.CurrentValue;
        var hidden = Enum.GetValues<SensitiveKind>().Where(k => role < least.LeastFor(k)).ToHashSet();
        return hidden.Count == 0 ? Masking.None : new Masking(hidden, user.Identity.Name ?? "");
    }
}

/// <summary>
/// The net under everything: of each page, answer and file for a reader who may not see all, addresses and numbers are masked on their way out, and in
/// JSON every field by its name, so that no page can forget it.
/// </summary>
internal static class MaskedAnswers
{
    private static readonly string[] Open = ["/docs", "/openapi", "/access", "/health", "/lib"];

    public static async Task MaskAsync(HttpContext http, RequestDelegate next)
    {
        var masking = http.RequestServices.GetRequiredService<Sensitivity>().For(http.User);
        if (masking.IsNone || Open.Any(p => http.Request.Path.StartsWithSegments(p)))
        {
            await next(http);
            return;
        }

        http.Features.Set(new TableMask(masking.Text));
        var body = http.Response.Body;
        await using var masked = new MaskedStream(http.Response, body);
        http.Response.Body = masked;
        try
        {
            await next(http);
        }
        finally
        {
            http.Response.Body = body;
        }

        if (masked.Taken is not { } taken) return;
        var text = System.Text.Encoding.UTF8.GetString(taken);
        var kind = http.Response.ContentType ?? "";
        var shown = System.Text.Encoding.UTF8.GetBytes(kind.Contains("json", StringComparison.OrdinalIgnoreCase) ? masking.Json(text) : masking.Text(text));
        http.Response.ContentLength = null;
        await body.WriteAsync(shown, http.RequestAborted);
    }

    /// <summary>Takes in texts whole; anything else, such as a stream of events, which masks each by itself, goes through.</summary>
    private sealed class MaskedStream(HttpResponse response, Stream inner) : Stream
    {
        private static readonly string[] Texts = ["text/html", "text/csv", "text/plain", "application/json", "application/problem+json"];

        private MemoryStream? _taken;
        private bool _decided;

        public byte[]? Taken => _taken?.ToArray();

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
            if (!Takes()) inner.Flush();
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Takes() ? Task.CompletedTask : inner.FlushAsync(cancellationToken);

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (Takes()) _taken!.Write(buffer, offset, count);
            else inner.Write(buffer, offset, count);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!Takes()) return inner.WriteAsync(buffer, cancellationToken);
            _taken!.Write(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) _taken?.Dispose();
            base.Dispose(disposing);
        }

        private bool Takes()
        {
            if (_decided) return _taken is not null;
            _decided = true;
            if (Texts.Any(t => response.ContentType?.StartsWith(t, StringComparison.OrdinalIgnoreCase) == true)) _taken = new MemoryStream();
            return _taken is not null;
        }
    }
}
