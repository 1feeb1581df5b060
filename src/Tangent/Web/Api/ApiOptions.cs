namespace Tangent.Web;

/// <summary>How often the API answers one caller (section <c>Api</c>). Each limit is a bucket that holds one minute's requests and fills again evenly; 0 takes a limit away.</summary>
internal sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>Requests to <c>/api/v1</c> a minute of one API key, or of one user where no key is used.</summary>
    public int RequestsPerMinute { get; set; } = 3000;

    /// <summary>The same of one address that is not signed in.</summary>
    public int AnonymousRequestsPerMinute { get; set; } = 300;

    /// <summary>Calls to <c>/v1</c> (track, batch, …) a minute of one source, whichever of its write keys is used.</summary>
    public int CallsPerMinute { get; set; }

    internal bool AreUsable => RequestsPerMinute >= 0 && AnonymousRequestsPerMinute >= 0 && CallsPerMinute >= 0;
}
