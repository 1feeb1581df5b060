using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Tangent.Operate;

/// <summary>Sends figures and traces by OTLP where an address is set.</summary>
internal sealed class TelemetryExport(IOptions<TelemetryOptions> options) : IHostedService, IDisposable
{
    private MeterProvider? _figures;
    private TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var wish = options.Value;
        if (wish.OtlpEndpoint.Length == 0) return Task.CompletedTask;
        var server = ResourceBuilder.CreateDefault().AddService("tangent", serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version!.ToString(3));
        _figures = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(server)
            .AddMeter("Tangent", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddOtlpExporter((exporter, reader) =>
            {
                Address(exporter, wish, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = wish.IntervalSeconds * 1000;
            }).Build();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(server).AddSource("Microsoft.AspNetCore")
            .AddProcessor(new WithoutAddresses()).AddOtlpExporter(exporter => Address(exporter, wish, "v1/traces")).Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _figures?.ForceFlush(5000);
        _traces?.ForceFlush(5000);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _figures?.Dispose();
        _traces?.Dispose();
    }

    /// <summary>Says in each trace which route it took and how it ended; never the address.</summary>
    public static Task NameTraceAsync(HttpContext http, RequestDelegate next)
    {
        var trace = http.Features.Get<IHttpActivityFeature>()?.Activity;
        return trace is { IsAllDataRequested: true } ? NamedAsync(http, next, trace) : next(http);
    }

    private static async Task NamedAsync(HttpContext http, RequestDelegate next, Activity trace)
    {
        trace.SetTag("http.request.method", http.Request.Method);
        await next(http);
        trace.SetTag("http.route", (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
        trace.SetTag("http.response.status_code", http.Response.StatusCode);
    }

    private static void Address(OtlpExporterOptions exporter, TelemetryOptions wish, string path)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(new Uri(wish.OtlpEndpoint.TrimEnd('/') + "/"), path);
        if (wish.OtlpHeaders.Length > 0) exporter.Headers = wish.OtlpHeaders;
    }

    /// <summary>Addresses can hold names of customers and tokens; the route says enough.</summary>
    private sealed class WithoutAddresses : BaseProcessor<Activity>
    {
        private static readonly string[] Kept = ["http.request.method", "http.response.status_code", "http.route", "url.scheme", "network.protocol.version", "error.type"];

        public override void OnEnd(Activity data)
        {
            foreach (var (name, _) in data.TagObjects.ToList())
                if (!Kept.Contains(name)) data.SetTag(name, null);
            var route = data.GetTagItem("http.route") as string;
            data.DisplayName = $"{data.GetTagItem("http.request.method")} {route}".Trim();
        }
    }
}
