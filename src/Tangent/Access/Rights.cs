using Microsoft.AspNetCore.Authorization;

namespace Tangent.Access;

/// <summary>Who may use an address, from everybody to owners only: every role may what the ones before it may.</summary>
internal enum Right
{
    Anonymous,

    /// <summary>Whoever sends the write key of a source; who is signed in does not matter.</summary>
    WriteKey,
    Viewer,
    Contributor,
    Editor,
    Owner,
}

/// <summary>Names of the policies an endpoint asks for; without one, any signed-in user may. docs/rights.md lists what every endpoint asks for.</summary>
internal static class Rights
{
    public const string Contribute = "contribute";
    public const string Edit = "edit";
    public const string Own = "own";

    private sealed class WriteKeyDecides;

    public static AuthorizationBuilder AddRights(this AuthorizationBuilder authorization) => authorization
        .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
        .AddPolicy(Contribute, p => p.RequireRole(From(Role.Contributor)))
        .AddPolicy(Edit, p => p.RequireRole(From(Role.Editor)))
        .AddPolicy(Own, p => p.RequireRole(From(Role.Owner)));

    /// <summary>The endpoint checks a write key by itself.</summary>
    public static TBuilder ByWriteKey<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.AllowAnonymous().WithMetadata(new WriteKeyDecides());

    /// <summary>The least right that opens an endpoint.</summary>
    /// <exception cref="InvalidOperationException">It asks for a policy that is none of the rights.</exception>
    public static Right Of(Endpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<WriteKeyDecides>() is not null) return Right.WriteKey;
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null) return Right.Anonymous;
        return endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => Of(a.Policy)).DefaultIfEmpty(Right.Viewer).Max();
    }

    private static Right Of(string? policy) => policy switch
    {
        null => Right.Viewer,
        Contribute => Right.Contributor,
        Edit => Right.Editor,
        Own => Right.Owner,
        _ => throw new InvalidOperationException($"'{policy}' is not one of the rights."),
    };

    private static IEnumerable<string> From(Role least) => Enum.GetValues<Role>().Where(r => r >= least).Select(r => r.ToString());
}
