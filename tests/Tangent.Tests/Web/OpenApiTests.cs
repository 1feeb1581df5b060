using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tangent.Analyse;
using Tangent.Cli;
using Tangent.Unify;

namespace Tangent.Tests.Web;

/// <summary>The API says of itself what one needs to know to use it, and does what the pages do.</summary>
public sealed class OpenApiTests(TestServer server) : IClassFixture<TestServer>
{
    /// <summary>What a page does that is of the browser alone, or is done through the API by another address.</summary>
    private static readonly Dictionary<string, string> Twins = new(StringComparer.Ordinal)
    {
        ["POST /preferences"] = "language and theme are cookies of the browser",
        ["POST /access/sign-in"] = "a program signs in with an API key",
        ["POST /access/sign-out"] = "a program has no session",
        ["POST /access/invitations/{token}"] = "a person chooses a password",
        ["POST /preferences/{token}"] = "the person's own, by a signed link; a program records consents",
        ["POST /preferences/confirm/{token}"] = "the person's own, by a signed link; a program records consents",
        ["POST /preferences/{token}/one-click"] = "what mail programs send by themselves",
        ["POST /unify/consents/purposes"] = "PUT /api/v1/unify/consents/purposes/{key}",
        ["POST /unify/consents/purposes/{key}/removal"] = "DELETE /api/v1/unify/consents/purposes/{key}",
        ["POST /unify/customers/{number:int}/consents"] = "POST /api/v1/unify/consents",
        ["POST /unify/customers/{number:int}/consents/links"] = "POST /api/v1/unify/consents/links",
        ["POST /unify/retention"] = "PUT /api/v1/unify/retention",
        ["POST /unify/retention/preview"] = "GET /api/v1/unify/retention",
        ["POST /unify/privacy/requests/{id:int}"] = "PATCH /api/v1/unify/privacy/requests/{id:int}",
        ["POST /unify/privacy/tombstones/{erasure:long}/removal"] = "DELETE /api/v1/collect/tombstones/{erasure:long}",
        ["POST /unify/customers/{number:int}/privacy/restriction"] = "PUT /api/v1/unify/customers/{number:int}/restriction",
        ["POST /unify/customers/{number:int}/privacy/restriction/removal"] = "DELETE /api/v1/unify/customers/{number:int}/restriction",
        ["POST /unify/customers/{number:int}/privacy/correction"] = "PUT /api/v1/unify/customers/{number:int}/traits/{name}",
        ["POST /unify/customers/{number:int}/privacy/erasure"] = "POST /api/v1/collect/erasures",
        ["POST /map/journey-maps/{id:int}/shares/{share:int}/removal"] = "DELETE /api/v1/map/journey-maps/{id:int}/shares/{share:int}",
        ["POST /map/personas/import"] = "POST /api/v1/map/personas/imports",
        ["POST /map/personas/{id:int}"] = "PUT /api/v1/map/personas/{id:int}",
        ["POST /map/personas/{id:int}/removal"] = "DELETE /api/v1/map/personas/{id:int}",
        ["POST /map/personas/{id:int}/picture"] = "PUT /api/v1/map/personas/{id:int}/picture",
        ["POST /map/personas/{id:int}/picture/removal"] = "DELETE /api/v1/map/personas/{id:int}/picture",
        ["POST /map/journey-maps/{id:int}/card/{partId}/sharing"] = "PUT /api/v1/map/journey-maps/{id:int}/cards/{card}/sharing",
        ["POST /map/journey-maps/{id:int}/card/{partId}/sharing/removal"] = "DELETE /api/v1/map/journey-maps/{id:int}/cards/{card}/sharing",
        ["POST /map/journey-maps/{id:int}/versions"] = "POST /api/v1/map/journey-maps/{id:int}/snapshots",
        ["POST /map/journey-maps/{id:int}/versions/{snapshot:int}/restoration"] = "POST /api/v1/map/journey-maps/{id:int}/snapshots/{snapshot:int}/restoration",
        ["POST /map/journey-maps/{id:int}/versions/{snapshot:int}/removal"] = "DELETE /api/v1/map/journey-maps/{id:int}/snapshots/{snapshot:int}",
        ["POST /map/journey-maps/{id:int}/card/{card}/quotes/{quote:int}/removal"] = "DELETE /api/v1/map/journey-maps/{id:int}/quotes/{quote:int}",
        ["POST /map/journey-maps"] = "POST /api/v1/map/journey-maps",
        ["POST /map/journey-maps/import"] = "POST /api/v1/map/journey-maps/imports",
        ["POST /map/journey-maps/{id:int}/about"] = "PUT /api/v1/map/journey-maps/{id:int}/name",
        ["POST /map/journey-maps/{id:int}/to-be"] = "POST /api/v1/map/journey-maps",
        ["POST /map/journey-maps/{id:int}/removal"] = "DELETE /api/v1/map/journey-maps/{id:int}",
        ["POST /map/journey-maps/{id:int}/{part}/{partId}"] = "POST /api/v1/map/journey-maps/{id:int}/changes",
        ["POST /map/journey-maps/{id:int}/{part}/{partId}/removal"] = "POST /api/v1/map/journey-maps/{id:int}/changes",
        ["POST /map/journey-maps/{id:int}/{part}/{partId}/comments"] = "POST /api/v1/map/journey-maps/{id:int}/comments",
        ["POST /map/journey-maps/{id:int}/card/{partId}/photos"] = "POST /api/v1/map/journey-maps/{id:int}/cards/{card}/photos",
        ["POST /map/journey-maps/{id:int}/card/{partId}/photos/{photo:int}/removal"] = "DELETE /api/v1/map/photos/{id:int}",
        ["POST /map/touchpoints/{id:int}/observe"] = "POST /api/v1/map/touchpoints/{id:int}/observations",
        ["POST /map/touchpoints/{id:int}/observations/{observation:int}/vote"] = "PUT /api/v1/map/observations/{id:int}/vote",
        ["POST /map/touchpoints/{id:int}/observations/{observation:int}/card"] = "POST /api/v1/map/observations/{id:int}/card",
        ["POST /map/touchpoints/{id:int}/observations/{observation:int}/back"] = "DELETE /api/v1/map/observations/{id:int}/card",
        ["POST /map/touchpoints/{id:int}/observations/{observation:int}/merge"] = "POST /api/v1/map/observations/{id:int}/merge",
        ["POST /map/journey-maps/{id:int}/{part}/{partId}/editor"] = "POST /api/v1/map/journey-maps/{id:int}/changes",
        ["POST /map/journey-maps/{id:int}/{part}/{partId}/fields"] = "shows the form with what was written so far; it changes nothing",
        ["POST /map/journey-maps/{id:int}/{part}/{partId}/place"] = "POST /api/v1/map/journey-maps/{id:int}/changes",
        ["POST /map/journey-maps/{id:int}/{part}/{partId}/move"] = "POST /api/v1/map/journey-maps/{id:int}/changes",
        ["POST /unify/duplicates/band"] = "PUT /api/v1/unify/duplicates/band",
        ["POST /unify/joining"] = "PUT /api/v1/unify/joining",
        ["POST /unify/policies"] = "PUT /api/v1/unify/policies",
        ["POST /collect/mapping"] = "POST /api/v1/collect/touchpoint-rules",
        ["POST /collect/sources/{id:int}/before-consent"] = "PATCH /api/v1/collect/sources/{id:int}",
        ["POST /collect/sources/{id:int}/name"] = "PATCH /api/v1/collect/sources/{id:int}",
        ["POST /collect/sources/{id:int}/pause"] = "PATCH /api/v1/collect/sources/{id:int}",
        ["POST /collect/sources/{id:int}/resumption"] = "PATCH /api/v1/collect/sources/{id:int}",
        ["POST /collect/sources/{id:int}/keys/{key:int}/revocation"] = "DELETE /api/v1/collect/sources/{id:int}/keys/{key:int}",
        ["POST /collect/sources/{id:int}/removal"] = "DELETE /api/v1/collect/sources/{id:int}",
        ["POST /collect/mapping/rules/{id:int}/position"] = "PUT /api/v1/collect/touchpoint-rules/order",
        ["POST /collect/mapping/rules/{id:int}/removal"] = "DELETE /api/v1/collect/touchpoint-rules/{id:int}",
        ["POST /unify/accounts/parent"] = "PUT /api/v1/unify/accounts/parent",
        ["POST /unify/accounts/role"] = "PUT /api/v1/unify/accounts/role",
        ["POST /unify/customers/{number:int}/merge"] = "POST /api/v1/collect/merges",
        ["POST /unify/customers/{number:int}/split"] = "POST /api/v1/collect/splits",
        ["POST /unify/customers/{number:int}/restoration"] = "POST /api/v1/collect/restorations",
        ["POST /access/sign-in/code"] = "a person does this for the own account, in the browser",
        ["POST /access/reset"] = "a person does this for the own account, in the browser",
        ["POST /access/reset/request"] = "a person does this for the own account, in the browser",
        ["POST /access/account/passkeys/options"] = "a person does this for the own account, in the browser",
        ["POST /access/account/passkeys"] = "a person does this for the own account, in the browser",
        ["POST /access/account/passkeys/{id}/name"] = "a person does this for the own account, in the browser",
        ["POST /access/account/passkeys/{id}/removal"] = "a person does this for the own account, in the browser",
        ["POST /access/sign-in/passkey/options"] = "a person does this for the own account, in the browser",
        ["POST /access/sign-in/passkey"] = "a person does this for the own account, in the browser",
        ["POST /access/account/password"] = "a person does this for the own account, in the browser",
        ["POST /access/account/preferences"] = "a person does this for the own account, in the browser",
        ["POST /access/account/sessions/{id:guid}/end"] = "a person does this for the own account, in the browser",
        ["POST /access/account/sessions-end"] = "a person does this for the own account, in the browser",
        ["POST /access/account/two-factor/key"] = "a person does this for the own account, in the browser",
        ["POST /access/account/two-factor"] = "a person does this for the own account, in the browser",
        ["POST /access/account/two-factor/end"] = "a person does this for the own account, in the browser",
        ["POST /access/account/two-factor/recovery-codes"] = "a person does this for the own account, in the browser",
        ["POST /access/users/invitations/{id:guid}/withdrawal"] = "DELETE /api/v1/access/invitations/{id:guid}",
        ["POST /access/users/{id:guid}/role"] = "PUT /api/v1/access/users/{id:guid}/role",
        ["POST /access/users/{id:guid}/disabled"] = "PUT /api/v1/access/users/{id:guid}/disabled",
        ["POST /access/users/{id:guid}/two-factor-end"] = "DELETE /api/v1/access/users/{id:guid}/two-factor",
        ["POST /access/users/{id:guid}/sessions-end"] = "DELETE /api/v1/access/users/{id:guid}/sessions",
        ["POST /access/users/{id:guid}/deletion"] = "DELETE /api/v1/access/users/{id:guid}",
        ["POST /access/keys/{id:guid}/revocation"] = "DELETE /api/v1/access/keys/{id:guid}",
        ["POST /collect/imports/{id:int}/restoration"] = "DELETE /api/v1/collect/imports/{id:int}/undo",
        ["POST /collect/imports/files/{id}"] = "POST /api/v1/collect/uploads/{id}/imports",
        ["POST /collect/imports/files/{id}/imports"] = "POST /api/v1/collect/uploads/{id}/imports",
        ["POST /collect/imports/files/{id}/removal"] = "DELETE /api/v1/collect/uploads/{id}",
        ["POST /operate/settings"] = "PATCH /api/v1/operate/settings",
        ["POST /operate/settings/mail/tests"] = "POST /api/v1/operate/mail/tests",
        ["POST /operate/settings/logo"] = "PUT /api/v1/operate/logo",
        ["POST /operate/settings/logo/removal"] = "DELETE /api/v1/operate/logo",
        ["POST /operate/backups/{name}/removal"] = "DELETE /api/v1/operate/backups/{name}",
        ["POST /measure/touchpoints/{id:int}/feedback"] = "POST /api/v1/measure/feedback",
        ["POST /measure/touchpoints/{id:int}/targets"] = "PUT /api/v1/measure/touchpoints/{id:int}/targets/{metric}",
        ["POST /measure/touchpoints/{id:int}/targets/removal"] = "DELETE /api/v1/measure/touchpoints/{id:int}/targets/{metric}",
        ["POST /map/touchpoints/{id:int}/vote"] = "PUT /api/v1/map/touchpoints/{id:int}/vote",
        ["POST /map/touchpoints/{id:int}/vote/removal"] = "DELETE /api/v1/map/touchpoints/{id:int}/vote",
        ["POST /analyse/saved"] = "POST /api/v1/analyse/saved-questions",
        ["POST /analyse/saved/{id:int}/sharing"] = "PUT /api/v1/analyse/saved-questions/{id:int}",
        ["POST /analyse/saved/{id:int}/removal"] = "DELETE /api/v1/analyse/saved-questions/{id:int}",
        ["POST /analyse/annotations/{id:int}/removal"] = "DELETE /api/v1/analyse/annotations/{id:int}",
        ["POST /unify/segments/size"] = "GET /api/v1/unify/segments/size",
        ["POST /unify/segments/{id:int}/removal"] = "DELETE /api/v1/unify/segments/{id:int}",
        ["POST /measure/surveys/{id:int}"] = "PUT /api/v1/measure/surveys/{id:int}",
        ["POST /measure/surveys/{id:int}/removal"] = "DELETE /api/v1/measure/surveys/{id:int}",
        ["POST /measure/surveys/{id:int}/questions"] = "PUT /api/v1/measure/surveys/{id:int}",
        ["POST /measure/surveys/{id:int}/questions/preview"] = "shows what is entered and keeps nothing",
        ["POST /measure/comments/{position:long}/tags"] = "PUT /api/v1/measure/comments/{position:long}/tags",
        ["POST /s/{token}"] = "the person's own, by a link; a program answers for somebody",
        ["GET /analyse/saved"] = "GET /api/v1/analyse/saved-questions",
        ["POST /map/touchpoints/{id:int}/merge"] = "POST /api/v1/map/touchpoints/{id:int}/merge/{into:int}",
        ["POST /map/touchpoints/{id:int}"] = "PUT /api/v1/map/touchpoints/{id:int}",
    };

