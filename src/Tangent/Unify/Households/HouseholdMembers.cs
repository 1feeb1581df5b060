using Microsoft.Extensions.Options;
using Tangent.Collect;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>The customers who live in a household of some size, for segments: as the list of households has them.</summary>
internal sealed class HouseholdMembers(HouseholdList list, IOptions<HouseholdOptions> options) : IFindMembers
{
    private const string Size = "size";

    public SegmentConditionKind Kind => SegmentConditionKind.Household;

    public Task<Asked<CustomerSet>> FindAsync(SegmentCondition condition, DateOnly? since, CancellationToken ct)
    {
        if (!condition.Trait.Equals(Size, StringComparison.OrdinalIgnoreCase) || condition.OfNumbers() is not { } fits) return Task.FromResult<Asked<CustomerSet>>(new Refusal("condition", T("Unify.Refusal.Household")));
        var sizes = list.Now(options.Value.MostPersons).Sizes;
        return Task.FromResult<Asked<CustomerSet>>(new CustomerSet([.. Enumerable.Range(0, sizes.Length).Where(c => sizes[c] > 0 && fits(sizes[c]))]));
    }
}
