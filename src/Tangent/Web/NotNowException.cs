namespace Tangent.Web;

/// <summary>Something the request needs is not to be had at the moment; nothing of it was done, and it may be sent again: 503 for whoever asked.</summary>
internal abstract class NotNowException(string message, Exception inner) : IOException(message, inner)
{
    public const int RetryAfterSeconds = 10;
}
