namespace Tangent.Web;

/// <summary>What a command decides about the server it starts.</summary>
/// <param name="DataFolder">Folder that holds everything the program keeps.</param>
/// <param name="Urls">Addresses to listen on; empty where only the local socket is wanted (a command without a running server).</param>
/// <param name="Demo">Everyone who reaches the server is the demo user; loopback addresses only.</param>
/// <param name="Arguments">Configuration as arguments, for example <c>--Company:TimeZone=Europe/Vienna</c>.</param>
internal sealed record ServerOptions(string DataFolder, IReadOnlyList<string> Urls, bool Demo = false, params string[] Arguments);
