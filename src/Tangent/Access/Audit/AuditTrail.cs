using System.Globalization;
using Microsoft.AspNetCore.Routing;

namespace Tangent.Access;

/// <summary>
/// Writes the audit log: every successful change and every look at a customer, before the first byte of the answer goes out. What cannot be
/// recorded is not answered; a change that nobody waited for is recorded as such.
/// </summary>
internal static class AuditTrail
{
    private sealed class ShowsACustomer;

    private sealed class ChangesNothing;

    private const int MostNamed = 50;

    private static readonly object Customers = new();

    /// <summary>The endpoint shows who a customer is or what they did; that somebody looked is recorded.</summary>
    public static TBuilder LooksAtCustomer<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ShowsACustomer());

    /// <summary>The endpoint only reads, although its method is not GET.</summary>
    public static TBuilder OnlyReads<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ChangesNothing());

    /// <summary>The request is about these customers, whom its address does not name by number.</summary>
    public static void Concerns(this HttpContext http, params IEnumerable<int> customers) => http.Items[Customers] = Concerned(http).Union(customers).ToList();

    private static IEnumerable<int> Concerned(HttpContext http) => http.Items[Customers] as List<int> ?? [];

    public static async Task RecordAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint() is not RouteEndpoint endpoint || KindOf(http, endpoint) is not { } kind)
        {
            await next(http);
            return;
        }

        Task WriteAsync(int status) => AuditTrail.WriteAsync(http, Entry(http, endpoint, Actor.Of(http.User), kind, status));
        http.Response.OnStarting(() => http.Response.StatusCode < 400 ? WriteAsync(http.Response.StatusCode) : Task.CompletedTask);
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (kind == AuditKind.Change && http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted)
        {
            // Who closes the connection does not escape the log: what was asked for may be done.
            await WriteAsync(StatusCodes.Status499ClientClosedRequest);
            throw;
        }
    }

    /// <summary>A change by a person who shows by it who they are: a link was followed, nobody is signed in.</summary>
    public static Task RecordAsync(HttpContext http, Actor actor) =>
        WriteAsync(http, Entry(http, (RouteEndpoint)http.GetEndpoint()!, actor, AuditKind.Change, StatusCodes.Status302Found));

    private static AuditKind? KindOf(HttpContext http, RouteEndpoint endpoint)
    {
        var changes = Changes(http.Request.Method) && endpoint.Metadata.GetMetadata<ChangesNothing>() is null;
        if (endpoint.Metadata.GetMetadata<ShowsACustomer>() is not null && !changes) return AuditKind.Look;
        return changes && Rights.Of(endpoint) > Right.WriteKey ? AuditKind.Change : null;
    }

    private static bool Changes(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    // Not tied to the request, which may be over.
    private static Task WriteAsync(HttpContext http, AuditEntry entry) => http.RequestServices.GetRequiredService<AuditQueries>().AddAsync(entry, CancellationToken.None);

    private static AuditEntry Entry(HttpContext http, RouteEndpoint endpoint, Actor actor, AuditKind kind, int status) => new()
    {
        Kind = kind,
        ActorKind = actor.Kind,
        ActorId = actor.Id,
        Actor = actor.Name,
        Method = http.Request.Method,
        Route = "/" + endpoint.RoutePattern.RawText?.Trim('/'),
        Target = Target(http),
        Status = status,
    };

    /// <summary>Numbers and ids only: a text in an address can be a name, an e-mail address or a secret.</summary>
    private static string Target(HttpContext http) => string.Join(", ", http.Request.RouteValues
        .Select(v => (v.Key, Text: Convert.ToString(v.Value, CultureInfo.InvariantCulture) ?? ""))
        .Select(v => $"{v.Key}={(long.TryParse(v.Text, NumberStyles.None, CultureInfo.InvariantCulture, out _) || Guid.TryParse(v.Text, out _) ? v.Text : "…")}")
        .Concat(Concerned(http).Take(MostNamed).Select(customer => string.Create(CultureInfo.InvariantCulture, $"{AuditEntry.Customer}{customer}"))));
}
