namespace Tangent.Web;

/// <summary>Something cannot be written or read at the moment; nothing of the request landed, and it may be sent again. Where nobody catches it the answer is 503.</summary>
internal class UnavailableException(string message, Exception inner) : IOException(message, inner);
