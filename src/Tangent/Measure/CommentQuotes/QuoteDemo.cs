using Tangent.Access;
using Tangent.Collect;
using Tangent.Map;

namespace Tangent.Measure;

/// <summary>What the demo company's customers said, on the map: the version from before it and the comments that its cards stand on.</summary>
internal sealed class QuoteDemo(JourneyMapQueries maps, MapVersions versions, FeedbackFeed feed, Comments comments, CommentQuotes quotes, TouchpointCatalogue catalogue)
{
    private const int MostOfACard = 3;

    private static readonly Actor Company = new(ActorKind.Local, "demo", DemoCatalogue.Company);

    public async Task AddAsync(CancellationToken ct)
    {
        await feed.WaitUntilCurrentAsync(ct);
        foreach (var map in (await maps.ListAsync(ct)).Where(m => m.State == MapState.AsIs))
        {
            var content = MapContent.Read(map.Content);
            await versions.SaveAsync(map, "After the workshop", Company, ct);
            foreach (var card in content.Cards.Where(c => c.Evidence.Kind == EvidenceKind.Heard))
                if (catalogue.Touchpoints.FirstOrDefault(t => t.Id == content.Steps.First(s => s.Id == card.Step).Touchpoint) is { } at) await QuoteAsync(map.Id, card.Id, at.Name, ct);
        }
    }

    private async Task QuoteAsync(int map, string card, string touchpoint, CancellationToken ct)
    {
        var said = await comments.ListAsync(new CommentsQuestion(JourneyFilter.None with { Touchpoints = [touchpoint] }, Metric.Csat, "bad", null, null, new Paging(0, MostOfACard)), ct);
        foreach (var comment in said.Items)
            if (await quotes.FindAsync(comment.Position, ct) is { } found) await quotes.QuoteAsync(map, card, found, Company, ct);
    }
}
