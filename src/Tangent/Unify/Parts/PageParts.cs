using Tangent.Collect;
using Tangent.Map;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>A choice of a select box.</summary>
public sealed record Choice(string Value, string Text);

/// <summary>A number of customers and the address of the list of exactly these.</summary>
public sealed record Count(long Customers, string Href);

/// <summary>A touchpoint with the colour of its channel; null where the catalogue does not have it.</summary>
public sealed record Mark(string Name, int? Color);

/// <summary>What every page of a question shows around its answer.</summary>
/// <param name="Choices">What the filter offers.</param>
/// <param name="Filter">The filter in words; empty where there is none.</param>
/// <param name="Api">The same data as JSON.</param>
/// <param name="Refused">Why there is no answer; null where there is one.</param>
/// <param name="Empty">No events have arrived yet.</param>
/// <param name="Nothing">There are events, but none in this filter.</param>
public sealed record Around(FilterChoices Choices, string Filter, string Api, string? Refused, bool Empty, bool Nothing);

internal static class PageParts
{
    /// <param name="journeys">The journeys.</param>
    /// <param name="asked">The answer.</param>
    /// <param name="customers">Customers with any event in the filter; null where the answer does not say.</param>
    /// <param name="filter">The filter, where it could be read.</param>
    /// <param name="address">The question, where it could be read.</param>
    public static Around Around<TAnswer>(this JourneyStore journeys, Asked<TAnswer> asked, long? customers, JourneyFilter? filter, Address? address)
        where TAnswer : class => new(
            new FilterChoices(journeys.Channels(), journeys.AllTouchpoints(), journeys.HasAccounts), filter is null ? "" : InWords(filter), address?.Api().ToString() ?? "", asked.Refusal?.Detail, journeys.Visible == 0, customers == 0);

    /// <summary>The filter as people read it: "1 Jan 2026 – 31 Jan 2026 · web · device = phone".</summary>
    public static string InWords(JourneyFilter filter)
    {
        List<string> words = [];
        if (filter is { From: { } from, To: { } to }) words.Add($"{Figures.Date(from)} – {Figures.Date(to)}");
        else if (filter.From is { } since) words.Add(T("Unify.Filter.Since", Figures.Date(since)));
        else if (filter.To is { } until) words.Add(T("Unify.Filter.Until", Figures.Date(until)));
        if (filter.Channels.Count > 0) words.Add(T("Unify.Filter.Channel", Or(filter.Channels)));
        if (filter.Sources.Count > 0) words.Add(T("Unify.Filter.Source", Or(filter.Sources)));
        if (filter.Touchpoints.Count > 0) words.Add(T("Unify.Filter.Touchpoint", Or(filter.Touchpoints)));
        words.AddRange(filter.Properties.Concat(filter.Traits).GroupBy(p => p.Name).Select(p => $"{p.Key} = {Or(p.Select(v => v.Value))}"));
        if (filter.Segments.Count > 0) words.Add(T("Unify.Filter.Segment", Or(filter.Segments)));
        if (filter.Personas.Count > 0) words.Add(T("Unify.Filter.Persona", Or(filter.Personas.Select(p => p.Name))));
        if (filter.Customers.Count > 0) words.Add(Or(filter.Customers));
        if (filter.Unit == JourneyUnit.Account) words.Add(T("Unify.Filter.Accounts"));
        return string.Join(" · ", words);
    }

    private static string Or(IEnumerable<string> values) => string.Join(" / ", values);

    public static IReadOnlyList<Choice> Choices(this IEnumerable<string> names) => [.. names.Select(n => new Choice(n, n))];
}

/// <summary>Traits in the words of people.</summary>
internal static class TraitNames
{
    private static readonly Dictionary<string, ImportField> Known = ((ImportField[])[
        ImportField.Name, ImportField.Title, ImportField.FirstName, ImportField.LastName, ImportField.Email, ImportField.Phone, ImportField.Mobile, ImportField.Street, ImportField.Postcode, ImportField.City, ImportField.Country,
        ImportField.CustomerNumber, ImportField.BirthDate, ImportField.Company, ImportField.ParentId, ImportField.JobTitle, ImportField.BuyingRole, ImportField.Website, ImportField.Industry, ImportField.Owner,
    ]).ToDictionary(ImportMapping.NameOf);

    /// <summary>The word for a trait that the program itself knows; others are as their sources call them.</summary>
    public static string Of(string trait) => Known.TryGetValue(trait, out var field) ? T("Collect.Imports.Field." + field) : trait;
}

/// <summary>Touchpoints in the colours of their channels.</summary>
internal sealed class Marks(TouchpointCatalogue catalogue)
{
    private readonly Dictionary<string, int> _colors = catalogue.Touchpoints
        .Where(t => t.Channel.Length > 0)
        .GroupBy(t => t.Name, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => ChannelColor.Of(g.First().Channel), StringComparer.Ordinal);

    public int? Color(string touchpoint) => _colors.TryGetValue(touchpoint, out var color) ? color : null;

    public Mark Of(string touchpoint) => new(touchpoint, Color(touchpoint));
}
