namespace Tangent.Web;

/// <summary>Endpoints whose answer holds a secret that is shown once: it is kept nowhere, also not for a request that is sent again.</summary>
internal static class SecretAnswers
{
    private sealed class HoldsASecret;

    public static TBuilder AnswersASecret<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new HoldsASecret());

    public static bool IsOne(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<HoldsASecret>() is not null;
}
