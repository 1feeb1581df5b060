using System.Security.Claims;
using Tangent.Web;

namespace Tangent.Access;

internal enum ActorKind
{
    Nobody = 0,
    Person = 1,
    Key = 2,

    /// <summary>Whoever may open the data folder, by its socket.</summary>
    Local = 3,
}

/// <summary>Who does something.</summary>
internal sealed record Actor(ActorKind Kind, string Id, string Name)
{
    public const string SessionClaim = "tangent:session";

    /// <summary>Id of the API key a request came with.</summary>
    public const string KeyClaim = ApiLimits.KeyClaim;

    public static readonly Actor Nobody = new(ActorKind.Nobody, "", "");

    public static Actor Of(User user) => new(ActorKind.Person, user.Id.ToString(), user.UserName!);

    public static Actor Of(ClaimsPrincipal user)
    {
        var name = user.Identity?.Name ?? "";
        if (user.FindFirstValue(KeyClaim) is { } key) return new(ActorKind.Key, key, name);
        if (user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id) return new(ActorKind.Person, id, name);
        return user.Identity?.IsAuthenticated == true ? new(ActorKind.Local, "", name) : Nobody;
    }
}

internal static class Actors
{
    /// <summary>The person who is signed in; null for a key, the socket and a demo.</summary>
    public static Guid? PersonId(this ClaimsPrincipal user) =>
        user.FindFirstValue(Actor.KeyClaim) is null && Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : null;

    public static Guid? SessionId(this ClaimsPrincipal user) => Guid.TryParse(user.FindFirstValue(Actor.SessionClaim), out var id) ? id : null;
}
