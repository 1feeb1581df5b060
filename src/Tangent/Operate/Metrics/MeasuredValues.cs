using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Tangent.Operate;

/// <summary>What one instrument measured under one combination of labels.</summary>
internal sealed class MeasuredSeries(double[] bounds)
{
    public double Value { get; set; }

    public long Count { get; set; }

    /// <summary>Upper ends of the buckets of a histogram.</summary>
    public double[] Bounds => bounds;

    public long[] Buckets { get; } = new long[bounds.Length];
}

/// <summary>One instrument and its series by their labels, as they are printed.</summary>
internal sealed record Measured(Instrument Instrument, double[] Bounds)
{
    // A label that takes ever new values must not fill the memory.
    private const int MostSeries = 2000;

    public ConcurrentDictionary<string, MeasuredSeries> Series { get; } = new(StringComparer.Ordinal);

    public bool IsHistogram { get; } = Instrument.GetType().Name.StartsWith("Histogram", StringComparison.Ordinal);

    public bool IsCounter { get; } = Instrument.GetType().Name is { } name && (name.StartsWith("Counter", StringComparison.Ordinal) || name.StartsWith("ObservableCounter", StringComparison.Ordinal));

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var key = PrometheusText.Labels(labels);
        if (!Series.TryGetValue(key, out var series))
        {
            if (Series.Count >= MostSeries) return;
            series = Series.GetOrAdd(key, _ => new MeasuredSeries(Bounds));
        }

        lock (series)
        {
            if (IsHistogram)
            {
                series.Count++;
                series.Value += value;
                for (var i = 0; i < Bounds.Length; i++) if (value <= Bounds[i]) series.Buckets[i]++;
            }
            else if (Instrument.IsObservable || !(IsCounter || Instrument.GetType().Name.StartsWith("UpDownCounter", StringComparison.Ordinal)))
            {
                series.Value = value;
            }
            else
            {
                series.Value += value;
            }
        }
    }
}

/// <summary>Listens to the instruments of this server and of the runtime and keeps what they measured, for whoever asks by <c>/metrics</c>.</summary>
internal sealed class MeasuredValues : IHostedService, IDisposable
{
    private static readonly string[] Meters = ["Tangent", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];
    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, Measured> _measured = [];
    private readonly Lock _collecting = new();

    public MeasuredValues(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // A meter with another owner belongs to another server of the same process.
            if (Meters.Contains(instrument.Meter.Name) && (instrument.Meter.Scope is null || instrument.Meter.Scope == meters)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<byte>((i, v, l, _) => Of(i).Record(v, l));
        _listener.SetMeasurementEventCallback<short>((i, v, l, _) => Of(i).Record(v, l));
        _listener.SetMeasurementEventCallback<int>((i, v, l, _) => Of(i).Record(v, l));
        _listener.SetMeasurementEventCallback<long>((i, v, l, _) => Of(i).Record(v, l));
        _listener.SetMeasurementEventCallback<float>((i, v, l, _) => Of(i).Record(v, l));
        _listener.SetMeasurementEventCallback<double>((i, v, l, _) => Of(i).Record(v, l));
        _listener.SetMeasurementEventCallback<decimal>((i, v, l, _) => Of(i).Record((double)v, l));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Everything measured so far, in Prometheus' text form.</summary>
    public string Print()
    {
        lock (_collecting)
        {
            _listener.RecordObservableInstruments();
            return PrometheusText.Of(_measured.Values);
        }
    }

    public void Dispose() => _listener.Dispose();

    private Measured Of(Instrument instrument) => _measured.GetOrAdd(instrument, i => new Measured(i, BoundsOf(i)));

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised],
        Histogram<double> or Histogram<float> or Histogram<long> or Histogram<int> => Seconds,
        _ => [],
    };
}
