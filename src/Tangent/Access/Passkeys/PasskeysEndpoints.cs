using System.Buffers.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Tangent.Web;

namespace Tangent.Access;

/// <param name="Password">Of the account; none where it has none.</param>
internal sealed record NewPasskey(string? Password);

/// <summary>Passkeys (WebAuthn): signing in by the device itself. The cryptography is the platform's; wwwroot/passkeys.js speaks to the browser.</summary>
internal static class PasskeysEndpoints
{
    public const int MaxNameLength = 60;
    private const int MostPasskeys = 20;
    private const int LongestAnswer = 64 << 10;

    public static void MapPasskeys(this WebApplication app)
    {
        var own = app.MapGroup("/access/account/passkeys").ExcludeFromDescription();
        own.MapPost("/options", CreationOptionsAsync).OnlyReads();
        own.MapPost("", AddAsync);
        own.MapPost("/{id}/name", RenameAsync);
        own.MapPost("/{id}/removal", RemoveAsync);
        var signIn = app.MapGroup("/access/sign-in/passkey").AllowAnonymous().ExcludeFromDescription();
        signIn.MapPost("/options", RequestOptionsAsync);
        signIn.MapPost("", SignInAsync);
    }

    // A passkey can be added only with what is answered here, so this is where the password is asked for.
    private static async Task<IResult> CreationOptionsAsync(HttpContext http, NewPasskey asked, SignInManager<User> signIn, Passwords passwords)
    {
        if (await signIn.UserManager.GetUserAsync(http.User) is not { } user) return TypedResults.NotFound();
        if (user.PasswordHash is not null && await passwords.RefusalAsync(user, asked.Password) is { } refusal) return Problems.Invalid("password", refusal);
        var entity = new PasskeyUserEntity { Id = user.Id.ToString(), Name = user.UserName!, DisplayName = user.UserName! };
        return TypedResults.Content(await signIn.MakePasskeyCreationOptionsAsync(entity), "application/json");
    }

    private static async Task<IResult> AddAsync(HttpContext http, SignInManager<User> signIn, CancellationToken ct)
    {
        if (await signIn.UserManager.GetUserAsync(http.User) is not { } user) return TypedResults.NotFound();
        if ((await signIn.UserManager.GetPasskeysAsync(user)).Count >= MostPasskeys) return Problems.Conflict($"There are {MostPasskeys} passkeys already; remove one first.");
        if (await ReadAsync(http.Request, ct) is not { } answer) return Refused;
        var attested = await AttestAsync(signIn, answer);
        if (attested is null) return Refused;
        attested.Name = Name(BrowserName.Of(http.Request.Headers.UserAgent.ToString()));
        return (await signIn.UserManager.AddOrUpdatePasskeyAsync(user, attested)).Succeeded ? TypedResults.NoContent() : Refused;
    }

    private static async Task<RedirectHttpResult> RenameAsync(HttpContext http, string id, [FromForm] string? name, UserManager<User> users)
    {
        if (await users.GetUserAsync(http.User) is { } user && IdOf(id) is { } credential && await users.GetPasskeyAsync(user, credential) is { } passkey && Name(name) is { Length: > 0 } chosen)
        {
            passkey.Name = chosen;
            await users.AddOrUpdatePasskeyAsync(user, passkey);
        }

        return TypedResults.LocalRedirect("/access/account#passkeys");
    }

    private static async Task<RedirectHttpResult> RemoveAsync(HttpContext http, string id, IFormCollection form, UserManager<User> users)
    {
        if (await users.GetUserAsync(http.User) is { } user && IdOf(id) is { } credential) await users.RemovePasskeyAsync(user, credential);
        return TypedResults.LocalRedirect("/access/account#passkeys");
    }

    // Asked without a name: the browser offers the passkeys it has, and nobody learns whose they are.
    private static async Task<ContentHttpResult> RequestOptionsAsync(SignInManager<User> signIn) =>
        TypedResults.Content(await signIn.MakePasskeyRequestOptionsAsync(null), "application/json");

    private static async Task<IResult> SignInAsync(HttpContext http, SignInManager<User> signIn, SignInThrottle throttle, AuditQueries audit, CancellationToken ct)
    {
        var from = SignInThrottle.From(http);
        if (throttle.IsTooMany(from)) return TypedResults.Problem("Too many attempts. Try again in ten minutes.", statusCode: StatusCodes.Status429TooManyRequests);
        var asserted = await ReadAsync(http.Request, ct) is { } answer ? await AssertAsync(signIn, answer) : null;
        if (asserted is not { Succeeded: true } || !await signIn.CanSignInAsync(asserted.User) || await signIn.UserManager.IsLockedOutAsync(asserted.User))
        {
            throttle.Count(from);
            await audit.AddAsync(AuditEntry.OfSignIn(Actor.Nobody, "passkey", refused: true), ct);
            return TypedResults.Unauthorized();
        }

        // The counter of the passkey has moved on.
        await signIn.UserManager.AddOrUpdatePasskeyAsync(asserted.User, asserted.Passkey);
        await signIn.SignInAsync(asserted.User, isPersistent: true, "passkey");
        AccountPreferences.Restore(http, asserted.User);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult Refused => Problems.Invalid("credential", "The passkey could not be read. Begin again.");

    private static async Task<UserPasskeyInfo?> AttestAsync(SignInManager<User> signIn, string answer)
    {
        try
        {
            var result = await signIn.PerformPasskeyAttestationAsync(answer);
            return result.Succeeded ? result.Passkey : null;
        }
        catch (InvalidOperationException)
        {
            // Nobody asked for options before, or they were for something else.
            return null;
        }
    }

    private static async Task<PasskeyAssertionResult<User>?> AssertAsync(SignInManager<User> signIn, string answer)
    {
        try
        {
            return await signIn.PerformPasskeyAssertionAsync(answer);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The browser's answer; null where it is no JSON object or too long to be one.</summary>
    private static async Task<string?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength is not (> 0 and <= LongestAnswer)) return null;
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync(ct);
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object ? text : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Name(string? name) => name?.Trim() is { } given ? given[..Math.Min(given.Length, MaxNameLength)] : "";

    private static byte[]? IdOf(string text) => Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
}
