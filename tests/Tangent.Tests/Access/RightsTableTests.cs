using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.StaticAssets;
using Tangent.Access;

namespace Tangent.Tests.Access;

/// <summary>
/// docs/rights.md is the table of rights: every endpoint of the running program with the least role that may use it. An endpoint without
/// an entry fails here. After adding one: <c>TANGENT_UPDATE_DOCS=1 ./test --filter RightsTable</c>, and look whether the entry is what you meant.
/// </summary>
public sealed partial class RightsTableTests : IAsyncLifetime
{
    private const string Page = "docs/rights.md";

    private readonly Dictionary<Right, HttpClient> _clients = [];
    private TestServer _server = null!;

    private sealed record Row(string Method, string Route, Right Least);

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(demo: false);
        _clients[Right.Anonymous] = _server.Browser();
        foreach (var role in Enum.GetValues<Role>())
            _clients[Enum.Parse<Right>(role.ToString())] = await _server.ComeInAsync($"{role}@example.org", role);
    }

    public async Task DisposeAsync()
    {
        foreach (var client in _clients.Values) client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public void The_table_of_rights_has_every_endpoint() => Docs.ShouldBeCurrent(Page, Render(Rows()));

    [Fact]
    public async Task Every_endpoint_opens_to_exactly_the_roles_that_the_table_names()
    {
        var endpoints = Endpoints().SelectMany(e => Methods(e).Select(m => (Key: (m, Route(e)), Endpoint: e))).ToDictionary(e => e.Key, e => e.Endpoint);
        var rows = Written();
        rows.Count.ShouldBeGreaterThan(80);
        var wrong = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (row, ct) =>
        {
            if (!endpoints.TryGetValue((row.Method, row.Route), out var endpoint))
            {
                wrong.Add($"{row.Method} {row.Route} is in the table, but not in the program");
                return;
            }

            foreach (var (role, client) in _clients)
            {
                // Who has no right that counts here is let in as far as the write key.
                var isOpen = role >= row.Least || row.Least == Right.WriteKey;
                if (await RefusesAsync(client, row, endpoint, ct) == isOpen) wrong.Add($"{row.Method} {row.Route} asks for {row.Least}: {role} is {(isOpen ? "refused" : "let in")}");
            }
        });
        wrong.Order(StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void Files_of_the_pages_are_for_everybody() =>
        All().Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
            .ShouldAllBe(e => e.Metadata.GetMetadata<IAllowAnonymous>() != null && !Methods(e).Except(new[] { "GET", "HEAD" }).Any());

    /// <summary>Whether the answer is a refusal for lack of rights. What has rights may fail for many other reasons: the ids are made up and the body is none.</summary>
    private static async Task<bool> RefusesAsync(HttpClient client, Row row, RouteEndpoint endpoint, CancellationToken ct)
    {
        var address = Address(endpoint.RoutePattern);
        using var request = new HttpRequestMessage(new HttpMethod(row.Method == "any" ? "GET" : row.Method), address);
        // Of a form, a form without its antiforgery token; else JSON that ends too soon. Routing refuses other contents before it asks who is there.
        var isForm = endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Any(c => c.Contains("form", StringComparison.Ordinal)) == true;
        if (row.Method is not ("GET" or "any")) request.Content = isForm ? new FormUrlEncodedContent([]) : new StringContent("{", Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (row.Least != Right.WriteKey) ((int)answer.StatusCode).ShouldNotBe(500, $"{row.Method} {address}");
        if (answer.Headers.Location?.ToString().Contains("/access/sign-in?ReturnUrl=", StringComparison.Ordinal) == true) return true;
        return answer.StatusCode == HttpStatusCode.Forbidden || (answer.StatusCode == HttpStatusCode.Unauthorized && row.Least is not (Right.WriteKey or Right.Anonymous));
    }

    private IEnumerable<RouteEndpoint> All() => _server.Get<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>();

    private IEnumerable<RouteEndpoint> Endpoints() => All().Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null);

    private List<Row> Rows() => [.. Endpoints().SelectMany(e => Methods(e).Select(m => new Row(m, Route(e), Rights.Of(e)))).Distinct()
        .OrderBy(r => r.Route, StringComparer.Ordinal).ThenBy(r => r.Method, StringComparer.Ordinal)];

    private static string Route(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    private static IEnumerable<string> Methods(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["any"];

    private static string Address(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(s => string.Concat(s.Parts.Select(p => p switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => Value(parameter),
        _ => "",
    }))));

    private static string Value(RoutePatternParameterPart parameter) => parameter.ParameterPolicies.Select(p => p.Content).FirstOrDefault() switch
    {
        "int" or "long" => "987654",
        "guid" => "11111111-1111-1111-1111-111111111111",
        _ => "nothing",
    };

    private static string Render(IEnumerable<Row> rows)
    {
        var text = new StringBuilder("""
            # Table of rights

            Every address of the program and who may use it at least: `Anonymous` (everybody), `WriteKey` (whoever sends the write key of a
            source), `Viewer`, `Contributor`, `Editor`, `Owner`; each role may what the ones before it may. Made from the running program, and
            a test calls every address as every role and compares. Files of the pages (styles, scripts, icons) are for everybody, and so are the
            addresses that a provider of single sign-on sends people back to.

            | method | address | least right |
            | --- | --- | --- |

            """);
        foreach (var row in rows) text.Append(CultureInfo.InvariantCulture, $"| {row.Method} | `{row.Route}` | {row.Least} |\n");
        return text.ToString();
    }

    private static List<Row> Written() =>
        [.. TableRow().Matches(Repository.Read(Page)).Select(m => new Row(m.Groups[1].Value, m.Groups[2].Value, Enum.Parse<Right>(m.Groups[3].Value)))];

    [GeneratedRegex(@"^\| (\w+) \| `([^`]+)` \| (\w+) \|$", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}
