using System.Collections;

namespace Tangent.Engine;

/// <summary>
/// All journeys at one moment. Immutable: any number of threads may ask it while the table goes on; the memory it reads
/// stays until no view refers to it.
/// </summary>
public sealed unsafe class JourneyView
{
    internal JourneyView(Layer[] layers, int customers, int propertyColumns)
    {
        Layers = layers;
        Customers = customers;
        PropertyColumns = propertyColumns;
        Events = layers.Sum(layer => layer.LiveEvents);
    }

    /// <summary>Events in all journeys.</summary>
    public long Events { get; }

    /// <summary>Customer numbers are below this; customers without events are counted too.</summary>
    public int Customers { get; }

    /// <summary>Property columns of each event.</summary>
    public int PropertyColumns { get; }

    internal Layer[] Layers { get; }

    /// <summary>Who has an event, by customer number. Cost: a look at each journey, at none of its events.</summary>
    public BitArray Everybody()
    {
        var everybody = new BitArray(Customers);
        foreach (var layer in Layers)
        {
            var segment = layer.Segment;
            for (var run = 0; run < segment.Runs; run++)
                if (segment.Starts[run] < segment.Starts[run + 1] && !Bitmap.Has(layer.Hidden, run)) everybody.Set(segment.CustomerOfRun(run), true);
        }

        return everybody;
    }

    /// <summary>The segment and rows of a customer's journey; an empty range where there is none.</summary>
    internal (Segment Segment, int From, int To) Find(int customer)
    {
        for (var index = Layers.Length - 1; index >= 0 && customer >= 0; index--)
        {
            var segment = Layers[index].Segment;
            var run = segment.RunOf(customer);
            if (run >= 0 && !Bitmap.Has(Layers[index].Hidden, run)) return (segment, segment.Starts[run], segment.Starts[run + 1]);
        }

        return (Layers[0].Segment, 0, 0);
    }
}