    [Fact]
    public async Task Every_operation_says_what_it_is_for_what_its_parameters_mean_what_it_refuses_and_shows_an_example()
    {
        using var document = JsonDocument.Parse(await server.Http.GetStringAsync("/openapi/v1.json"));
        document.RootElement.GetProperty("openapi").GetString()!.ShouldStartWith("3.1");
        var lacks = new List<string>();
        var operations = 0;
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            foreach (var method in path.Value.EnumerateObject())
            {
                var (operation, name) = (method.Value, $"{method.Name.ToUpperInvariant()} {path.Name}");
                // What watches over the server answers by its status.
                if (path.Name.StartsWith("/health", StringComparison.Ordinal)) continue;
                operations++;
                if (!operation.TryGetProperty("summary", out var summary) || summary.GetString()!.Length < 10) lacks.Add($"{name}: summary");
                foreach (var parameter in operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : default)
                {
                    if (!parameter.TryGetProperty("description", out _)) lacks.Add($"{name}: meaning of {parameter.GetProperty("name")}");
                    if (!parameter.TryGetProperty("example", out _)) lacks.Add($"{name}: example of {parameter.GetProperty("name")}");
                }

                if (operation.TryGetProperty("requestBody", out var body) && !body.GetProperty("content").EnumerateObject().All(c => c.Value.TryGetProperty("example", out _))) lacks.Add($"{name}: example of the body");
                var responses = operation.GetProperty("responses");
                if (!responses.EnumerateObject().Any(r => r.Name == "204" || (r.Name[0] == '2' && r.Value.TryGetProperty("content", out var content) && content.EnumerateObject().All(c => c.Value.TryGetProperty("example", out _))))) lacks.Add($"{name}: example of the answer");
                foreach (var status in (string[])["401", "422", "429"])
                    if (!responses.TryGetProperty(status, out var refusal) || !refusal.GetProperty("content").TryGetProperty("application/problem+json", out _)) lacks.Add($"{name}: {status} as a problem");
            }
        }

