namespace Tangent.Engine;

/// <summary>
/// Looks at paths as sets of touchpoints: who was where before a conversion, and Shapley's value.
/// <para>
/// With v(S) the conversions of the paths whose touchpoints all lie in S, v is the sum over the sets T that paths have of c(T) times
/// the game that is worth 1 where S contains T and else 0. Shapley's value is linear, and in such a game the members of T are alike
/// and all others add nothing, so each member gets 1 / |T|. Hence every path gives each of its different touchpoints 1 / |T| of its
/// conversions: exact, whatever the number of touchpoints.
/// </para>
/// </summary>
internal sealed unsafe class PathSetKernel(AttributionPlan plan) : PathsOfConversionsKernel(plan)
{
    private readonly Cell[] cells = new Cell[plan.Direct + 1];
    private GrowingList<int> members;
    private long paths;

    public static List<PathSetKernel> Sum(List<PathSetKernel> kernels, AttributionSums sums)
    {
        foreach (var kernel in kernels) kernel.AddTo(sums);
        return kernels;
    }

    private void AddTo(AttributionSums sums)
    {
        for (var touchpoint = 0; touchpoint < cells.Length; touchpoint++)
        {
            ref var cell = ref cells[touchpoint];
            sums.Add(AttributionModels.Shapley, touchpoint, cell.Credit, cell.Value);
            sums.AddReach(touchpoint, cell.Converters, cell.Conversions, cell.Lost);
        }
    }

    protected override void Converted(in JourneyBatch batch, in ConvertedPath path)
    {
        List(batch, path.From, path.At);
        var customer = batch.Customers[path.Run] + 1;
        var credit = 1.0 / members.Count;
        var share = path.Value / members.Count;
        foreach (var member in members.Items)
        {
            ref var cell = ref cells[member];
            cell.Credit += credit;
            cell.Value += share;
            cell.Conversions++;
            cell.Converters += cell.LastConverter != customer ? 1 : 0;
            cell.LastConverter = customer;
        }
    }

    protected override void Lost(in JourneyBatch batch, int from, int to)
    {
        List(batch, from, to);
        foreach (var member in members.Items) cells[member].Lost++;
    }

    private void List(in JourneyBatch batch, int from, int to)
    {
        members.Clear();
        paths++;
        if (from == to) members.Add(Plan.Direct);
        for (var at = from; at < to; at++)
        {
            var touchpoint = Plan.TouchpointOf[batch.Touchpoints[at]];
            if (cells[touchpoint].LastPath == paths) continue;
            cells[touchpoint].LastPath = paths;
            members.Add(touchpoint);
        }
    }

    private struct Cell
    {
        public double Credit, Value;
        public long Conversions, Lost, Converters, LastPath;
        public int LastConverter;
    }
}
