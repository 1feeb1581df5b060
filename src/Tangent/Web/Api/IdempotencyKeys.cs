using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Tangent.Web;

/// <summary>
/// A write that is sent again with the same <c>Idempotency-Key</c> is not done again: the answer of the first is given once more, for 24 hours.
/// A refused request changed nothing and leaves its key free; one that failed may have, and keeps it. Keys are each caller's own.
/// Of an answer with a secret that is shown once, only that it was given is kept.
/// </summary>
internal sealed class IdempotencyKeys(IDataProtectionProvider protection)
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";
    private const int LongestKey = 200;
    private const int LargestBody = 1 << 20;

    private readonly IDataProtector _protector = protection.CreateProtector("Tangent.KeptAnswer");
    private readonly DateTime _startedUtc = DateTime.UtcNow;

    public async Task AnswerOnceAsync(HttpContext http, RequestDelegate next)
    {
        var request = http.Request;
        if (!request.Headers.TryGetValue(Header, out var sent) || !request.Path.StartsWithSegments("/api/v1") || HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        {
            await next(http);
            return;
        }

        var key = sent.ToString();
        if (key.Length is 0 or > LongestKey || key.Any(c => c is < '!' or > '~'))
        {
            await Problems.Invalid(Header, $"An idempotency key has 1 to {LongestKey} visible ASCII characters; a random UUID is best.").ExecuteAsync(http);
            return;
        }

        if (await FingerprintAsync(http) is not { } fingerprint)
        {
            await Problems.Invalid(Header, "A body of more than 1 MiB takes no idempotency key. Imports need none: what was taken before is recognised.").ExecuteAsync(http);
            return;
        }

        var answers = http.RequestServices.GetRequiredService<KeptAnswerQueries>();
        var claim = new KeptAnswer { Caller = ApiLimits.CallerOf(http), Key = key, Fingerprint = fingerprint, AtUtc = DateTime.UtcNow };
        // Taken or not, never between: a caller that hangs up now must not leave its key taken for nothing.
        if (await answers.TakeAsync(claim, CancellationToken.None)) await DoAsync(http, next, answers, claim);
        else await ReplayAsync(http, claim, await answers.FindAsync(claim.Caller, key, http.RequestAborted));
    }

    private async Task DoAsync(HttpContext http, RequestDelegate next, KeptAnswerQueries answers, KeptAnswer claim)
    {
        var (network, caller) = (http.Response.Body, http.RequestAborted);
        using var written = new MemoryStream();
        http.Response.Body = written;
        // What is begun is finished and its answer kept, whether or not the caller still waits: that is what the key is for.
        http.RequestAborted = CancellationToken.None;
        try
        {
            await next(http);
            if (http.Response.StatusCode is >= 200 and < 300) await KeepAsync(http, written, answers, claim);
            else await answers.FreeAsync(claim);
        }
        catch (BadHttpRequestException)
        {
            await answers.FreeAsync(claim);
            throw;
        }
        catch
        {
            (claim.Status, claim.ContentType, claim.Location, claim.Body) = (StatusCodes.Status500InternalServerError, null, null, null);
            await answers.KeepAsync(claim);
            throw;
        }
        finally
        {
            (http.Response.Body, http.RequestAborted) = (network, caller);
        }

        written.Position = 0;
        await written.CopyToAsync(network, caller);
    }

    /// <summary>Of an answer that is too large, or holds a secret, only that the write was done.</summary>
    private Task KeepAsync(HttpContext http, MemoryStream written, KeptAnswerQueries answers, KeptAnswer claim)
    {
        var (response, body) = (http.Response, written.Length <= LargestBody && !SecretAnswers.IsOne(http) ? written.ToArray() : []);
        (claim.Status, claim.ContentType, claim.Location, claim.Body) = (response.StatusCode, response.ContentType, response.Headers.Location.ToString(), _protector.Protect(body));
        return answers.KeepAsync(claim);
    }

    private async Task ReplayAsync(HttpContext http, KeptAnswer claim, KeptAnswer? kept)
    {
        if (kept is not null && kept.Fingerprint != claim.Fingerprint)
            await Problems.Invalid(Header, "This key was used for another request. Use a new key for every new request.").ExecuteAsync(http);
        else if (kept is { Status: null } && kept.AtUtc < _startedUtc)
            await Problems.Conflict("The server was stopped while the first request with this key was under way. Look whether it took effect; if not, send it with a new key.").ExecuteAsync(http);
        else if (kept is { Status: >= 500 })
            await Problems.Conflict("The first request with this key failed; it may or may not have taken effect. Look whether it did; if not, send it with a new key.").ExecuteAsync(http);
        else if (kept is not { Status: { } status })
        {
            http.Response.Headers.RetryAfter = "1";
            await Problems.Conflict("The first request with this key is under way. Ask again in a second for its answer.").ExecuteAsync(http);
        }
        else if (SecretAnswers.IsOne(http))
        {
            await Problems.Conflict("The first request with this key was carried out. Its answer holds a secret that is shown once and kept nowhere; if it did not reach you, withdraw what was made and ask again with a new key.").ExecuteAsync(http);
        }
        else
        {
            http.Response.StatusCode = status;
            http.Response.Headers[ReplayedHeader] = "true";
            if (kept.Location is { Length: > 0 }) http.Response.Headers.Location = kept.Location;
            var body = kept.Body is null ? [] : _protector.Unprotect(kept.Body);
            if (body.Length == 0) return;
            http.Response.ContentType = kept.ContentType;
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }

    /// <returns>Null where the body is too large to be compared.</returns>
    private static async Task<string?> FingerprintAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.ContentLength > LargestBody) return null;
        request.EnableBuffering(LargestBody);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        var buffer = new byte[16 << 10];
        long length = 0;
        while (await request.Body.ReadAsync(buffer, http.RequestAborted) is > 0 and var read)
        {
            if ((length += read) > LargestBody) return null;
            hash.AppendData(buffer.AsSpan(0, read));
        }

        request.Body.Position = 0;
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
