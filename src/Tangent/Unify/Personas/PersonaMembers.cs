using System.Globalization;
using Tangent.Collect;
using Tangent.Map;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <param name="Customers">Customers it stands for.</param>
/// <param name="Of">Customers there are.</param>
/// <param name="Share">The part of them that it stands for, 0 to 1.</param>
public sealed record PersonaSize(long Customers, long Of, double Share);

/// <summary>The customers that personas stand for: those of their segment, those with their role in the buying committee, or those who are both.</summary>
internal sealed class PersonaMembers(PersonaCatalogue personas, SegmentCatalogue segments, SegmentMembers members, AccountBook book, TraitIndex traits)
{
    /// <summary>The segment of a persona; null where it has none, or where that is gone.</summary>
    public Segment? SegmentOf(Persona persona) => persona.SegmentId is { } id ? segments.All.FirstOrDefault(s => s.Id == id) : null;

    /// <summary>The personas that a filter names by their numbers.</summary>
    public Asked<List<Persona>> Named(IEnumerable<string> numbers)
    {
        List<Persona> named = [];
        foreach (var number in numbers)
        {
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || personas.Find(id) is not { } persona) return new Refusal("persona", T("Unify.Personas.Unknown", number));
            if (named.All(p => p.Id != persona.Id)) named.Add(persona);
        }

        return named;
    }

    /// <summary>The customers of all these together.</summary>
    public async Task<Asked<CustomerSet>> OfAsync(IReadOnlyList<Persona> wanted, CancellationToken ct)
    {
        var all = new HashSet<int>();
        foreach (var persona in wanted)
        {
            var asked = await OfAsync(persona, ct);
            if (asked.Refusal is not null) return asked;
            all.UnionWith(asked.Answer!.Numbers);
        }

        return new CustomerSet(all);
    }

    public async Task<Asked<CustomerSet>> OfAsync(Persona persona, CancellationToken ct)
    {
        if (persona is { SegmentId: null, Role: null }) return new Refusal("persona", T("Unify.Personas.OfNobody", persona.Name));
        CustomerSet? found = null;
        if (persona.SegmentId is not null)
        {
            if (SegmentOf(persona) is not { } segment) return new Refusal("persona", T("Unify.Personas.SegmentGone", persona.Name));
            var asked = await members.OfAsync(segment.Lines, segment.Any, ct, isSaved: true);
            if (asked.Refusal is { } refusal) return refusal with { Field = "persona" };
            found = asked.Answer;
        }

        if (persona.Role is not { } role) return found!;
        var inRole = (await book.NowAsync(ct)).Of(null).Where(m => m.Role == role).Select(m => m.Member.Customer).ToHashSet();
        if (found is not null) inRole.IntersectWith(found.Numbers);
        return new CustomerSet(inRole);
    }

    /// <summary>How many customers it stands for.</summary>
    public async Task<Asked<PersonaSize>> SizeAsync(Persona persona, CancellationToken ct)
    {
        var asked = await OfAsync(persona, ct);
        if (asked.Refusal is { } refusal) return refusal;
        var everybody = await traits.EverybodyAsync(ct);
        long size = asked.Answer!.Numbers.LongCount(n => n < everybody.Length && everybody[n]), of = SegmentMembers.Count(everybody);
        return new PersonaSize(size, of, of == 0 ? 0 : (double)size / of);
    }
}