        operations.ShouldBeGreaterThan(50);
        lacks.ShouldBeEmpty();
    }

    [Fact]
    public void What_a_page_changes_the_api_changes_too()
    {
        var routes = server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Select(m => $"{m} /{e.RoutePattern.RawText!.Trim('/')}") ?? []).ToHashSet(StringComparer.Ordinal);
        var pages = routes.Where(r => !r.StartsWith("GET ", StringComparison.Ordinal) && !r.StartsWith("HEAD ", StringComparison.Ordinal) && !r.StartsWith("OPTIONS ", StringComparison.Ordinal) && !r.Contains(" /api/", StringComparison.Ordinal) && !r.Contains(" /v1/", StringComparison.Ordinal)).ToList();
        pages.Count.ShouldBeGreaterThan(5);
        pages.Where(page => !Twins.ContainsKey(page) && !routes.Contains(page.Replace(" /", " /api/v1/", StringComparison.Ordinal))).ShouldBeEmpty();
        Twins.Values.Where(twin => twin.Contains("/api/", StringComparison.Ordinal) && !routes.Contains(twin)).ShouldBeEmpty();
    }

    [Fact]
    public void What_a_page_shows_of_journeys_the_api_shows_too()
    {
        var routes = server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(e => "/" + e.RoutePattern.RawText!.Trim('/')).ToHashSet(StringComparer.Ordinal);
        var pages = routes.Where(r => r.StartsWith("/analyse/", StringComparison.Ordinal) && (r.Count(c => c == '/') == 2 || r.EndsWith("/customers", StringComparison.Ordinal))).ToList();
        pages.Count.ShouldBeGreaterThan(20);
        pages.Where(page => !Twins.ContainsKey("GET " + page) && !routes.Contains("/api/v1" + page)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_question_has_a_command_that_takes_its_parameters()
    {
        var questions = server.Get<EndpointDataSource>().Endpoints.Select(e => e.Metadata.GetMetadata<Question>()).OfType<Question>().Distinct().ToList();
        questions.Count.ShouldBeGreaterThan(14);
        var commands = CommandLine.Create().Subcommands.Single(c => c.Name == "ask").Subcommands;
        foreach (var question in questions)
        {
            var command = commands.SingleOrDefault(c => question.Summary.StartsWith(c.Description!, StringComparison.Ordinal));
            command.ShouldNotBeNull(question.Resource);
            question.Parameters.Select(p => "--" + p.Name).Except(command.Options.Select(o => o.Name)).ShouldBeEmpty(question.Resource);
        }
    }
}
