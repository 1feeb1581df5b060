using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace Tangent;

/// <summary>
/// Maps handlers as ASP.NET does, but compiles what binds their parameters when they are first called. The framework compiles it at start for every
/// address, and twice, which for some five hundred of them took two seconds of a processor before the first page was answered; most are never called.
/// </summary>
/// <remarks>Lies in the namespace around all parts, where these methods are found before the framework's of the same names.</remarks>
internal static class LateHandlers
{
    public static RouteHandlerBuilder MapGet(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Delegate handler) => MapLate(endpoints, HttpMethods.Get, pattern, handler);

    public static RouteHandlerBuilder MapPost(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Delegate handler) => MapLate(endpoints, HttpMethods.Post, pattern, handler);

    public static RouteHandlerBuilder MapPut(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Delegate handler) => MapLate(endpoints, HttpMethods.Put, pattern, handler);

    public static RouteHandlerBuilder MapPatch(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Delegate handler) => MapLate(endpoints, HttpMethods.Patch, pattern, handler);

    public static RouteHandlerBuilder MapDelete(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Delegate handler) => MapLate(endpoints, HttpMethods.Delete, pattern, handler);

    /// <summary>Makes the endpoints once: routing and authorization each ask the sources for theirs, and these would make all anew. Called when everything is mapped.</summary>
    public static void MakeEndpointsOnce(this IEndpointRouteBuilder app)
    {
        var once = new EndpointsMadeOnce([.. app.DataSources]);
        app.DataSources.Clear();
        app.DataSources.Add(once);
    }

    // What a handler asks for is still read at start, so that one whose parameters cannot be bound keeps the program from starting.
    private static RouteHandlerBuilder MapLate(IEndpointRouteBuilder endpoints, string method, string pattern, Delegate handler) =>
        RouteHandlerServices.Map(endpoints, pattern, handler, [method], RequestDelegateFactory.InferMetadata, Late);

    private static RequestDelegateResult Late(Delegate handler, RequestDelegateFactoryOptions options, RequestDelegateMetadataResult? metadata)
    {
        var compiled = new Lazy<RequestDelegate>(() => RequestDelegateFactory.Create(handler, options, metadata).RequestDelegate);
        return new(http => compiled.Value(http), metadata?.EndpointMetadata ?? []);
    }

    private sealed class EndpointsMadeOnce(IReadOnlyList<EndpointDataSource> sources) : EndpointDataSource
    {
        private readonly Lazy<IReadOnlyList<Endpoint>> _endpoints = new(() => new CompositeEndpointDataSource(sources).Endpoints);

        public override IReadOnlyList<Endpoint> Endpoints => _endpoints.Value;

        public override IChangeToken GetChangeToken() => NullChangeToken.Singleton;
    }
}
