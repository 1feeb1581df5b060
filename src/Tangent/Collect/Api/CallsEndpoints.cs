using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Collect;

/// <summary>The answer to a call: what landed, and what did not and why.</summary>
/// <param name="Success">The call was read; true even where single events of a batch were rejected.</param>
/// <param name="Accepted">Events that are new.</param>
/// <param name="Duplicates">Events that had been sent before.</param>
/// <param name="Clamped">Events whose time lay ahead of the server's clock; it was set to the time they were received.</param>
/// <param name="Rejected">Events that were not accepted, by their place in the batch.</param>
internal sealed record CallAnswer(bool Success, int Accepted, int Duplicates, int Clamped, IReadOnlyList<RejectedAt> Rejected);

/// <summary>The calls of the Segment specification, long and short.</summary>
internal static class CallsEndpoints
{
    private static readonly (string[] Names, EventType? Call, string Summary)[] Calls =
    [
        (["identify", "i"], EventType.Identify, "Says who a customer is: ties ids together and carries traits."),
        (["track", "t"], EventType.Track, "Records an event of a customer."),
        (["page", "p"], EventType.Page, "Records that a customer saw a page."),
        (["screen", "s"], EventType.Screen, "Records that a customer saw a screen of an app."),
        (["group", "g"], EventType.Group, "Says to which account a customer belongs."),
        (["alias", "a"], EventType.Alias, "Says that two ids are one customer."),
        (["batch", "b", "import"], null, "Takes many calls at once; a bad one is rejected by itself, the good ones land."),
    ];

    public static void MapCalls(this WebApplication app)
    {
        var group = app.MapGroup("/v1").ByWriteKey().WithTags("Calls").AddEndpointFilter(AllowAnyOriginAsync);
        foreach (var (names, call, summary) in Calls)
        {
            foreach (var name in names)
            {
                var route = group.MapPost(name, (HttpContext http, CancellationToken ct) => AcceptAsync(http, call, ct)).WithSummary(summary)
                    .Produces<CallAnswer>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(413).ProducesProblem(503);
                // The key in the call decides: who is signed in, and what a page would need, costs nothing here.
                route.ShortCircuit();
                if (name != names[0]) route.ExcludeFromDescription();
                group.MapMethods(name, [HttpMethods.Options], Preflight).ExcludeFromDescription();
            }
        }

        group.Map("{**name}", (Delegate)NoCall).ExcludeFromDescription();
    }

    /// <summary>What is no call; signing in would not help.</summary>
    private static ProblemHttpResult NoCall(HttpContext http, string? name)
    {
        if (!Calls.Any(c => c.Names.Contains(name, StringComparer.OrdinalIgnoreCase))) return Problems.NotFound($"There is no call /v1/{name}. The calls are {string.Join(", ", Calls.Select(c => c.Names[0]))}.");
        http.Response.Headers.Allow = "POST, OPTIONS";
        return TypedResults.Problem($"Send /v1/{name} by POST.", title: "Wrong method.", statusCode: StatusCodes.Status405MethodNotAllowed);
    }

    private static async Task<IResult> AcceptAsync(HttpContext http, EventType? call, CancellationToken ct)
    {
        try
        {
            return await TakeAsync(http, call, ct);
        }
        catch (BadHttpRequestException e)
        {
            return TypedResults.Problem(e.Message, title: "The request cannot be read.", statusCode: e.StatusCode);
        }
        catch (EventLogUnavailableException e)
        {
            http.Response.Headers.RetryAfter = "5";
            return TypedResults.Problem(e.Message, title: "Nothing was taken; send it again later.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<IResult> TakeAsync(HttpContext http, EventType? call, CancellationToken ct)
    {
        var options = http.RequestServices.GetRequiredService<IOptions<IngestionOptions>>().Value;
        var keys = http.RequestServices.GetRequiredService<SourceKeys>();
        var ingestion = http.RequestServices.GetRequiredService<Ingestion>();
        var key = BasicUser(http.Request);
        // A wrong key, or one of a source that takes nothing, is refused before the body is read.
        if (key is not null)
        {
            if (!keys.TryFind(key, out var known)) return WrongKey(key);
            if (known.Paused) return Refuse(ingestion.Refuse(known, Ingestion.Paused(), default).Refused, false);
        }

        using var body = await RequestBody.ReadAsync(http.Request, options.MaxBatchBytes, ct);
        if (key is null)
        {
            // Without a source there is no one to count the refusal for.
            var unread = body.Refused.IsNone ? Envelope.ReadWriteKey(body.Json, out key) : body.Refused;
            if (!unread.IsNone) return Refuse(unread, body.UnknownEncoding);
        }

        if (!keys.TryFind(key, out var source)) return WrongKey(key);
        if (http.RequestServices.GetRequiredService<ApiLimits>().TakeCall(http, source.Id) is { } tooMany) return tooMany;
        if (source.Paused) return Refuse(ingestion.Refuse(source, Ingestion.Paused(), default).Refused, false);
        var receipt = body.Refused.IsNone ? await ingestion.AcceptAsync(source, call, body.Json, ct) : ingestion.Refuse(source, body.Refused, default);
        return receipt.Refused.IsNone
            ? TypedResults.Ok(new CallAnswer(true, receipt.Accepted, receipt.Duplicates, receipt.Clamped, receipt.Rejected))
            : Refuse(receipt.Refused, body.UnknownEncoding);
    }

    public static ProblemHttpResult Refuse(Finding finding, bool unknownEncoding) => TypedResults.Problem(
        finding.Detail,
        title: "The call cannot be taken.",
        statusCode: unknownEncoding ? StatusCodes.Status415UnsupportedMediaType
            : finding.Reason switch
            {
                Rejection.BodyTooLarge => StatusCodes.Status413PayloadTooLarge,
                Rejection.SourcePaused => StatusCodes.Status403Forbidden,
                _ => StatusCodes.Status400BadRequest,
            },
        extensions: [KeyValuePair.Create<string, object?>("reason", JsonNamingPolicy.CamelCase.ConvertName(finding.Reason.ToString()))]);

    public static ProblemHttpResult WrongKey(string? key) => TypedResults.Problem(
        string.IsNullOrEmpty(key)
            ? "The call has no write key: send it as the user name of Basic authentication, or as writeKey in the body."
            : "The write key belongs to no source, or its time has run out. The page of sources, or tangent source list, shows the keys.",
        title: "The call cannot be taken.", statusCode: StatusCodes.Status401Unauthorized);

    /// <summary>The user name of Basic authentication; null where there is none.</summary>
    public static string? BasicUser(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return null;
        var encoded = header.AsSpan(6).Trim();
        Span<byte> decoded = stackalloc byte[256];
        if (encoded.Length > 300 || !Base64.IsValid(encoded) || !Convert.TryFromBase64Chars(encoded, decoded, out var length)) return "";
        var colon = decoded[..length].IndexOf((byte)':');
        return Encoding.UTF8.GetString(colon < 0 ? decoded[..length] : decoded[..colon]);
    }

    /// <summary>Browsers may call from every site: the write key decides, no cookie does.</summary>
    public static ValueTask<object?> AllowAnyOriginAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.AccessControlAllowOrigin = "*";
        return next(context);
    }

    public static NoContent Preflight(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.AccessControlAllowMethods = "POST, OPTIONS";
        headers.AccessControlAllowHeaders = "Authorization, Content-Type, Content-Encoding";
        headers.AccessControlMaxAge = "86400";
        return TypedResults.NoContent();
    }
}
