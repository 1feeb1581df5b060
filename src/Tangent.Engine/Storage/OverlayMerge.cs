namespace Tangent.Engine;

/// <summary>Makes one layer of several neighbouring ones, leaving out the runs that are hidden.</summary>
internal static unsafe class OverlayMerge
{
    public static Layer Merge(List<Layer> layers, int propertyColumns, byte slot)
    {
        var runs = 0;
        foreach (var layer in layers) runs += layer.Segment.Runs;
        var customers = new int[runs];
        var places = new (int Layer, int Run)[runs];
        runs = 0;
        long events = 0;
        for (var index = 0; index < layers.Count; index++)
        {
            var segment = layers[index].Segment;
            for (var run = 0; run < segment.Runs; run++)
            {
                if (Bitmap.Has(layers[index].Hidden, run)) continue;
                customers[runs] = segment.Customers[run];
                places[runs++] = (index, run);
                events += segment.Starts[run + 1] - segment.Starts[run];
            }
        }

        Array.Sort(customers, places, 0, runs);
        var merged = Segment.Allocate(runs, checked((int)events), propertyColumns);
        for (int i = 0, row = 0; i < runs; i++)
        {
            var (index, run) = places[i];
            var segment = layers[index].Segment;
            var count = segment.Starts[run + 1] - segment.Starts[run];
            merged.Customers[i] = customers[i];
            merged.CopyRows(segment, segment.Starts[run], row, count);
            merged.Starts[i + 1] = row += count;
        }

        merged.Prepare();
        return new Layer(merged, null, events, slot);
    }
}
