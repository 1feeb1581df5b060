namespace Tangent.Operate;

/// <summary>Where figures and traces of the program are sent to by OpenTelemetry; nowhere unless an address is set.</summary>
public sealed class TelemetryOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Telemetry";

    /// <summary>Address of a receiver that speaks OTLP over HTTP with protobuf, for example <c>http://localhost:4318</c>.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>Headers that the receiver wants, as <c>name=value</c> separated by commas.</summary>
    public string OtlpHeaders { get; set; } = "";

    /// <summary>Seconds between two reports of the figures.</summary>
    public int IntervalSeconds { get; set; } = 30;
}
